import { createMatrix, type Matrix } from "@materiome/core";

/**
 * Learns mean and standard deviation of each column; gives a function that scales rows to mean 0 and variance 1. Constant
 * columns become 0, a missing value stands at the mean.
 */
export function standardiseFeatures(x: Matrix): (rows: Matrix) => Matrix {
  const { rows: n, columns: d, data } = x;
  const mean = new Float64Array(d);
  const factor = new Float64Array(d);
  for (let f = 0; f < d; f++) {
    let count = 0;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const value = data[i * d + f] as number; // f < d
      if (Number.isNaN(value)) continue;
      count++;
      sum += value;
    }
    const centre = count === 0 ? 0 : sum / count;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const value = data[i * d + f] as number;
      if (!Number.isNaN(value)) squares += (value - centre) ** 2;
    }
    const deviation = Math.sqrt(squares / Math.max(1, count));
    mean[f] = centre;
    factor[f] = deviation > 1e-12 * Math.abs(centre) ? 1 / deviation : 0;
  }
  return (rows) =>
    createMatrix(
      rows.rows,
      d,
      rows.data.map(
        (value, at) => (Number.isNaN(value) ? 0 : (value - (mean[at % d] as number)) * (factor[at % d] as number)), // at % d < d
      ),
    );
}
