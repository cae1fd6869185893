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
  const radius = Math.max(1, Math.ceil(4 * sigma));
  const weight = new Float64Array(radius + 1);
  let sum = 0;
  for (let k = 0; k <= radius; k++) {
    weight[k] = Math.exp((-k * k) / (2 * sigma * sigma));
    sum += k === 0 ? weight[k] : 2 * weight[k];
  }
  for (let k = 0; k <= radius; k++) weight[k] /= sum;
  const line = new Float64Array(width + 2 * radius);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = -radius; x < width + radius; x++) line[x + radius] = source[row + reflect(x, width)];
    for (let x = 0; x < width; x++) {
      let value = weight[0] * line[x + radius];
      for (let k = 1; k <= radius; k++) value += weight[k] * (line[x + radius - k] + line[x + radius + k]);
      scratch[row + x] = value;
    }
  }
  const total = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) total[x] = weight[0] * scratch[y * width + x];
    for (let k = 1; k <= radius; k++) {
      const above = reflect(y - k, height) * width;
      const below = reflect(y + k, height) * width;
      const w = weight[k];
      for (let x = 0; x < width; x++) total[x] += w * (scratch[above + x] + scratch[below + x]);
    }
    for (let x = 0; x < width; x++) out[y * width + x] = total[x];
  }
}

function reflect(i: number, n: number): number {
  const period = 2 * n;
  const r = ((i % period) + period) % period;
  return r < n ? r : period - 1 - r;
}
