/**
 * Codes of equal numbers, 0, 1, 2, … in the order of first appearance; −1 where `valid` is 0. Zero equals minus zero, NaN
 * equals NaN. Open addressing over the bits of the numbers.
 *
 * @param n - length of `values`, `valid` and `codes`
 * @param slots - power-of-two length above 2n, filled with −1; afterwards holds rows
 * @param codes - out
 * @returns how many different values there are
 */
export function valueCodes(
  n: number,
  values: Float64Array,
  valid: Uint8Array,
  slots: Int32Array,
  codes: Int32Array,
): number {
  const mask = slots.length - 1;
  const one = new Float64Array(1);
  const bits = new Uint32Array(one.buffer);
  let count = 0;
  for (let i = 0; i < n; i++) {
    if (valid[i] === 0) {
      codes[i] = -1;
      continue;
    }
    const value = values[i] + 0; // −0 becomes 0
    const isNaNumber = Number.isNaN(value);
    one[0] = isNaNumber ? Number.NaN : value;
    let hash = Math.imul(bits[0] ^ Math.imul(bits[1], 0x9e3779b1), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
    let at = (hash ^ (hash >>> 13)) & mask;
    for (;;) {
      const row = slots[at];
      if (row === -1) {
        slots[at] = i;
        codes[i] = count++;
        break;
      }
      const other = values[row];
      if (other === value || (isNaNumber && Number.isNaN(other))) {
        codes[i] = codes[row];
        break;
      }
      at = (at + 1) & mask;
    }
  }
  return count;
}
