/**
 * Weighted sums along a line through every pixel: Σ_k `weights[k]` · source[i + `offsets[k]`]. Offsets are flat, dy · width + dx.
 * Pixels nearer to the end of the array than the longest offset are set to 0, those near the left and right edge mix
 * rows: callers bring a margin.
 */
export function lineAverages(
  size: number,
  source: Float32Array,
  offsets: Int32Array,
  weights: Float32Array,
  out: Float32Array,
): void {
  let margin = 0;
  for (let k = 0; k < offsets.length; k++) margin = Math.max(margin, Math.abs(offsets[k]));
  out.fill(0);
  const end = size - margin;
  let k = 0;
  for (; k + 3 < offsets.length; k += 4) {
    const a = offsets[k];
    const b = offsets[k + 1];
    const c = offsets[k + 2];
    const d = offsets[k + 3];
    const wa = weights[k];
    const wb = weights[k + 1];
    const wc = weights[k + 2];
    const wd = weights[k + 3];
    for (let i = margin; i < end; i++) {
      out[i] += wa * source[i + a] + wb * source[i + b] + wc * source[i + c] + wd * source[i + d];
    }
  }
  for (; k < offsets.length; k++) {
    const a = offsets[k];
    const wa = weights[k];
    for (let i = margin; i < end; i++) out[i] += wa * source[i + a];
  }
}
