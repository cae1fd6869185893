import { reflectIndex } from "./reflectIndex.ts";

/**
 * Mean and standard deviation (divisor n) over a (2·radius + 1)² window with reflected borders, by running sums in double
 * precision about `origin`, which should lie near the mean. Cost does not depend on the radius.
 *
 * Done for the rows `from` … `to` − 1 of an image of `height`, bands from top to bottom: `sums` and `squares`, one value a column,
 * carry the sums on from band to band and are 0 before the first. `input` holds the rows from `top` on, radius + 1 more than the band on
 * either side where the image has them.
 */
export function localMoments(
  width: number,
  height: number,
  from: number,
  to: number,
  top: number,
  input: Float32Array,
  radius: number,
  origin: number,
  sums: Float64Array,
  squares: Float64Array,
  mean: Float32Array,
  deviation: Float32Array,
): void {
  const padded = width + 2 * radius + 1;
  const columnSum = new Float64Array(padded);
  const columnSquares = new Float64Array(padded);
  const source = new Int32Array(padded);
  for (let k = 0; k < padded; k++) source[k] = reflectIndex(k - radius, width);
  const scale = 1 / ((2 * radius + 1) * (2 * radius + 1));
  for (let dy = from === 0 ? -radius : radius + 1; dy <= radius; dy++) {
    const row = (reflectIndex(dy, height) - top) * width;
    for (let x = 0; x < width; x++) {
      const v = input[row + x] - origin;
      sums[x] += v;
      squares[x] += v * v;
    }
  }
  for (let y = from; y < to; y++) {
    const row = (y - from) * width;
    for (let k = 0; k < padded; k++) {
      columnSum[k] = sums[source[k]];
      columnSquares[k] = squares[source[k]];
    }
    let sum = 0;
    let square = 0;
    for (let k = 0; k < 2 * radius + 1; k++) {
      sum += columnSum[k];
      square += columnSquares[k];
    }
    for (let x = 0; x < width; x++) {
      const m = sum * scale;
      const variance = square * scale - m * m;
      mean[row + x] = m + origin;
      deviation[row + x] = variance > 0 ? Math.sqrt(variance) : 0;
      sum += columnSum[x + 2 * radius + 1] - columnSum[x];
      square += columnSquares[x + 2 * radius + 1] - columnSquares[x];
    }
    const add = (reflectIndex(y + radius + 1, height) - top) * width;
    const drop = (reflectIndex(y - radius, height) - top) * width;
    for (let x = 0; x < width; x++) {
      const a = input[add + x] - origin;
      const d = input[drop + x] - origin;
      sums[x] += a - d;
      squares[x] += a * a - d * d;
    }
  }
}
