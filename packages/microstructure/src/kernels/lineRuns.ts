/**
 * Lengths of the runs of `phase` along all pixel lines of one direction, (dx, dy) = (1, 0), (0, 1), (1, 1) or (1, −1).
 * `valid` has one value for each pixel, 0 for pixels that are not known: they end a line as the border does.
 *
 * @param complete - out: number of runs of n pixels whose two ends are seen, at n
 * @param cut - out: the same where one or both ends lie on the border
 * @param lines - out: number of lines (unbroken valid pixels) of n pixels, at n; each array has max(width, height) + 1 numbers
 */
export function lineRuns(
  width: number,
  height: number,
  phase: Uint8Array,
  valid: Uint8Array,
  dx: number,
  dy: number,
  complete: Float64Array,
  cut: Float64Array,
  lines: Float64Array,
): void {
  const step = dy * width + dx;
  const nStarts = dx === 0 ? width : dy === 0 ? height : width + height - 1;
  for (let k = 0; k < nStarts; k++) {
    let x = 0;
    let y = 0;
    if (dx === 0) x = k;
    else if (dy === 0) y = k;
    else if (k < height) y = k;
    else {
      x = k - height + 1;
      y = dy > 0 ? 0 : height - 1;
    }
    const acrossX = dx === 0 ? height : width - x;
    const acrossY = dy === 0 ? width : dy > 0 ? height - y : y + 1;
    const count = Math.min(acrossX, acrossY);
    let i = y * width + x;
    let line = 0;
    let run = 0;
    let isStartSeen = false;
    for (let j = 0; j < count; j++, i += step) {
      if (valid[i] === 0) {
        if (run > 0) cut[run]++;
        if (line > 0) lines[line]++;
        line = 0;
        run = 0;
        isStartSeen = false;
        continue;
      }
      line++;
      if (phase[i] !== 0) run++;
      else {
        if (run > 0) {
          if (isStartSeen) complete[run]++;
          else cut[run]++;
        }
        run = 0;
        isStartSeen = true;
      }
    }
    if (run > 0) cut[run]++;
    if (line > 0) lines[line]++;
  }
}
