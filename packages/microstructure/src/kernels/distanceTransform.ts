import { ABSENT, lowerEnvelope } from "./lowerEnvelope.ts";

/**
 * Exact squared Euclidean distance of every pixel to the nearest pixel with a non-zero `mask` (two sweeps along columns,
 * lower envelope of parabolas along rows). O(width × height). Where the mask is empty every value is `Infinity`.
 */
export function distanceTransformSquared(width: number, height: number, mask: Uint8Array, out: Float32Array): void {
  for (let i = 0; i < width * height; i++) out[i] = mask[i] === 0 ? ABSENT : 0;
  const f = new Float64Array(width);
  const v = new Int32Array(width);
  const z = new Float64Array(width + 1);
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
    for (let q = 0; q < width; q++) f[q] = out[row + q];
    if (lowerEnvelope(width, f, v, z) === 0) {
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
