/**
 * Local k-means of SLIC: pixels go to the centre of least |Δfeature|² + weight · |Δposition|² among those whose window of
 * ± `reach` px holds them, centres move to the mean of their pixels; `iterations` times. Of equal distances the centre of
 * lower number. `centres` has rows of 2 + channels values (x, y, features), changed in place; `labels` gets 1 … n.
 */
export function slic(
  width: number,
  height: number,
  channels: number,
  features: Float32Array,
  reach: number,
  weight: number,
  iterations: number,
  centres: Float64Array,
  labels: Uint32Array,
): void {
  const row = channels + 2;
  const n = centres.length / row;
  const least = new Float32Array(width * height);
  const sums = new Float64Array(n * (row + 1));
  for (let step = 0; step < iterations; step++) {
    least.fill(Number.POSITIVE_INFINITY);
    for (let k = 0; k < n; k++) {
      const c = k * row;
      const cx = centres[c];
      const cy = centres[c + 1];
      const x0 = Math.max(0, Math.ceil(cx - reach));
      const x1 = Math.min(width - 1, Math.floor(cx + reach));
      const y1 = Math.min(height - 1, Math.floor(cy + reach));
      for (let y = Math.max(0, Math.ceil(cy - reach)); y <= y1; y++) {
        const dy = weight * (y - cy) * (y - cy);
        for (let x = x0; x <= x1; x++) {
          const i = y * width + x;
          let d = dy + weight * (x - cx) * (x - cx);
          for (let ch = 0; ch < channels; ch++) {
            const difference = features[i * channels + ch] - centres[c + 2 + ch];
            d += difference * difference;
          }
          if (d < least[i]) {
            least[i] = d;
            labels[i] = k + 1;
          }
        }
      }
    }
    sums.fill(0);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const i = y * width + x;
        if (labels[i] === 0) continue;
        const s = (labels[i] - 1) * (row + 1);
        sums[s]++;
        sums[s + 1] += x;
        sums[s + 2] += y;
        for (let ch = 0; ch < channels; ch++) sums[s + 3 + ch] += features[i * channels + ch];
      }
    }
    for (let k = 0; k < n; k++) {
      const count = sums[k * (row + 1)];
      if (count === 0) continue;
      for (let j = 0; j < row; j++) centres[k * row + j] = sums[k * (row + 1) + 1 + j] / count;
    }
  }
}
