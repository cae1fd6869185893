/** Bits of a digit: 2048 counts lie in the first-level cache. */
const DIGIT = 11;

/**
 * Rows 0 … n − 1 in ascending order of their values, equal ones in their order, NaN last: radix sort by the bits of the numbers,
 * of which digits that all values share cost nothing (single-precision values share the lower 29 bits).
 *
 * @param words - the memory of `values` as 32-bit words, the lower one first
 * @param keys - [2, n]: lower and upper words of keys that sort as unsigned numbers
 * @param counts - 2048 numbers
 */
export function sortOrder(
  n: number,
  values: Float64Array,
  words: Int32Array,
  keys: Int32Array,
  counts: Int32Array,
  spare: Int32Array,
  order: Int32Array,
): void {
  const low = keys.subarray(0, n);
  const high = keys.subarray(n, 2 * n);
  let lowDiffers = 0;
  let highDiffers = 0;
  for (let i = 0; i < n; i++) {
    // Negative numbers sort from behind; others come after them; NaN has all bits set.
    const upper = words[2 * i + 1];
    const flip = upper >> 31;
    low[i] = words[2 * i] ^ flip;
    high[i] = upper ^ (flip | 0x80000000);
    if (Number.isNaN(values[i])) {
      low[i] = -1;
      high[i] = -1;
    }
    lowDiffers |= low[i] ^ low[0];
    highDiffers |= high[i] ^ high[0];
    order[i] = i;
  }
  let from = order;
  let to = spare;
  for (let shift = 0; shift < 64; shift += shift === 22 ? 10 : DIGIT) {
    const isLow = shift < 32;
    const word = isLow ? low : high;
    const by = isLow ? shift : shift - 32;
    if ((((isLow ? lowDiffers : highDiffers) >>> by) & 2047) === 0) continue;
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[(word[i] >>> by) & 2047]++;
    let sum = 0;
    for (let k = 0; k < 2048; k++) {
      const count = counts[k];
      counts[k] = sum;
      sum += count;
    }
    for (let i = 0; i < n; i++) {
      const row = from[i];
      to[counts[(word[row] >>> by) & 2047]++] = row;
    }
    const other = from;
    from = to;
    to = other;
  }
  if (from !== order) order.set(from);
}
