/**
 * Counts how often each pair (first[i], second[i]) occurs, in the order of first appearance. Pixels with
 * `second[i] === leaveOut` are passed over (−1: none). Open addressing on a table that doubles; runs of one pair along a
 * row cost one comparison each.
 */
export function pairCounts(
  n: number,
  first: Uint32Array,
  second: Uint32Array,
  leaveOut: number,
): { first: Uint32Array; second: Uint32Array; count: Float64Array } {
  let capacity = 1024;
  let slots = new Int32Array(capacity).fill(-1);
  let a = new Uint32Array(capacity);
  let b = new Uint32Array(capacity);
  let count = new Float64Array(capacity);
  let nPairs = 0;
  let last = -1;
  for (let i = 0; i < n; i++) {
    const p = first[i];
    const q = second[i];
    if (q === leaveOut) continue;
    if (last >= 0 && a[last] === p && b[last] === q) {
      count[last]++;
      continue;
    }
    let slot = (Math.imul(p, 0x9e3779b1) ^ Math.imul(q, 0x85ebca6b)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & (capacity - 1);
    while (slots[slot] >= 0 && (a[slots[slot]] !== p || b[slots[slot]] !== q)) slot = (slot + 1) & (capacity - 1);
    last = slots[slot];
    if (last < 0) {
      last = nPairs++;
      slots[slot] = last;
      a[last] = p;
      b[last] = q;
    }
    count[last]++;
    if (2 * nPairs < capacity) continue;
    capacity *= 2;
    const grow = (from: Uint32Array): Uint32Array<ArrayBuffer> => {
      const to = new Uint32Array(capacity);
      to.set(from);
      return to;
    };
    a = grow(a);
    b = grow(b);
    const counts = new Float64Array(capacity);
    counts.set(count);
    count = counts;
    slots = new Int32Array(capacity).fill(-1);
    for (let k = 0; k < nPairs; k++) {
      let s = (Math.imul(a[k], 0x9e3779b1) ^ Math.imul(b[k], 0x85ebca6b)) >>> 0;
      s = (s ^ (s >>> 15)) & (capacity - 1);
      while (slots[s] >= 0) s = (s + 1) & (capacity - 1);
      slots[s] = k;
    }
  }
  return { first: a.slice(0, nPairs), second: b.slice(0, nPairs), count: count.slice(0, nPairs) };
}
