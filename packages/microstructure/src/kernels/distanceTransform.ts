/**
 * Exact squared Euclidean distance of every pixel to the nearest pixel with a non-zero `mask`
 * (lower envelope of parabolas: Felzenszwalb & Huttenlocher, Theory of Computing 8, 415 (2012),
 * doi:10.4086/toc.2012.v008a019). O(width × height). Where the mask is empty every value is `Infinity`.
 */
export function distanceTransformSquared(width: number, height: number, mask: Uint8Array, out: Float32Array): void {
  const far = 1e20;
  for (let i = 0; i < width * height; i++) out[i] = mask[i] === 0 ? far : 0;
  const n = Math.max(width, height);
  const f = new Float64Array(n);
  const v = new Int32Array(n);
  const z = new Float64Array(n + 1);
  // Columns first: along one column the transform of a 0/∞ function is two sweeps.
  for (let x = 0; x < width; x++) {
    let last = -1;
    for (let y = 0; y < height; y++) {
      const i = y * width + x;
      if (out[i] === 0) last = y;
      else if (last >= 0) out[i] = (y - last) * (y - last);
    }
    last = -1;
    for (let y = height - 1; y >= 0; y--) {
      const i = y * width + x;
      if (out[i] === 0) last = y;
      else if (last >= 0) {
        const d = (last - y) * (last - y);
        if (d < out[i]) out[i] = d;
      }
    }
  }
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let k = -1;
    for (let q = 0; q < width; q++) {
      const fq = out[row + q];
      f[q] = fq;
      if (fq >= far) continue;
      let s = Number.NEGATIVE_INFINITY;
      while (k >= 0) {
        const p = v[k];
        s = (fq + q * q - (f[p] + p * p)) / (2 * (q - p));
        if (s > z[k]) break;
        k--;
      }
      if (k < 0) s = Number.NEGATIVE_INFINITY;
      k++;
      v[k] = q;
      z[k] = s;
      z[k + 1] = Number.POSITIVE_INFINITY;
    }
    if (k < 0) {
      out.fill(Number.POSITIVE_INFINITY, row, row + width);
      continue;
    }
    let j = 0;
    for (let q = 0; q < width; q++) {
      while (z[j + 1] < q) j++;
      const p = v[j];
      out[row + q] = (q - p) * (q - p) + f[p];
    }
  }
}
