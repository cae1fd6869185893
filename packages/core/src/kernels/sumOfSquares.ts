/** Σ (x_i − centre)² over `n` values starting at `offset`. */
export function sumOfSquares(n: number, x: Float64Array, offset: number, centre: number): number {
  let sum = 0;
  for (let i = offset; i < offset + n; i++) {
    const d = x[i] - centre;
    sum += d * d;
  }
  return sum;
}
