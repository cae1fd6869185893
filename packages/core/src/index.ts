export {
  ConvergenceError,
  DataError,
  type DataLocation,
  DomainError,
  FormatError,
  IncompatibleError,
  InfeasibleError,
  isMateriomeError,
  MateriomeError,
  type MateriomeErrorOptions,
  ShapeError,
  UnitError,
} from "./errors/errors.ts";
export { TableFormatError, type TableProblem } from "./errors/problemList.ts";
export { isDiskFull } from "./files/isDiskFull.ts";
export { isHeldOpen, retryWhileOpen, retryWhileOpenSync } from "./files/retryWhileOpen.ts";
export {
  cannotWrite,
  commitTemporaryFile,
  removeTemporaryFiles,
  temporaryPathFor,
  writeFileAtomic,
  writeFileAtomicSync,
} from "./files/writeAtomic.ts";
export { StoredReader } from "./json/stored.ts";
export {
  type ArrayType,
  decodeArray,
  type EncodableArray,
  type EncodedArray,
  encodeArray,
} from "./json/typedArrays.ts";
export {
  type AnyModel,
  type BatchSource,
  type BatchTarget,
  type Classes,
  type Conditionable,
  type ImageBatch,
  type JointPosterior,
  type Learner,
  type LearnerCapability,
  type Model,
  type ModelReader,
  type PixelLearner,
  type PlanePredict,
  type PosteriorGradient,
  type RegressionModel,
  type Regressor,
  type RowInfo,
  type Segmenter,
  type SegmenterLearner,
  type SegmentVariance,
  type SyncPredict,
  supportsConditioning,
  supportsJointPosterior,
  supportsPlanePredict,
  supportsPosteriorGradient,
  supportsSegmentVariance,
  supportsSyncPredict,
  type Targets,
} from "./learner/learner.ts";
export type { Json, Portable, Serialized } from "./learner/portable.ts";
export type { ClassPrediction, Domain, Prediction, PredictiveDistribution } from "./learner/prediction.ts";
export {
  type HeldOutPredictions,
  supportsHeldOut,
  type TableModel,
  type TargetInfo,
} from "./learner/tableModel.ts";
export { createMatrix, type Feature, type FeatureMatrix, type Matrix, takeRows } from "./matrix/matrix.ts";
export { createRandom, type Random } from "./random/random.ts";
export { shuffle } from "./random/shuffle.ts";
export {
  type CreateRasterOptions,
  createRaster,
  type LabelMap,
  type Raster,
  type RasterData,
} from "./raster/raster.ts";
export type { Delimiter } from "./reading/detectDelimiter.ts";
export type { TextEncodingName } from "./reading/encoding.ts";
export { readTable } from "./reading/readTable.ts";
export { readTableFile } from "./reading/readTableFile.ts";
export type {
  ReadReport,
  ReadTableFileOptions,
  ReadTableOptions,
  TableFileFormat,
} from "./reading/readTableOptions.ts";
export { validateTable } from "./reading/validateTable.ts";
export type { AbortLike, Progress, RunContext } from "./run/run.ts";
export { checkFinite, type FindNonFiniteOptions, findNonFinite, type NonFiniteCell } from "./samples/checkFinite.ts";
export type { ColumnTolerance } from "./samples/comparedColumns.ts";
export { type ColumnSummary, describeTable, type TableSummary } from "./samples/describeTable.ts";
export {
  type DuplicateRows,
  type EqualRows,
  type FindDuplicateRowsOptions,
  findDuplicateRows,
  type NearRows,
  type OutputConflict,
} from "./samples/findDuplicateRows.ts";
export {
  type Disagreement,
  type MergedReplicates,
  type MergeReplicatesOptions,
  mergeReplicates,
  type ReplicateScatter,
} from "./samples/mergeReplicates.ts";
export { type AggregateRowsOptions, aggregateRows } from "./table/aggregateRows.ts";
export { applySchema } from "./table/applySchema.ts";
export {
  type CategoryColumn,
  type CellNotation,
  COLUMN_ROLES,
  type Column,
  type ColumnInfo,
  type ColumnKind,
  type ColumnRole,
  type NumberColumn,
  type RoleSource,
  type TextColumn,
} from "./table/column.ts";
export {
  type CreateColumnOptions,
  createCategoryColumn,
  createNumberColumn,
  createTextColumn,
} from "./table/columns.ts";
export { columnTexts, countPresent, isPresent } from "./table/columnTexts.ts";
export { type ConcatTablesOptions, concatTables } from "./table/concatTables.ts";
export { type ConvertColumnsOptions, convertColumns, restoreUnits } from "./table/convertColumns.ts";
export { deriveColumn, deriveNumbers } from "./table/deriveColumn.ts";
export { type DerivedGroups, type DeriveGroupsOptions, deriveGroups } from "./table/deriveGroups.ts";
export { dropColumns } from "./table/dropColumns.ts";
export { type DropMissingRowsOptions, dropMissingRows } from "./table/dropMissingRows.ts";
export { filterRows } from "./table/filterRows.ts";
export { formatSchema } from "./table/formatSchema.ts";
export { groupRows, type RowGroups } from "./table/groupRows.ts";
export { type ParsedHeader, parseHeader } from "./table/header.ts";
export { type InputColumnsOptions, inputColumnsFor } from "./table/inputColumns.ts";
export { type JoinedTables, type JoinTablesOptions, joinTables, type UnmatchedKey } from "./table/joinTables.ts";
export { type MeltColumnsOptions, meltColumns } from "./table/meltColumns.ts";
export type { DecimalSign } from "./table/numberText.ts";
export { type PivotRowsOptions, pivotRows } from "./table/pivotRows.ts";
export { renameColumns } from "./table/renameColumns.ts";
export { resolveColumn } from "./table/resolveColumn.ts";
export { rowAt } from "./table/rowAt.ts";
export { type ColumnSchema, readSchema, schemaOf, type TableSchema } from "./table/schema.ts";
export { selectColumns } from "./table/selectColumns.ts";
export { type SortKey, sortRows } from "./table/sortRows.ts";
export type { NumberSummary } from "./table/summarize.ts";
export { Table } from "./table/table.ts";
export { tableFromJSON, tableToJSON } from "./table/tableJson.ts";
export type { TableNotation } from "./table/tableNotation.ts";
export { takeTableRows } from "./table/takeTableRows.ts";
export {
  type CanonicalUnitsResult,
  type KeptUnit,
  type ToCanonicalUnitsOptions,
  toCanonicalUnits,
  type UnitChange,
} from "./table/toCanonicalUnits.ts";
export { writeTable } from "./table/writeTable.ts";
export { nearestNames } from "./text/nearestNames.ts";
export { type CanonicalUnit, canonicalUnitFor, ENGINEERING_UNITS, SI_UNITS } from "./units/canonicalUnits.ts";
export { absoluteUnit, type ComposedUnit, multiplyUnits, powerOfUnit } from "./units/composeUnits.ts";
export { convertDifference, convertUnit, isConvertible } from "./units/convertUnit.ts";
export { displayUnit } from "./units/displayUnit.ts";
export { GAS_CONSTANT_J_PER_MOL_K } from "./units/gasConstant.ts";
export { canonicalUnitText, isKnownUnit, parseUnit, type Unit } from "./units/unit.ts";
export { closeWorkers, type RunTasksOptions, runTasks } from "./workers/runTasks.ts";
export type { TaskFunction } from "./workers/task.worker.ts";
