/**
 * Strength of dark lines: the largest, over orientations, of the second derivative across the line averaged along it.
 *
 * `padded` is the smoothed image with a margin of `margin` pixels on each side, (width + 2·margin) wide; derivatives are
 * 3 × 3 differences. Along each of `nOrientations` directions the second derivative is averaged with `weights` at the
 * integer offsets `offsetsX/Y[orientation × weights.length + k]`, which must stay within margin − 1. Values below zero
 * become 0; `orientation` gets the index of the best direction.
 */
export function lineRidge(
  width: number,
  height: number,
  margin: number,
  padded: Float32Array,
  nOrientations: number,
  weights: Float64Array,
  offsetsX: Int32Array,
  offsetsY: Int32Array,
  out: Float32Array,
  orientation: Uint8Array,
): void {
  const pitch = width + 2 * margin;
  const rows = height + 2 * margin;
  const xx = new Float32Array(pitch * rows);
  const yy = new Float32Array(pitch * rows);
  const xy = new Float32Array(pitch * rows);
  for (let y = 1; y < rows - 1; y++) {
    for (let x = 1; x < pitch - 1; x++) {
      const i = y * pitch + x;
      const c = 2 * padded[i];
      xx[i] = padded[i - 1] + padded[i + 1] - c;
      yy[i] = padded[i - pitch] + padded[i + pitch] - c;
      xy[i] = 0.25 * (padded[i - pitch - 1] + padded[i + pitch + 1] - padded[i - pitch + 1] - padded[i + pitch - 1]);
    }
  }
  const across = new Float32Array(pitch * rows);
  const sums = new Float32Array(width);
  const nTaps = weights.length;
  out.fill(0, 0, width * height);
  for (let o = 0; o < nOrientations; o++) {
    const angle = (Math.PI * o) / nOrientations; // of the line; the derivative is taken perpendicular to it
    const nx = -Math.sin(angle);
    const ny = Math.cos(angle);
    const a = nx * nx;
    const b = 2 * nx * ny;
    const c = ny * ny;
    for (let i = 0; i < across.length; i++) across[i] = a * xx[i] + b * xy[i] + c * yy[i];
    for (let y = 0; y < height; y++) {
      sums.fill(0);
      for (let k = 0; k < nTaps; k++) {
        const w = weights[k];
        const base = (y + margin + offsetsY[o * nTaps + k]) * pitch + margin + offsetsX[o * nTaps + k];
        for (let x = 0; x < width; x++) sums[x] += w * across[base + x];
      }
      const row = y * width;
      for (let x = 0; x < width; x++) {
        if (sums[x] > out[row + x]) {
          out[row + x] = sums[x];
          orientation[row + x] = o;
        }
      }
    }
  }
}
