/** Values kept per region by `regionIntensity`, in this order. */
export const INTENSITY_FIELDS = 5;

/** Pixels of regions 0 … n one region after the other (counting sort): `starts` has n + 2 entries, `order` one per pixel. */
export function regionPixels(n: number, labels: Uint32Array, starts: Uint32Array, order: Uint32Array): void {
  for (let i = 0; i < labels.length; i++) starts[labels[i] + 1]++;
  for (let k = 0; k <= n; k++) starts[k + 1] += starts[k];
  for (let i = 0; i < labels.length; i++) order[starts[labels[i]]++] = i;
  for (let k = n + 1; k > 0; k--) starts[k] = starts[k - 1];
  starts[0] = 0;
}

/**
 * Grey statistics of regions 1 … n in one channel, in rows of `INTENSITY_FIELDS` values of `out`: 0 mean, 1 standard deviation
 * (divided by n), 2 smallest, 3 largest, 4 median (middle of the two middle values). `values` has room for the largest region.
 */
export function regionIntensity(
  n: number,
  starts: Uint32Array,
  order: Uint32Array,
  image: ArrayLike<number>,
  channels: number,
  channel: number,
  values: Float64Array,
  out: Float64Array,
): void {
  for (let k = 1; k <= n; k++) {
    const count = starts[k + 1] - starts[k];
    if (count === 0) continue;
    let sum = 0;
    let least = Infinity;
    let most = -Infinity;
    for (let i = 0; i < count; i++) {
      const value = image[order[starts[k] + i] * channels + channel];
      values[i] = value;
      sum += value;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    const mean = sum / count;
    let squares = 0;
    for (let i = 0; i < count; i++) squares += (values[i] - mean) * (values[i] - mean);
    const half = count >> 1;
    const upper = selectNth(values, count, half);
    let median = upper;
    if ((count & 1) === 0) {
      let lower = -Infinity; // the selection leaves everything before `half` at most as large
      for (let i = 0; i < half; i++) if (values[i] > lower) lower = values[i];
      median = (lower + upper) / 2;
    }
    const o = k * INTENSITY_FIELDS;
    out[o] = mean;
    out[o + 1] = Math.sqrt(squares / count);
    out[o + 2] = least;
    out[o + 3] = most;
    out[o + 4] = median;
  }
}

/** Hoare's selection: partially sorts `values` so that entry k is the one a full sort would put there. */
function selectNth(values: Float64Array, count: number, k: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1];
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const swap = values[i];
      values[i] = values[j];
      values[j] = swap;
      i++;
      j--;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return values[k];
}
