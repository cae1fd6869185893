/** Steps of the table of exp(−t), t = 0 … 16, between which it is linear: error below 2·10⁻⁶. */
const STEPS = 4096;
const REACH = 16;

/**
 * Weighted mean over shifts: weight of a shift t at x is spatial(t) · exp(−max(0, scale · D − offset)), D being the sum over
 * channels and the (2·patch + 1)² window about x of (I(x) − I(x + t))². With a window it is the non-local mean, with a
 * single pixel the bilateral filter. D comes from running sums: cost does not depend on the window. A shift and its
 * opposite share their weights.
 *
 * @param padded - channels one after the other, each padded by search + patch on all sides
 * @param spatial - (search + 1)² weights by |dy|, |dx|; shifts of weight 0 are left out
 * @param out - channels one after the other, width × height each
 */
export function nonLocalMeans(
  width: number,
  height: number,
  nChannels: number,
  padded: Float32Array,
  search: number,
  patch: number,
  spatial: Float64Array,
  scale: number,
  offset: number,
  out: Float32Array,
): void {
  const margin = search + patch;
  const stride = width + 2 * margin;
  const plane = stride * (height + 2 * margin);
  const size = width * height;
  const table = new Float64Array(STEPS + 2);
  for (let k = 0; k <= STEPS; k++) table[k] = Math.exp((-k * REACH) / STEPS);
  const perUnit = STEPS / REACH;
  const weights = new Float64Array(size).fill(spatial[0]);
  const sums = new Float64Array(nChannels * size);
  for (let c = 0; c < nChannels; c++) {
    for (let y = 0; y < height; y++) {
      const from = c * plane + (y + margin) * stride + margin;
      for (let x = 0; x < width; x++) sums[c * size + y * width + x] = spatial[0] * padded[from + x];
    }
  }
  const columns = new Float64Array(stride);
  for (let ty = 0; ty <= search; ty++) {
    for (let tx = ty === 0 ? 1 : -search; tx <= search; tx++) {
      const near = spatial[ty * (search + 1) + Math.abs(tx)];
      if (near === 0) continue;
      const shift = ty * stride + tx;
      const x0 = Math.min(0, -tx);
      const x1 = width + Math.max(0, -tx);
      columns.fill(0);
      for (let y = -ty - patch; y < height + patch; y++) {
        // Row y enters the window of rows; the window is full, and centred on y − patch, from 2 patch rows on.
        for (let c = 0; c < nChannels; c++) {
          const enter = c * plane + (y + margin) * stride + margin;
          for (let x = x0 - patch; x < x1 + patch; x++) {
            const d = padded[enter + x] - padded[enter + x + shift];
            columns[x + margin] += d * d;
          }
        }
        const centre = y - patch;
        if (centre < -ty) continue;
        if (centre > -ty) {
          for (let c = 0; c < nChannels; c++) {
            const leave = c * plane + (centre - patch - 1 + margin) * stride + margin;
            for (let x = x0 - patch; x < x1 + patch; x++) {
              const d = padded[leave + x] - padded[leave + x + shift];
              columns[x + margin] -= d * d;
            }
          }
        }
        let distance = 0;
        for (let x = x0 - patch; x < x0 + patch; x++) distance += columns[x + margin];
        const row = centre * width;
        const far = (centre + ty) * width + tx;
        const isRow = centre >= 0;
        const isFarRow = centre + ty < height;
        const here = (centre + margin) * stride + margin;
        for (let x = x0; x < x1; x++) {
          distance += columns[x + patch + margin];
          const t = scale * distance - offset;
          distance -= columns[x - patch + margin];
          if (t >= REACH) continue;
          let weight = near;
          if (t > 0) {
            const at = t * perUnit;
            const k = at | 0;
            weight = near * (table[k] + (at - k) * (table[k + 1] - table[k]));
          }
          if (isRow && x >= 0 && x < width) {
            weights[row + x] += weight;
            for (let c = 0; c < nChannels; c++)
              sums[c * size + row + x] += weight * padded[c * plane + here + shift + x];
          }
          if (isFarRow && x + tx >= 0 && x + tx < width) {
            weights[far + x] += weight;
            for (let c = 0; c < nChannels; c++) sums[c * size + far + x] += weight * padded[c * plane + here + x];
          }
        }
      }
    }
  }
  for (let c = 0; c < nChannels; c++) {
    for (let i = 0; i < size; i++) out[c * size + i] = sums[c * size + i] / weights[i];
  }
}
