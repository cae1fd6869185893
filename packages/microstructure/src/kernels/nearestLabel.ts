import { ABSENT, lowerEnvelope } from "./lowerEnvelope.ts";

/**
 * Gives every 0 the label of its nearest labelled pixel (exact Euclidean distance between pixel centres); labelled pixels
 * keep theirs. Returns false, leaving `out` all 0, where nothing is labelled. Feature transform by columns, then the lower
 * envelope of parabolas along rows.
 */
export function nearestLabel(width: number, height: number, labels: Uint32Array, out: Uint32Array): boolean {
  const nearestRow = new Int32Array(width * height); // row of the nearest label in the same column, −1: none
  for (let x = 0; x < width; x++) {
    let last = -1;
    for (let y = 0; y < height; y++) {
      const i = y * width + x;
      if (labels[i] !== 0) last = y;
      nearestRow[i] = last;
    }
    last = -1;
    for (let y = height - 1; y >= 0; y--) {
      const i = y * width + x;
      if (labels[i] !== 0) last = y;
      if (last >= 0 && (nearestRow[i] < 0 || last - y < y - nearestRow[i])) nearestRow[i] = last;
    }
  }
  const f = new Float64Array(width);
  const v = new Int32Array(width);
  const z = new Float64Array(width + 1);
  let found = false;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let q = 0; q < width; q++) {
      const r = nearestRow[row + q];
      f[q] = r < 0 ? ABSENT : (r - y) * (r - y);
    }
    if (lowerEnvelope(width, f, v, z) === 0) {
      out.fill(0, row, row + width);
      continue;
    }
    found = true;
    let j = 0;
    for (let q = 0; q < width; q++) {
      while (z[j + 1] < q) j++;
      const i = row + q;
      out[i] = labels[i] !== 0 ? labels[i] : labels[nearestRow[row + v[j]] * width + v[j]];
    }
  }
  return found;
}
