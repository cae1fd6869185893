/**
 * Fills rings by the even–odd rule: a pixel of the window (its first pixel at column `minX`, row `minY`) gets 1 in `out` where
 * its centre (x + ½, y + ½) lies inside, a centre on a left or upper edge counting as inside, on a right or lower one as
 * outside. Ring k has the points starts[k] … starts[k + 1] − 1 of `points` (x and y in turn, pixel corners at whole numbers)
 * and is closed. `rowStarts` has height + 2 zeros. Returns the number of pixels set.
 */
export function fillPolygon(
  minX: number,
  minY: number,
  width: number,
  height: number,
  nRings: number,
  points: Float64Array,
  starts: Uint32Array,
  rowStarts: Uint32Array,
  out: Uint8Array,
): number {
  let crossings = new Float64Array(0);
  // Twice over the edges: count the crossings of each row of centres, then write them.
  for (let pass = 0; pass < 2; pass++) {
    for (let k = 0; k < nRings; k++) {
      let j = starts[k + 1] - 1;
      for (let i = starts[k]; i < starts[k + 1]; j = i++) {
        const isDown = points[2 * j + 1] <= points[2 * i + 1];
        const upper = isDown ? j : i; // the same arithmetic whichever way an edge is walked
        const lower = isDown ? i : j;
        const y0 = points[2 * upper + 1];
        const y1 = points[2 * lower + 1];
        const from = Math.max(0, Math.ceil(y0 - 0.5 - minY));
        const to = Math.min(height, Math.ceil(y1 - 0.5 - minY));
        if (from >= to) continue;
        if (pass === 0) {
          for (let row = from; row < to; row++) rowStarts[row + 2]++;
          continue;
        }
        const x0 = points[2 * upper];
        const slope = (points[2 * lower] - x0) / (y1 - y0);
        for (let row = from; row < to; row++) {
          crossings[rowStarts[row + 1]++] = x0 + (row + minY + 0.5 - y0) * slope;
        }
      }
    }
    if (pass === 0) {
      for (let row = 0; row < height; row++) rowStarts[row + 2] += rowStarts[row + 1];
      crossings = new Float64Array(rowStarts[height + 1]);
    }
  }
  let n = 0;
  for (let row = 0; row < height; row++) {
    const line = crossings.subarray(rowStarts[row], rowStarts[row + 1]).sort();
    for (let k = 0; k + 1 < line.length; k += 2) {
      const from = Math.max(0, Math.ceil(line[k] - 0.5 - minX));
      const to = Math.min(width, Math.ceil(line[k + 1] - 0.5 - minX));
      for (let x = from; x < to; x++) {
        out[row * width + x] = 1;
        n++;
      }
    }
  }
  return n;
}
