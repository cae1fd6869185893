/**
 * Minimum of `sign` · input over a window made of horizontal runs, times `sign`: erosion for sign 1, dilation by the same
 * window for −1. Run k covers the pixels (x + runX[k] … x + runX[k] + runLength[k] − 1, y + runDy[k]); what lies outside the
 * image does not count. Runs come sorted by length; minima along a row are found once for each length, by the algorithm of
 * van Herk, Gil and Werman (three comparisons a pixel whatever the length), then gathered over the rows.
 *
 * `out` must not be `input`. Pixels whose whole window lies outside get sign · ∞.
 *
 * @see M. van Herk, Pattern Recognit. Lett. 13, 517 (1992), doi:10.1016/0167-8655(92)90069-C
 * @see J. Gil, M. Werman, IEEE Trans. PAMI 15, 504 (1993), doi:10.1109/34.211471
 */
export function windowMinimum(
  width: number,
  height: number,
  input: Float32Array,
  sign: number,
  runDy: Int32Array,
  runX: Int32Array,
  runLength: Int32Array,
  out: Float32Array,
): void {
  const nRuns = runDy.length;
  let pad = 0;
  for (let k = 0; k < nRuns; k++) pad = Math.max(pad, -runX[k], runX[k] + runLength[k] - 1);
  const padded = width + 2 * pad;
  const longest = runLength[nRuns - 1];
  const line = new Float32Array(padded + longest).fill(Number.POSITIVE_INFINITY);
  const suffix = new Float32Array(padded + longest);
  const least = new Float32Array(padded);
  out.fill(Number.POSITIVE_INFINITY);
  for (let from = 0; from < height; from++) {
    const row = from * width;
    for (let x = 0; x < width; x++) line[pad + x] = sign * input[row + x];
    let length = 0;
    for (let k = 0; k < nRuns; k++) {
      if (runLength[k] !== length) {
        length = runLength[k];
        lineMinimum(padded, length, line, suffix, least);
      }
      const y = from - runDy[k];
      if (y < 0 || y >= height) continue;
      const to = y * width;
      const start = pad + runX[k];
      for (let x = 0; x < width; x++) {
        const value = least[start + x];
        if (value < out[to + x]) out[to + x] = value;
      }
    }
  }
  if (sign < 0) for (let i = 0; i < out.length; i++) out[i] = -out[i];
}

/** least[x] = min(line[x … x + length − 1]) for x < n; `line` is ∞ on `length` values behind its end. */
function lineMinimum(n: number, length: number, line: Float32Array, suffix: Float32Array, least: Float32Array): void {
  if (length === 1) {
    for (let x = 0; x < n; x++) least[x] = line[x];
    return;
  }
  for (let block = 0; block < n; block += length) {
    const end = block + length;
    let m = Number.POSITIVE_INFINITY;
    for (let x = end - 1; x >= block; x--) {
      if (line[x] < m) m = line[x];
      suffix[x] = m;
    }
    const stop = Math.min(end, n);
    least[block] = suffix[block];
    m = Number.POSITIVE_INFINITY;
    for (let x = block + 1; x < stop; x++) {
      const next = x + length - 1;
      if (next < line.length && line[next] < m) m = line[next];
      least[x] = Math.min(suffix[x], m);
    }
  }
}

/**
 * The same for a window of one column, rows y + top … y + top + length − 1, whole rows at a time.
 */
export function columnMinimum(
  width: number,
  height: number,
  input: Float32Array,
  sign: number,
  top: number,
  length: number,
  out: Float32Array,
): void {
  const suffix = new Float32Array(length * width);
  const prefix = new Float32Array(width);
  for (let block = 0; block < height; block += length) {
    for (let j = length - 1; j >= 0; j--) {
      const source = block + top + j;
      const isInside = source >= 0 && source < height;
      const row = source * width;
      const here = j * width;
      for (let x = 0; x < width; x++) {
        let m = j === length - 1 ? Number.POSITIVE_INFINITY : suffix[here + width + x];
        if (isInside && sign * input[row + x] < m) m = sign * input[row + x];
        suffix[here + x] = m;
      }
    }
    prefix.fill(Number.POSITIVE_INFINITY);
    const stop = Math.min(length, height - block);
    for (let j = 0; j < stop; j++) {
      const source = block + top + length + j - 1;
      if (j > 0 && source >= 0 && source < height) {
        const row = source * width;
        for (let x = 0; x < width; x++) {
          const value = sign * input[row + x];
          if (value < prefix[x]) prefix[x] = value;
        }
      }
      const to = (block + j) * width;
      const here = j * width;
      for (let x = 0; x < width; x++) {
        const m = Math.min(suffix[here + x], prefix[x]);
        out[to + x] = sign * m;
      }
    }
  }
}
