/**
 * Brings `rows` rows of `length` numbers to `outRows`. Fewer: every new row is the mean over the part of the source that it covers. More: linear
 * interpolation between the centres of rows, the edge repeated.
 */
export function resizeRows(
  rows: number,
  length: number,
  source: Float32Array,
  outRows: number,
  out: Float32Array,
): void {
  const step = rows / outRows;
  for (let r = 0; r < outRows; r++) {
    const to = r * length;
    for (let i = 0; i < length; i++) out[to + i] = 0;
    // Fewer: all that is covered. More: the interval of one row about the place, which weighs its two neighbours as interpolation does.
    const begin = step >= 1 ? r * step : Math.min(rows - 1, Math.max(0, (r + 0.5) * step - 0.5));
    const end = step >= 1 ? begin + step : begin + 1;
    const last = Math.min(rows - 1, Math.ceil(end) - 1);
    for (let from = Math.floor(begin); from <= last; from++) {
      const weight = (Math.min(end, from + 1) - Math.max(begin, from)) / Math.max(step, 1);
      const at = from * length;
      for (let i = 0; i < length; i++) out[to + i] += weight * source[at + i];
    }
  }
}
