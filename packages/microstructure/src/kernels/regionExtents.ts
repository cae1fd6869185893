/**
 * Extent of every region along a direction: for label k from 1 to n, `out[2k]` and `out[2k + 1]` become the least and the
 * greatest x · ux + y · uy over the corners of its pixels (centres at whole numbers); +∞ and −∞ for a label that is absent.
 */
export function regionExtents(
  width: number,
  height: number,
  n: number,
  labels: Uint32Array,
  ux: number,
  uy: number,
  out: Float64Array,
): void {
  for (let k = 0; k <= n; k++) {
    out[2 * k] = Number.POSITIVE_INFINITY;
    out[2 * k + 1] = Number.NEGATIVE_INFINITY;
  }
  const half = (Math.abs(ux) + Math.abs(uy)) / 2;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const label = labels[y * width + x];
      const at = x * ux + y * uy;
      if (at - half < out[2 * label]) out[2 * label] = at - half;
      if (at + half > out[2 * label + 1]) out[2 * label + 1] = at + half;
    }
  }
}
