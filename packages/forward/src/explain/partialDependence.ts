import { createMatrix, DataError, DomainError, type Matrix } from "@materiome/core";
import { inputIndex, numbersOf, presentRows, quantileGrid } from "./effects.ts";
import type { ExplainRun, Subject, SubjectInput, WideSubject } from "./subject.ts";

export interface PartialDependenceOptions extends ExplainRun {
  /** Rows whose other inputs are used. @defaultValue all */
  readonly rows?: Int32Array | undefined;
  /** Points between the smallest and the largest value, at quantiles of the rows. @defaultValue 20 */
  readonly nPoints?: number | undefined;
  /** Curves start at 0: differences from the prediction at the smallest value. @defaultValue false */
  readonly centred?: boolean | undefined;
}

export interface PartialDependence {
  readonly input: string;
  /** Ascending, in the unit of the input. */
  readonly grid: Float64Array;
  /** Mean over the rows at each point. */
  readonly mean: Float64Array;
  /** Individual conditional expectation: one curve a row, [nRows, nPoints]. */
  readonly curves: Matrix;
}

/**
 * What is predicted for the rows if one input is set to each value of a grid: curve by curve and on average. Where inputs
 * are correlated the model is asked about rows that no material has; `accumulatedLocalEffects` does not.
 *
 * @param input - name of an input that is a number
 * @throws DomainError for an unknown input or one that is no number; DataError if no row has a value
 * @see Friedman, Ann. Stat. 29, 1189 (2001), doi:10.1214/aos/1013203451
 * @see Goldstein et al., J. Comput. Graph. Stat. 24, 44 (2015), doi:10.1080/10618600.2014.907095
 * @example
 * const { grid, mean } = await partialDependence(subject, "Cr");
 */
export async function partialDependence(
  subject: Subject,
  input: string,
  options: PartialDependenceOptions = {},
): Promise<PartialDependence> {
  const { centred = false, ...rest } = options;
  const { grid, outputs } = await dependences(subject, input, rest);
  const { curves, mean } = outputs[0] as Dependence; // a subject has one output
  if (!centred) return { input, grid, mean, curves };
  const m = grid.length;
  const data = curves.data.map((y, at) => y - (curves.data[at - (at % m)] as number)); // grid is not empty
  const start = mean[0] as number;
  return { input, grid, mean: mean.map((y) => y - start), curves: { ...curves, data } };
}

/** Partial dependence of one of several outputs. */
export interface Dependence {
  readonly mean: Float64Array;
  readonly curves: Matrix;
}

/** {@link partialDependence} of all outputs on one grid. */
export async function dependences(
  subject: WideSubject,
  input: string,
  options: Omit<PartialDependenceOptions, "centred">,
): Promise<{ readonly grid: Float64Array; readonly outputs: readonly Dependence[] }> {
  const { nPoints = 20, rows: asked, ...run } = options;
  if (!(Number.isInteger(nPoints) && nPoints >= 2)) {
    throw new DomainError(`partialDependence: nPoints must be a whole number of at least 2, got ${nPoints}`);
  }
  const c = inputIndex("partialDependence", subject, input);
  const values = numbersOf("partialDependence", subject.inputs[c] as SubjectInput); // found above
  const rows = asked ?? Int32Array.from({ length: subject.nRows }, (_, i) => i);
  const present = presentRows(values, rows);
  if (present.length === 0) throw new DataError(`partialDependence: no row has a value of "${input}"`);
  const grid = quantileGrid(values, present, nPoints - 1);
  const n = rows.length;
  const m = subject.nOutputs;
  const outputs = Array.from({ length: m }, () => ({
    mean: new Float64Array(grid.length),
    curves: createMatrix(n, grid.length),
  }));
  for (const [k, value] of grid.entries()) {
    run.signal?.throwIfAborted();
    const predicted = await subject.set(rows, [{ input: c, values: new Float64Array(n).fill(value) }], run);
    for (const [at, y] of predicted.entries()) {
      const { mean, curves } = outputs[at % m] as (typeof outputs)[number]; // % m
      curves.data[Math.floor(at / m) * grid.length + k] = y;
      mean[k] = (mean[k] as number) + y / n; // k < length
    }
  }
  return { grid, outputs };
}
