import { createMatrix, DataError, DomainError, type Matrix } from "@materiome/core";
import { inputIndex, numbersOf, presentRows, quantileGrid } from "./effects.ts";
import type { ExplainRun, Subject } from "./subject.ts";

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
  const { nPoints = 20, centred = false, rows: asked, ...run } = options;
  if (!(Number.isInteger(nPoints) && nPoints >= 2)) {
    throw new DomainError(`partialDependence: nPoints must be a whole number of at least 2, got ${nPoints}`);
  }
  const c = inputIndex("partialDependence", subject, input);
  const values = numbersOf("partialDependence", subject.inputs[c] as Subject["inputs"][number]); // found above
  const rows = asked ?? Int32Array.from({ length: subject.nRows }, (_, i) => i);
  const present = presentRows(values, rows);
  if (present.length === 0) throw new DataError(`partialDependence: no row has a value of "${input}"`);
  const grid = quantileGrid(values, present, nPoints - 1);
  const n = rows.length;
  const curves = createMatrix(n, grid.length);
  const mean = new Float64Array(grid.length);
  for (const [k, value] of grid.entries()) {
    run.signal?.throwIfAborted();
    const predicted = await subject.set(rows, [{ input: c, values: new Float64Array(n).fill(value) }], run);
    for (const [i, y] of predicted.entries()) curves.data[i * grid.length + k] = y;
  }
  for (let i = 0; i < n; i++) {
    const curve = curves.data.subarray(i * grid.length, (i + 1) * grid.length);
    const start = centred ? (curve[0] as number) : 0; // grid is not empty
    for (const [k, y] of curve.entries()) {
      curve[k] = y - start;
      mean[k] = (mean[k] as number) + (y - start) / n; // k < length
    }
  }
  return { input, grid, mean, curves };
}
