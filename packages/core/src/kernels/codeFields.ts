const SPACE = 32;
const TAB = 9;

/**
 * Codes column `column` of the records `from` … `n` − 1 by the text of their fields (blanks around it left out): equal
 * texts get equal codes, numbered as they first appear; an empty field gets −1.
 *
 * Label k is `pool[offsets[k], offsets[k + 1])`, found through the open-addressing hash `table` (codes, −1 where free; its
 * length a power of two), and `counts[k]` fields hold it.
 *
 * @param codes - filled from `offset`
 * @param state - [number of labels], kept between calls
 * @returns n, or the record before which the pool, the labels or the hash table must grow
 */
export function codeFields(
  from: number,
  n: number,
  bytes: Uint8Array,
  starts: Int32Array,
  ends: Int32Array,
  firsts: Int32Array,
  column: number,
  codes: Int32Array,
  offset: number,
  table: Int32Array,
  hashes: Int32Array,
  counts: Int32Array,
  offsets: Int32Array,
  pool: Uint8Array,
  state: Int32Array,
): number {
  const mask = table.length - 1;
  let nLabels = state[0];
  for (let r = from; r < n; r++) {
    const f = firsts[r] + column;
    let s = starts[f];
    let e = ends[f];
    while (s < e && (bytes[s] === SPACE || bytes[s] === TAB)) s++;
    while (e > s && (bytes[e - 1] === SPACE || bytes[e - 1] === TAB)) e--;
    const length = e - s;
    if (length === 0) {
      codes[offset + r] = -1;
      continue;
    }
    let hash = 0x811c9dc5 | 0; // FNV-1a
    for (let i = s; i < e; i++) hash = Math.imul(hash ^ bytes[i], 16777619);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    let code = table[slot];
    while (code >= 0) {
      const at = offsets[code];
      if (hashes[code] === hash && offsets[code + 1] - at === length) {
        let i = 0;
        while (i < length && pool[at + i] === bytes[s + i]) i++;
        if (i === length) break;
      }
      slot = (slot + 1) & mask;
      code = table[slot];
    }
    if (code < 0) {
      const at = offsets[nLabels];
      if (nLabels >= hashes.length || 2 * (nLabels + 1) > table.length || at + length > pool.length) {
        state[0] = nLabels;
        return r;
      }
      for (let i = 0; i < length; i++) pool[at + i] = bytes[s + i];
      code = nLabels;
      table[slot] = code;
      hashes[code] = hash;
      counts[code] = 0;
      nLabels++;
      offsets[nLabels] = at + length;
    }
    codes[offset + r] = code;
    counts[code]++;
  }
  state[0] = nLabels;
  return n;
}
