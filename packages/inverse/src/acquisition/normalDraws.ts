import { createMatrix, type Matrix, type Random } from "@materiome/core";
import { normalQuantile, SOBOL_MAX_DIMENSIONS, sobol } from "@materiome/core/numerics";

/** Standard normal draws, [n, d], from scrambled Sobol points (beyond their dimensions from the stream itself). */
export function normalDraws(n: number, d: number, random: Random): Matrix {
  if (d === 0) return createMatrix(n, 0);
  if (d > SOBOL_MAX_DIMENSIONS) {
    return createMatrix(
      n,
      d,
      Float64Array.from({ length: n * d }, () => random.normal()),
    );
  }
  const { data } = sobol(n, d, random, { scramble: "owen" });
  // Sobol points lie on the lower corners of cells of width 2⁻³²; their centres keep 0 away from the quantile.
  return createMatrix(
    n,
    d,
    data.map((u) => normalQuantile(u + 2 ** -33)),
  );
}
