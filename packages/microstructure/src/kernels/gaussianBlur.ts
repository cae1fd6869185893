import { reflectIndex } from "./reflectIndex.ts";

/**
 * Convolves with a Gaussian cut at 4 σ and normalised, separably; borders reflect about the edge of the image
 * (… b a | a b …). `scratch` and `out` are as large as `source`; `out` may be `source`.
 */
export function gaussianBlur(
  width: number,
  height: number,
  source: Float32Array,
  sigma: number,
  scratch: Float32Array,
  out: Float32Array,
): void {
  const radius = gaussianReach(sigma);
  // Zeros behind the last tap let the loops take four taps at a time.
  const taps = radius + ((4 - (radius & 3)) & 3);
  const weight = new Float64Array(taps + 1);
  let sum = 0;
  for (let k = 0; k <= radius; k++) {
    weight[k] = Math.exp((-k * k) / (2 * sigma * sigma));
    sum += k === 0 ? weight[k] : 2 * weight[k];
  }
  for (let k = 0; k <= radius; k++) weight[k] /= sum;
  const line = new Float64Array(width + 2 * taps);
  const total = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) line[x + taps] = source[row + x];
    for (let x = 1; x <= taps; x++) {
      line[taps - x] = source[row + reflectIndex(-x, width)];
      line[taps + width - 1 + x] = source[row + reflectIndex(width - 1 + x, width)];
    }
    for (let x = 0; x < width; x++) total[x] = weight[0] * line[x + taps];
    for (let k = 1; k <= radius; k += 4) {
      const w1 = weight[k];
      const w2 = weight[k + 1];
      const w3 = weight[k + 2];
      const w4 = weight[k + 3];
      for (let x = 0, a = taps - k, b = taps + k; x < width; x++, a++, b++) {
        total[x] =
          total[x] +
          w1 * (line[a] + line[b]) +
          w2 * (line[a - 1] + line[b + 1]) +
          w3 * (line[a - 2] + line[b + 2]) +
          w4 * (line[a - 3] + line[b + 3]);
      }
    }
    for (let x = 0; x < width; x++) scratch[row + x] = total[x];
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) total[x] = weight[0] * scratch[y * width + x];
    for (let k = 1; k <= radius; k += 4) {
      const w1 = weight[k];
      const w2 = weight[k + 1];
      const w3 = weight[k + 2];
      const w4 = weight[k + 3];
      const a1 = reflectIndex(y - k, height) * width;
      const b1 = reflectIndex(y + k, height) * width;
      const a2 = reflectIndex(y - k - 1, height) * width;
      const b2 = reflectIndex(y + k + 1, height) * width;
      const a3 = reflectIndex(y - k - 2, height) * width;
      const b3 = reflectIndex(y + k + 2, height) * width;
      const a4 = reflectIndex(y - k - 3, height) * width;
      const b4 = reflectIndex(y + k + 3, height) * width;
      for (let x = 0; x < width; x++) {
        total[x] =
          total[x] +
          w1 * (scratch[a1 + x] + scratch[b1 + x]) +
          w2 * (scratch[a2 + x] + scratch[b2 + x]) +
          w3 * (scratch[a3 + x] + scratch[b3 + x]) +
          w4 * (scratch[a4 + x] + scratch[b4 + x]);
      }
    }
    for (let x = 0; x < width; x++) out[y * width + x] = total[x];
  }
}

/** How many pixels away `gaussianBlur` sees. */
export function gaussianReach(sigma: number): number {
  return Math.max(1, Math.ceil(4 * sigma));
}
