import { reflectIndex } from "./reflectIndex.ts";

/**
 * Mean over a (2·radius + 1)² window with reflected borders, by running sums: cost independent of the radius.
 * Three passes approximate a Gaussian of variance ((2r + 1)² − 1) / 4. `out` may be `input`.
 */
export function boxBlur(
  width: number,
  height: number,
  input: Float32Array,
  radius: number,
  scratch: Float32Array,
  out: Float32Array,
): void {
  const scale = 1 / (2 * radius + 1);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let sum = 0;
    for (let i = -radius; i <= radius; i++) sum += input[row + reflectIndex(i, width)];
    for (let x = 0; x < width; x++) {
      scratch[row + x] = sum * scale;
      const add = x + radius + 1;
      const drop = x - radius;
      sum +=
        input[row + (add < width ? add : reflectIndex(add, width))] -
        input[row + (drop >= 0 ? drop : reflectIndex(drop, width))];
    }
  }
  const sums = new Float64Array(width);
  for (let i = -radius; i <= radius; i++) {
    const row = reflectIndex(i, height) * width;
    for (let x = 0; x < width; x++) sums[x] += scratch[row + x];
  }
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const add = reflectIndex(y + radius + 1, height) * width;
    const drop = reflectIndex(y - radius, height) * width;
    for (let x = 0; x < width; x++) {
      out[row + x] = sums[x] * scale;
      sums[x] += scratch[add + x] - scratch[drop + x];
    }
  }
}
