import {
  type Column,
  columnTexts,
  concatTables,
  convertUnit,
  countPresent,
  createCategoryColumn,
  createNumberColumn,
  createTextColumn,
  DataError,
  deriveColumn,
  type FeatureMatrix,
  isConvertible,
  type RegressionModel,
  resolveColumn,
  Table,
  type TableModel,
  takeRows,
  takeTableRows,
} from "@materiome/core";
import type { PropertyModel } from "../property/propertyModel.ts";
import { refuseMissing } from "../property/refuseMissing.ts";
import { exactShap } from "./exactShap.ts";
import { mixFeatures, predictMean } from "./matrixSubject.ts";
import type { ExplainRun, Setting, Subject, SubjectInput } from "./subject.ts";

export interface TableSubjectOptions {
  /** Target column. @defaultValue the model's only one */
  readonly target?: string | undefined;
}

/** A subject whose rows are those of a table followed by the training rows of the model. */
export interface TableSubject extends Subject {
  /** Rows of the table. */
  readonly rows: Int32Array;
  /** Rows the model was trained on. */
  readonly training: Int32Array;
}

/**
 * A table model beside a table and its own training rows, to be explained by input column, in the units of the model.
 *
 * @throws DataError for a column that is missing or of another kind, a target the model does not predict, or a missing value
 * where the model takes none
 * @throws UnitError for a column whose unit does not convert
 * @example
 * const subject = tableSubject(model, table);
 * const { values } = await shapleyValues(subject, subject.rows, subject.training, { random });
 */
export function tableSubject(model: TableModel, table: Table, options: TableSubjectOptions = {}): TableSubject {
  const t = targetIndex(model, options.target);
  const target = model.targets[t] as TableModel["targets"][number]; // t < length
  const training = new Table(model.inputs.map(({ name }) => model.training.column(name)));
  const single = (model as Partial<PropertyModel>).models?.[t];
  const own = single === undefined ? undefined : (model as PropertyModel);
  own?.encoder.encode(table); // says as `predict` does what does not fit
  const aligned = alignInputs(table, training);
  const pooled = concatTables([aligned, training]);
  const inputs = model.inputs.map(({ name }): SubjectInput => describeInput(pooled.column(name)));
  const parts = {
    target,
    inputs,
    nRows: pooled.nRows,
    rows: Int32Array.from({ length: table.nRows }, (_, i) => i),
    training: Int32Array.from({ length: training.nRows }, (_, i) => table.nRows + i),
  };
  const predictTable = async (rows: Table, run?: ExplainRun): Promise<Float64Array> => {
    if (rows.nRows === 0) return new Float64Array(0);
    if (own !== undefined && single !== undefined) return predictMean(single, own.encoder.encode(rows), run);
    const { mean } = await model.predict(rows, run);
    return Float64Array.from({ length: rows.nRows }, (_, i) => mean.data[i * mean.columns + t] as number);
  };
  if (own !== undefined && single !== undefined) {
    const x = own.encoder.encode(pooled);
    if ((single as { predictor?: { allowsMissing: boolean } }).predictor?.allowsMissing === false) {
      refuseMissing(new Table(pooled.columns, table.source, pooled.rowNumbers), x);
    }
    const player = columnOfFeature(x, inputs);
    if (player !== undefined) return { ...parts, ...byFeatures(own, single, pooled, x, player, inputs) };
  }
  return {
    ...parts,
    mix: (sources, run) => predictTable(mixColumns(pooled, sources), run),
    set: (rows, settings, run) => predictTable(setColumns(takeTableRows(pooled, rows), inputs, settings), run),
    exact: async () => undefined,
  };
}

/** Where every feature comes from one column, columns are mixed after encoding, and contributions may have a closed form. */
function byFeatures(
  { encoder }: PropertyModel,
  model: RegressionModel,
  pooled: Table,
  x: FeatureMatrix,
  player: Int32Array,
  inputs: readonly SubjectInput[],
): Pick<Subject, "mix" | "set" | "exact"> {
  const sets = inputs.map((_, c) => Array.from(player.keys()).filter((f) => player[f] === c));
  return {
    mix: (sources, run) => predictMean(model, mixFeatures(x, sets, sources), run),
    set: async (rows, settings, run) => {
      const changed = takeRows(x, rows);
      for (const { input, values } of settings) {
        const different = Float64Array.from(new Set(values));
        const at = new Map(Array.from(different, (value, k) => [value, k]));
        const template = takeTableRows(pooled, new Int32Array(different.length));
        const encoded = encoder.encode(setColumns(template, inputs, [{ input, values: different }]));
        for (const [k, value] of values.entries()) {
          const from = (at.get(value) as number) * x.columns; // every value has one
          for (const f of sets[input] ?? []) changed.data[k * x.columns + f] = encoded.data[from + f] as number;
        }
      }
      return predictMean(model, changed, run);
    },
    exact: (rows, background, run = {}) =>
      exactShap(model, takeRows(x, rows), takeRows(x, background), player, inputs.length, run),
  };
}

/** Input of each feature; undefined if a feature is made of several columns. */
function columnOfFeature(x: FeatureMatrix, inputs: readonly SubjectInput[]): Int32Array | undefined {
  const at = new Map(inputs.map(({ name }, c) => [name, c]));
  const player = new Int32Array(x.columns);
  for (const [f, { source }] of x.features.entries()) {
    const [only, ...more] = source;
    const c = only === undefined ? undefined : at.get(only);
    if (c === undefined || more.length > 0) return undefined;
    player[f] = c;
  }
  return player;
}

function targetIndex(model: TableModel, name: string | undefined): number {
  const names = model.targets.map((target) => target.name);
  const known = names.map((text) => `"${text}"`).join(", ");
  if (name === undefined) {
    if (names.length === 1) return 0;
    throw new DataError(`the model predicts ${known}; say which is to be explained`);
  }
  const t = names.indexOf(name);
  if (t < 0) throw new DataError(`the model does not predict "${name}"; it predicts ${known}`);
  return t;
}

/** The input columns of a table, named, of the kind and in the unit of the training table. */
function alignInputs(table: Table, training: Table): Table {
  const columns = training.columns.map((wanted): Column => {
    const column = resolveColumn(table, wanted.name);
    const { name, role, unit } = wanted;
    if (countPresent(column) === 0) return missingColumn(wanted, table.nRows);
    // A column of labels such as "304" is read as numbers where all of them are.
    if (wanted.kind === "category") return createCategoryColumn(name, columnTexts(column), { role, unit });
    if (wanted.kind !== "number") return { ...column, name };
    // Other kinds and units are refused by concatTables, which names them.
    if (column.kind !== "number" || !isConvertible(column.unit, unit)) return { ...column, name };
    return createNumberColumn(name, convertUnit(column.values, column.unit, unit), { role, unit }, column.valid);
  });
  return new Table(columns, table.source, table.rowNumbers);
}

/** Of the kind of a column, without any value. */
function missingColumn(column: Column, n: number): Column {
  const { name, role, unit } = column;
  switch (column.kind) {
    case "number":
      return createNumberColumn(name, new Float64Array(n).fill(Number.NaN), { role, unit });
    case "category":
      return createCategoryColumn(name, new Array<undefined>(n).fill(undefined), { role, unit });
    default:
      return createTextColumn(name, new Array<undefined>(n).fill(undefined), { role, unit, kind: column.kind });
  }
}

function describeInput(column: Column): SubjectInput {
  const { name, unit } = column;
  if (column.kind !== "number") return { name, unit, values: undefined, texts: columnTexts(column) };
  const values = column.values.map((value, i) => (column.valid[i] === 0 ? Number.NaN : value));
  return { name, unit, values, texts: undefined };
}

function mixColumns(pooled: Table, sources: readonly Int32Array[]): Table {
  const columns = pooled.columns.map((column, c) => {
    const part = takeTableRows(new Table([column]), sources[c] as Int32Array); // one per column
    return part.column(column.name);
  });
  return new Table(columns, pooled.source);
}

function setColumns(rows: Table, inputs: readonly SubjectInput[], settings: readonly Setting[]): Table {
  let changed = rows;
  for (const { input, values } of settings) {
    const { role, unit, name } = rows.number((inputs[input] as SubjectInput).name); // an index of inputs
    changed = deriveColumn(changed, createNumberColumn(name, values, { role, unit }));
  }
  return changed;
}
