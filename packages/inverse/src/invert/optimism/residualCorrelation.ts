import { createMatrix, type Matrix } from "@materiome/core";
import { normalQuantile } from "@materiome/core/numerics";

/** Fewer rows than this tell no correlation worth using: its standard error would be above 0.2. */
export const LEAST_ROWS = 25;

/**
 * Correlation between the errors of several targets, from rows held out: Pearson's correlation of normal scores of the residuals
 * (van der Waerden), which is what a Gaussian copula needs and heavy tails do not disturb. Rows in which any of the targets lacks
 * are left out.
 *
 * @param residuals - [n, m], measured − predicted; NaN where there is none
 * @returns undefined where fewer than 25 rows are complete
 */
export function residualCorrelation(residuals: Matrix): Matrix | undefined {
  const { rows, columns: m, data } = residuals;
  const complete = Array.from({ length: rows }, (_, i) => i).filter((i) =>
    data.subarray(i * m, (i + 1) * m).every(Number.isFinite),
  );
  const n = complete.length;
  if (n < LEAST_ROWS) return undefined;
  const scores = Array.from({ length: m }, (_, k) => {
    const value = (i: number): number => data[(complete[i] ?? 0) * m + k] ?? Number.NaN;
    const order = complete.map((_, i) => i).sort((a, b) => value(a) - value(b));
    const score = new Float64Array(n);
    for (const [rank, i] of order.entries()) score[i] = normalQuantile((rank + 1) / (n + 1));
    return score;
  });
  // Scores of distinct ranks have mean 0 and one common sum of squares.
  const squares = scores[0]?.reduce((sum, s) => sum + s * s, 0) ?? 1;
  const entry = (k: number, l: number): number =>
    k === l ? 1 : (scores[k]?.reduce((sum, s, i) => sum + s * (scores[l]?.[i] ?? 0), 0) ?? 0) / squares;
  return createMatrix(
    m,
    m,
    Float64Array.from(
      { length: m * m },
      (_, at) => 0.999 * entry(Math.floor(at / m), at % m) + (at % (m + 1) ? 0 : 0.001),
    ),
  );
}
