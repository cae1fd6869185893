import type { Matrix } from "../../matrix/matrix.ts";
import { linalgEngine } from "../linalg/linalgEngine.ts";

/**
 * Squared Euclidean distances of all pairs of n points, Σ_c (x_ci − x_cj)², packed by rows of the lower triangle: pair (i, j ≤ i) is at
 * i (i + 1) / 2 + j. Differences are taken before they are squared and summed in the order of the coordinates; NaN makes its pairs NaN.
 *
 * @param x coordinate by coordinate, shape [coordinates, n]
 * @returns shape [n (n + 1) / 2]
 * @throws DomainError if more than 4 GiB would be needed
 * @example
 * pairDistances(createMatrix(2, 2, Float64Array.of(0, 3, 0, 4))); // Float64Array [ 0, 25, 0 ]
 */
export function pairDistances({ rows, columns, data }: Matrix): Float64Array {
  const nPairs = (columns * (columns + 1)) / 2;
  return linalgEngine.use("pairDistances", [data.length, nPairs], (wasm, [x = 0, out = 0], view) => {
    view(x, data.length).set(data);
    wasm.pairDistances(columns, rows, x, out);
    return view(out, nPairs).slice();
  });
}
