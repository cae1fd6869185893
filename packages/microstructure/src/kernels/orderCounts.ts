/**
 * Adds 32-bit floats, given as their `bits`, to counts by their order among all floats: by the leading 16 bits of the order,
 * or, where `leading` ≥ 0, those that have these leading bits by the last 16. `counts` has 65 536 entries.
 */
export function addOrderCounts(size: number, bits: Uint32Array, leading: number, counts: Float64Array): void {
  for (let i = 0; i < size; i++) {
    const own = bits[i];
    // Positive floats are ordered as their bits, above the negative ones, which are ordered backwards.
    const order = (own & 0x80000000) === 0 ? own | 0x80000000 : ~own;
    if (leading < 0) counts[order >>> 16]++;
    else if (order >>> 16 === leading) counts[order & 0xffff]++;
  }
}

/** Bits of the float whose order is `order`. */
export function bitsOfOrder(order: number): number {
  return (order & 0x80000000) === 0 ? ~order >>> 0 : (order & 0x7fffffff) >>> 0;
}
