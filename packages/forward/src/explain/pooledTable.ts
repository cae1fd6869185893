import {
  type Column,
  columnTexts,
  concatTables,
  convertUnit,
  countPresent,
  createCategoryColumn,
  createNumberColumn,
  createTextColumn,
  deriveColumn,
  type FeatureMatrix,
  isConvertible,
  resolveColumn,
  Table,
  type TableModel,
  takeRows,
  takeTableRows,
} from "@materiome/core";
import type { TableEncoder } from "@materiome/core/features";
import { mixFeatures } from "./matrixSubject.ts";
import type { EncodedInputs, ExplainRun, Setting, SubjectInput, WideSubject } from "./subject.ts";

/** Rows of a table followed by those that a model was trained on: its input columns, in its units. */
export interface PooledTable {
  readonly table: Table;
  readonly inputs: readonly SubjectInput[];
  readonly nRows: number;
  /** Rows of the given table. */
  readonly rows: Int32Array;
  /** Rows the model was trained on. */
  readonly training: Int32Array;
}

/** Predictions of rows put together or set. */
export type Asked = Pick<WideSubject, "mix" | "set" | "encoded">;

/**
 * @throws DataError for a column that is missing or of another kind
 * @throws UnitError for a column whose unit does not convert
 */
export function poolTable(model: Pick<TableModel, "inputs" | "training">, table: Table): PooledTable {
  const training = new Table(model.inputs.map(({ name }) => model.training.column(name)));
  const pooled = concatTables([alignInputs(table, training), training]);
  return {
    table: pooled,
    inputs: model.inputs.map(({ name }): SubjectInput => describeInput(pooled.column(name))),
    nRows: pooled.nRows,
    rows: Int32Array.from({ length: table.nRows }, (_, i) => i),
    training: Int32Array.from({ length: training.nRows }, (_, i) => table.nRows + i),
  };
}

/** Asks a model that takes tables. */
export function askByTable(
  { table, inputs }: PooledTable,
  predict: (rows: Table, run?: ExplainRun) => Promise<Float64Array>,
): Asked {
  const ask = async (rows: Table, run?: ExplainRun): Promise<Float64Array> =>
    rows.nRows === 0 ? new Float64Array(0) : predict(rows, run);
  return {
    mix: (sources, run) => ask(mixColumns(table, sources), run),
    set: (rows, settings, run) => ask(setColumns(takeTableRows(table, rows), inputs, settings), run),
  };
}

/** Asks a model that takes features, each of which comes from one column: columns are mixed after encoding. */
export function askByFeatures(
  { table, inputs }: PooledTable,
  encoder: TableEncoder,
  x: FeatureMatrix,
  player: Int32Array,
  predict: EncodedInputs["predict"],
): Asked {
  const isDerived = ({ name }: SubjectInput): boolean => !["number", "category"].includes(table.column(name).kind);
  const derived = Array.from(inputs.keys()).filter((c) => isDerived(inputs[c] as SubjectInput)); // c < length
  const sets = inputs.map((_, c) => Array.from(player.keys()).filter((f) => player[f] === c));
  return {
    encoded: { x, player, derived, predict },
    mix: (sources, run) => predict(mixFeatures(x, sets, sources), run),
    set: async (rows, settings, run) => {
      const changed = takeRows(x, rows);
      for (const { input, values } of settings) {
        const different = Float64Array.from(new Set(values));
        const at = new Map(Array.from(different, (value, k) => [value, k]));
        const template = takeTableRows(table, new Int32Array(different.length));
        const encoded = encoder.encode(setColumns(template, inputs, [{ input, values: different }]));
        for (const [k, value] of values.entries()) {
          const from = (at.get(value) as number) * x.columns; // every value has one
          for (const f of sets[input] ?? []) changed.data[k * x.columns + f] = encoded.data[from + f] as number;
        }
      }
      return predict(changed, run);
    },
  };
}

/** Input of each feature; undefined if a feature is made of several columns. */
export function columnOfFeature(x: FeatureMatrix, inputs: readonly SubjectInput[]): Int32Array | undefined {
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
