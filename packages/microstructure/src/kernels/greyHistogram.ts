/**
 * Counts values into bins of equal width: bin ⌊(v − low) · scale⌋, clamped to 0 … n − 1. Where `mask` is not empty only
 * pixels with a non-zero mask count.
 */
export function greyHistogram(
  size: number,
  values: Float32Array,
  mask: Uint8Array,
  low: number,
  scale: number,
  counts: Float64Array,
): void {
  const last = counts.length - 1;
  const all = mask.length === 0;
  for (let i = 0; i < size; i++) {
    if (!all && mask[i] === 0) continue;
    let bin = ((values[i] - low) * scale) | 0;
    if (bin > last) bin = last;
    else if (bin < 0) bin = 0;
    counts[bin]++;
  }
}

/** Smallest and largest value into `range`; returns the number of values that are NaN or infinite. */
export function valueRange(size: number, values: Float32Array, mask: Uint8Array, range: Float64Array): number {
  const all = mask.length === 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let nBad = 0;
  for (let i = 0; i < size; i++) {
    if (!all && mask[i] === 0) continue;
    const v = values[i];
    if (v - v !== 0) {
      nBad++; // NaN and ±∞
      continue;
    }
    if (v < low) low = v;
    if (v > high) high = v;
  }
  range[0] = low;
  range[1] = high;
  return nBad;
}
