/** By how much the error grows when inputs are shuffled, in units of the target, with what the choice of rows leaves open. */
export interface ErrorIncrease {
  readonly maeIncrease: number;
  readonly maeStandardError: number;
  readonly rmseIncrease: number;
  readonly rmseStandardError: number;
}

/** By how much the error of each row grows with inputs shuffled, mean over the repeats; 0 where the prediction stays. */
export interface ErrorGrowth {
  readonly absolute: Float64Array;
  readonly square: Float64Array;
}

/** Adds what one of `repeats` shuffles makes of the errors. */
export function addGrowth(growth: ErrorGrowth, errors: Float64Array, shuffled: Float64Array, repeats: number): void {
  const { absolute, square } = growth;
  for (const [i, before] of errors.entries()) {
    const after = shuffled[i] as number; // one per row
    absolute[i] = (absolute[i] as number) + (Math.abs(after) - Math.abs(before)) / repeats;
    square[i] = (square[i] as number) + (after * after - before * before) / repeats;
  }
}

/**
 * Standard errors from the scatter of the rows' own increases, of whole groups where there are groups; for the root mean square
 * by its linearisation.
 *
 * @param errors - predicted − measured of each row as it is
 * @param groups - rows of one code belong together
 */
export function errorIncrease(
  errors: Float64Array,
  { absolute, square }: ErrorGrowth,
  groups: Int32Array | undefined,
): ErrorIncrease {
  const n = errors.length;
  const shuffled = errors.map((e, i) => e * e + (square[i] as number)); // one per row
  const before = Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / n);
  const after = Math.sqrt(shuffled.reduce((sum, e) => sum + e, 0) / n);
  const half = (value: number, root: number): number => (root > 0 ? value / (2 * root) : 0);
  const linear = errors.map((e, i) => half(shuffled[i] as number, after) - half(e * e, before));
  return {
    maeIncrease: absolute.reduce((sum, v) => sum + v, 0) / n,
    maeStandardError: standardErrorOfMean(absolute, groups),
    rmseIncrease: after - before,
    rmseStandardError: standardErrorOfMean(linear, groups),
  };
}

/** Of the mean of values whose groups are drawn whole. */
export function standardErrorOfMean(values: Float64Array, groups: Int32Array | undefined): number {
  const n = values.length;
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  const sums = new Map<number, number>();
  for (const [i, value] of values.entries()) {
    const group = groups === undefined ? i : (groups[i] as number); // one per row
    sums.set(group, (sums.get(group) ?? 0) + value - mean);
  }
  const nGroups = sums.size;
  if (nGroups < 2) return Number.NaN;
  let squares = 0;
  for (const sum of sums.values()) squares += sum * sum;
  return Math.sqrt((squares * nGroups) / (nGroups - 1)) / n;
}
