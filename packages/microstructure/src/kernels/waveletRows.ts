/**
 * One level of the periodic orthogonal wavelet transform along rows of even length: low[k] = Σ_j h[j] x[2k + j],
 * high[k] = Σ_j (−1)^j h[n − 1 − j] x[2k + j].
 */
export function analyseRows(
  width: number,
  height: number,
  filter: Float64Array,
  input: Float64Array,
  low: Float64Array,
  high: Float64Array,
): void {
  const half = width / 2;
  const taps = filter.length;
  for (let y = 0; y < height; y++) {
    for (let k = 0; k < half; k++) {
      let a = 0;
      let d = 0;
      for (let j = 0; j < taps; j++) {
        const v = input[y * width + ((2 * k + j) % width)];
        a += filter[j] * v;
        d += (j & 1 ? -filter[taps - 1 - j] : filter[taps - 1 - j]) * v;
      }
      low[y * half + k] = a;
      high[y * half + k] = d;
    }
  }
}

/** Inverse of `analyseRows`; `out` has rows of `width`. */
export function synthesiseRows(
  width: number,
  height: number,
  filter: Float64Array,
  low: Float64Array,
  high: Float64Array,
  out: Float64Array,
): void {
  const half = width / 2;
  const taps = filter.length;
  out.fill(0);
  for (let y = 0; y < height; y++) {
    for (let k = 0; k < half; k++) {
      const a = low[y * half + k];
      const d = high[y * half + k];
      for (let j = 0; j < taps; j++) {
        out[y * width + ((2 * k + j) % width)] +=
          filter[j] * a + (j & 1 ? -filter[taps - 1 - j] : filter[taps - 1 - j]) * d;
      }
    }
  }
}
