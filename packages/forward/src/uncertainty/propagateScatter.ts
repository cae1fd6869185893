import {
  type Column,
  DataError,
  DomainError,
  IncompatibleError,
  type NumberColumn,
  type Prediction,
  type Random,
  type RunContext,
  resolveColumn,
  ShapeError,
  Table,
  type TableModel,
  takeTableRows,
} from "@materiome/core";
import { latinHypercube, normalCdf, normalQuantile, quantileSorted } from "@materiome/core/numerics";
import { mixture } from "../chain/mixture.ts";

/**
 * How an input scatters, in the unit its column has in the row given: normal about the value of the row, by standard
 * deviation or as a share of the value, cut off at `min` and `max`; anywhere within `halfWidth` of it (a tolerance);
 * as in `values` measured before; or by the inverse of a distribution function.
 */
export type InputScatter =
  | { readonly sd: number; readonly min?: number | undefined; readonly max?: number | undefined }
  | { readonly relativeSd: number; readonly min?: number | undefined; readonly max?: number | undefined }
  | { readonly halfWidth: number }
  | { readonly values: ArrayLike<number> }
  | { readonly quantile: (p: number) => number };

export interface PropagateScatterOptions extends Pick<RunContext, "threads" | "signal"> {
  /** By column name or header. Inputs scatter independently of each other. */
  readonly scatter: { readonly [input: string]: InputScatter };
  readonly random: Random;
  /** Rows drawn, in a Latin hypercube. @defaultValue 1000 */
  readonly nSamples?: number | undefined;
  /** @defaultValue 0.05, 0.25, 0.5, 0.75, 0.95 */
  readonly probabilities?: readonly number[] | undefined;
}

export interface QuantileValue {
  readonly p: number;
  readonly value: number;
}

/** One property of a batch whose inputs scatter, in its unit. */
export interface ScatteredProperty {
  readonly target: string;
  readonly unit: string;
  /** Predicted for the row as given. */
  readonly nominal: number;
  /** Of the batch; differs from `nominal` where the property bends. */
  readonly mean: number;
  /** Of a new measurement: √(sdScatter² + sdModel²); that of the scatter alone where the model gives none. */
  readonly sd: number;
  /** Standard deviation of the predicted property over the batch. */
  readonly sdScatter: number;
  /** Root mean square of the standard deviations that the model states; null where it states none. */
  readonly sdModel: number | null;
  /** sdScatter² / sd²: near 1, tighter tolerances help; near 0, a better model or test. Null without `sdModel`. */
  readonly shareOfScatter: number | null;
  /** Of the predicted property over the batch. */
  readonly scatterQuantiles: readonly QuantileValue[];
  /** Of a new measurement of a part of the batch; null where the model gives no distribution. */
  readonly quantiles: readonly QuantileValue[] | null;
  /** Standard deviation if this input alone scatters; falling. */
  readonly inputs: readonly { readonly input: string; readonly sdAlone: number }[];
}

export interface PropagatedScatter {
  readonly properties: readonly ScatteredProperty[];
  /** Share of the rows drawn that lie outside the model's domain; null where it does not say. */
  readonly shareOutside: number | null;
}

/**
 * Carries the scatter of inputs (process variation, composition tolerance, measuring error) through a model: what the
 * property of a batch will be, and how much of its spread is the batch and how much the model.
 *
 * @param row - a table of one row
 * @throws ShapeError for several rows; DataError for columns that are no numeric inputs of the model, or lack a value;
 * DomainError for scatter that is negative or not finite; what the model throws
 * @see JCGM 101:2008, Propagation of distributions using a Monte Carlo method
 * @example
 * const { properties } = await propagateScatter(model, takeTableRows(table, [0]), {
 *   scatter: { "Tempering temperature": { sd: 8 }, C: { halfWidth: 0.02 } }, random: createRandom(1),
 * });
 */
export async function propagateScatter(
  model: TableModel,
  row: Table,
  options: PropagateScatterOptions,
): Promise<PropagatedScatter> {
  const { scatter, random, nSamples = 1000, probabilities = [0.05, 0.25, 0.5, 0.75, 0.95], threads, signal } = options;
  if (row.nRows !== 1)
    throw new ShapeError(`propagateScatter: expected one row, got ${row.nRows}; take one with takeTableRows`);
  if (!(Number.isInteger(nSamples) && nSamples >= 2)) {
    throw new DomainError(`propagateScatter: nSamples must be a whole number of at least 2, got ${nSamples}`);
  }
  const wrong = probabilities.find((p) => !(p > 0 && p < 1));
  if (wrong !== undefined)
    throw new DomainError(`propagateScatter: probabilities must lie between 0 and 1, got ${wrong}`);
  const inputs = Object.entries(scatter).map(([text, how]) => {
    const column = scatteredColumn(model, row, text);
    return { column, quantile: quantileOf(column, how) };
  });
  if (inputs.length === 0) throw new DataError("propagateScatter: no input scatters; name at least one in scatter");
  const draws = latinHypercube(nSamples, inputs.length, random);
  const drawn = inputs.map(
    ({ quantile }, k) =>
      Float64Array.from({ length: nSamples }, (_, i) => quantile(draws.data[i * inputs.length + k] as number)), // k < columns
  );
  const run = { threads, signal };
  const nominal = await model.predict(row, run);
  const columns = inputs.map(({ column }) => column);
  const all = await model.predict(scatterRows(row, columns, drawn), run);
  const alone: Prediction[] = [];
  for (const [k, { column }] of inputs.entries()) {
    alone.push(
      inputs.length === 1 ? all : await model.predict(scatterRows(row, [column], [drawn[k] as Float64Array]), run),
    ); // one each
  }
  const inside = all.domain?.inDomain;
  return {
    shareOutside: inside === undefined ? null : inside.filter((flag) => flag === 0).length / nSamples,
    properties: model.targets.map(({ name, unit }, t) => {
      const means = targetColumn(all, t);
      const mean = average(means);
      const sdScatter = deviation(means);
      const stds = all.std === undefined ? undefined : targetColumn({ mean: all.std }, t);
      const sdModel = stds === undefined ? null : Math.sqrt(average(stds.map((s) => s * s)));
      const variance = sdScatter ** 2 + (sdModel ?? 0) ** 2;
      const sorted = means.slice().sort();
      const joint = all.distribution === undefined ? undefined : mixture(all.distribution, nSamples);
      return {
        target: name,
        unit,
        nominal: targetColumn(nominal, t)[0] as number, // one row
        mean,
        sd: Math.sqrt(variance),
        sdScatter,
        sdModel,
        shareOfScatter: sdModel === null || variance === 0 ? null : sdScatter ** 2 / variance,
        scatterQuantiles: probabilities.map((p) => ({ p, value: quantileSorted(sorted, p) })),
        quantiles: joint === undefined ? null : probabilities.map((p) => ({ p, value: joint.quantile(0, t, p) })),
        inputs: inputs
          .map(({ column }, k) => ({
            input: column.name,
            sdAlone: deviation(targetColumn(alone[k] as Prediction, t)), // one each
          }))
          .sort((a, b) => b.sdAlone - a.sdAlone),
      };
    }),
  };
}

function scatteredColumn(model: TableModel, row: Table, text: string): NumberColumn {
  const column = resolveColumn(row, text);
  const location = { file: row.source, column: column.name };
  if (!model.inputs.some(({ name }) => name === column.name)) {
    throw new DataError(
      `propagateScatter: the model takes no input of this name; its inputs are ${model.inputs.map(({ name }) => name).join(", ")}`,
      { location },
    );
  }
  if (column.kind !== "number") {
    throw new DataError(
      `propagateScatter: a column of kind ${column.kind} cannot scatter; give amounts as number columns`,
      { location },
    );
  }
  return column;
}

/** Value of the input at each probability. */
function quantileOf(column: NumberColumn, how: InputScatter): (p: number) => number {
  const name = `propagateScatter: "${column.name}"`;
  if ("quantile" in how) {
    return (p) => {
      const value = how.quantile(p);
      if (!Number.isFinite(value))
        throw new DomainError(`${name}: quantile(${p}) is ${value}; expected a finite number`);
      return value;
    };
  }
  if ("values" in how) {
    const sorted = Float64Array.from(how.values).sort();
    if (sorted.length === 0 || !sorted.every(Number.isFinite)) {
      throw new DomainError(`${name}: values must be finite, and at least one`);
    }
    return (p) => sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] as number;
  }
  const centre = column.valid[0] === 0 ? Number.NaN : (column.values[0] as number); // one row
  if (!Number.isFinite(centre)) {
    throw new DataError(`${name} has no value to scatter about; fill it in, or give values or a quantile function`);
  }
  const width = "halfWidth" in how ? how.halfWidth : "sd" in how ? how.sd : how.relativeSd;
  if (!(width >= 0 && Number.isFinite(width))) {
    throw new DomainError(`${name}: the scatter must be a finite number of at least 0, got ${width}`);
  }
  if ("halfWidth" in how) return (p) => centre + (2 * p - 1) * width;
  const sd = "sd" in how ? width : width * Math.abs(centre);
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = how;
  if (!(min <= centre && centre <= max)) {
    throw new DomainError(`${name}: the value ${centre} lies outside min ${min} and max ${max}`);
  }
  if (sd === 0) return () => centre;
  const [low, high] = [normalCdf((min - centre) / sd), normalCdf((max - centre) / sd)];
  return (p) => centre + sd * normalQuantile(low + p * (high - low));
}

/** The row as many times as there are values, these in place of its own. */
function scatterRows(row: Table, columns: readonly NumberColumn[], values: readonly Float64Array[]): Table {
  const n = values[0]?.length ?? 0;
  const many = takeTableRows(row, new Int32Array(n));
  const replaced = many.columns.map((column): Column => {
    const k = columns.findIndex(({ name }) => name === column.name);
    const own = values[k];
    return column.kind === "number" && own !== undefined
      ? { ...column, values: own, valid: new Uint8Array(n).fill(1) }
      : column;
  });
  return new Table(replaced, many.source, many.rowNumbers);
}

function targetColumn({ mean }: Pick<Prediction, "mean">, target: number): Float64Array {
  if (target >= mean.columns)
    throw new IncompatibleError(`propagateScatter: the model predicts ${mean.columns} targets, not ${target + 1}`);
  return Float64Array.from({ length: mean.rows }, (_, i) => mean.data[i * mean.columns + target] as number); // target < columns
}

function average(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: Float64Array): number {
  const centre = average(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
