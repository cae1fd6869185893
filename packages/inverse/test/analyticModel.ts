import {
  type Column,
  type ColumnInfo,
  createMatrix,
  type Domain,
  type Prediction,
  type Serialized,
  type Table,
  type TableModel,
  type TargetInfo,
} from "@materiome/core";
import { normalCdf, normalQuantile } from "@materiome/core/numerics";

/** Values of one row by column name. */
export type Row = Readonly<Record<string, number | string>>;

export interface AnalyticModelOptions {
  readonly training: Table;
  readonly inputs: readonly string[];
  readonly targets: readonly TargetInfo[];
  /** Mean of each target. */
  readonly mean: (row: Row) => readonly number[];
  /** Standard deviation of a new measurement (normal). @defaultValue 10 */
  readonly std?: number | undefined;
  /** Score of a row; above 1 is outside. @defaultValue 0 everywhere */
  readonly domainScore?: ((row: Row) => number) | undefined;
  readonly omit?: "distribution" | "domain" | undefined;
}

/** A model that is a formula: normal predictive distribution around a known mean, with a known domain. */
export function analyticModel(options: AnalyticModelOptions): TableModel & { readonly calls: number[] } {
  const { training, targets, std = 10, domainScore = () => 0 } = options;
  const inputs: ColumnInfo[] = options.inputs.map((name) => {
    const { role, unit } = training.column(name);
    return { name, role, unit };
  });
  const calls: number[] = [];
  const predict = async (table: Table): Promise<Prediction> => {
    calls.push(table.nRows);
    const rows = rowsOf(table, options.inputs);
    const mean = createMatrix(rows.length, targets.length, Float64Array.from(rows.flatMap((row) => options.mean(row))));
    const score = Float64Array.from(rows, domainScore);
    const domain: Domain = {
      inDomain: Uint8Array.from(score, (s) => Number(s <= 1)),
      score,
      reason: (i) => ((score[i] ?? 0) > 1 ? "too far from the training rows" : undefined),
    };
    const at = (row: number, target: number): number => mean.data[row * targets.length + target] ?? Number.NaN;
    const distribution = {
      cdf: (row: number, target: number, value: number) => normalCdf((value - at(row, target)) / std),
      quantile: (row: number, target: number, p: number) => at(row, target) + std * normalQuantile(p),
    };
    return {
      kind: "regression",
      mean,
      uncertainty: "total",
      ...(options.omit === "distribution" ? {} : { distribution }),
      ...(options.omit === "domain" ? {} : { domain }),
    };
  };
  const toJSON = (): Serialized => ({ type: "test/analytic", version: 1, params: null, state: null });
  return { module: import.meta.url, inputs, targets, training, predict, toJSON, calls };
}

/** Rows of a table; a missing input is an error of the caller. */
export function rowsOf(table: Table, names: readonly string[]): Row[] {
  const columns = names.map((name) => table.column(name));
  return Array.from({ length: table.nRows }, (_, i) =>
    Object.fromEntries(columns.map((column) => [column.name, valueIn(column, i)])),
  );
}

function valueIn(column: Column, i: number): number | string {
  if (column.kind === "number") return column.values[i];
  if (column.kind === "category") return column.labels[column.codes[i]];
  return column.texts[i] ?? "";
}
