/**
 * Pixel steps between every two labels that meet (a < b, 0 counts as a label): `edges` the horizontal and vertical ones,
 * `diagonals` those along both diagonals, in the order of first appearance. Open addressing on a table that doubles.
 */
export function boundaryPairs(
  width: number,
  height: number,
  labels: Uint32Array,
): { first: Uint32Array; second: Uint32Array; edges: Float64Array; diagonals: Float64Array } {
  let capacity = 1024;
  let slots = new Int32Array(capacity).fill(-1);
  const first: number[] = [];
  const second: number[] = [];
  const edges: number[] = [];
  const diagonals: number[] = [];
  const slotOf = (p: number, q: number): number => {
    let slot = (Math.imul(p, 0x9e3779b1) ^ Math.imul(q, 0x85ebca6b)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & (capacity - 1);
    while (slots[slot] >= 0 && (first[slots[slot]] !== p || second[slots[slot]] !== q)) {
      slot = (slot + 1) & (capacity - 1);
    }
    return slot;
  };
  let last = -1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const own = labels[i];
      for (let step = 0; step < 4; step++) {
        if (step !== 1 && step !== 3 && x + 1 >= width) continue;
        if (step === 3 && x === 0) continue;
        if (step > 0 && y + 1 >= height) continue;
        const other = labels[step === 0 ? i + 1 : step === 1 ? i + width : step === 2 ? i + width + 1 : i + width - 1];
        if (other === own) continue;
        const p = Math.min(own, other);
        const q = Math.max(own, other);
        if (last < 0 || first[last] !== p || second[last] !== q) {
          const slot = slotOf(p, q);
          last = slots[slot];
          if (last < 0) {
            last = first.length;
            slots[slot] = last;
            first.push(p);
            second.push(q);
            edges.push(0);
            diagonals.push(0);
            if (2 * first.length >= capacity) {
              capacity *= 2;
              slots = new Int32Array(capacity).fill(-1);
              for (let k = 0; k < first.length; k++) slots[slotOf(first[k], second[k])] = k;
            }
          }
        }
        if (step < 2) edges[last]++;
        else diagonals[last]++;
      }
    }
  }
  return {
    first: Uint32Array.from(first),
    second: Uint32Array.from(second),
    edges: Float64Array.from(edges),
    diagonals: Float64Array.from(diagonals),
  };
}
