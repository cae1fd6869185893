/**
 * Neighbours of a pixel as bits, clockwise from north-west: NW 1, N 2, NE 4, E 8, SE 16, S 32, SW 64, W 128. Bit k of
 * table[neighbours] says whether subiteration k of Guo and Hall's algorithm A1 deletes the pixel.
 */
export function guoHallTable(): Uint8Array {
  const table = new Uint8Array(256);
  for (let bits = 0; bits < 256; bits++) {
    // x₁ … x₈ of the paper: counter-clockwise from east.
    const x = (k: number): number => (bits >> ((12 - k) & 7)) & 1;
    let crossings = 0;
    let n1 = 0;
    let n2 = 0;
    for (let k = 1; k <= 7; k += 2) {
      if (x(k) === 0 && (x(k + 1) | x(k + 2)) === 1) crossings++;
      n1 += x(k) | x(k + 1);
      n2 += x(k + 1) | x(k + 2);
    }
    const n = Math.min(n1, n2);
    if (crossings !== 1 || n < 2 || n > 3) continue;
    if (((x(2) | x(3) | (1 - x(8))) & x(1)) === 0) table[bits] |= 1;
    if (((x(6) | x(7) | (1 - x(4))) & x(5)) === 0) table[bits] |= 2;
  }
  return table;
}

/**
 * Thins a mask (0 or 1) to lines one pixel wide, in place, by parallel subiterations that take the first and second bit of
 * `table` in turn: `limit` of them, or until neither deletes anything. Only pixels on a border, then neighbours of deleted ones,
 * are looked at. Returns the last subiteration, counted from 1, that deleted something in rows `from` … `to` − 1; 0 for none.
 */
export function thin(
  width: number,
  height: number,
  table: Uint8Array,
  limit: number,
  from: number,
  to: number,
  mask: Uint8Array,
): number {
  const w = width + 2;
  const size = w * (height + 2);
  const on = new Uint8Array(size);
  let nOn = 0;
  for (let y = 0, i = 0; y < height; y++) {
    for (let j = (y + 1) * w + 1, end = j + width; j < end; j++) {
      if (mask[i++] === 0) continue;
      on[j] = 1;
      nOn++;
    }
  }
  const offsets = Int32Array.of(-w - 1, -w, -w + 1, 1, w + 1, w, w - 1, -1);
  let active = new Int32Array(nOn);
  let next = new Int32Array(nOn);
  const deleted = new Int32Array(nOn);
  // Subiterations in which a pixel is still to be looked at: two, one of each kind, after anything around it has changed.
  const waits = new Uint8Array(size);
  let nActive = 0;
  for (let i = w; i < size - w; i++) {
    if (on[i] === 0) continue;
    if (
      on[i - w] + on[i + w] + on[i - 1] + on[i + 1] < 4 ||
      on[i - w - 1] + on[i - w + 1] + on[i + w - 1] + on[i + w + 1] < 4
    ) {
      active[nActive++] = i;
      waits[i] = 2;
    }
  }
  const begin = (from + 1) * w;
  const end = (to + 1) * w;
  let last = 0;
  for (let step = 1; step <= limit && nActive > 0; step++) {
    const bit = (step & 1) === 1 ? 1 : 2;
    let nDeleted = 0;
    for (let a = 0; a < nActive; a++) {
      const i = active[a];
      let bits = 0;
      for (let k = 0; k < 8; k++) bits |= on[i + offsets[k]] << k;
      if ((table[bits] & bit) !== 0) deleted[nDeleted++] = i;
    }
    for (let d = 0; d < nDeleted; d++) {
      const i = deleted[d];
      on[i] = 0;
      if (i >= begin && i < end) last = step;
    }
    let nNext = 0;
    for (let a = 0; a < nActive; a++) {
      const i = active[a];
      if (on[i] === 0) waits[i] = 0;
      else if (--waits[i] > 0) next[nNext++] = i;
    }
    for (let d = 0; d < nDeleted; d++) {
      for (let k = 0; k < 8; k++) {
        const j = deleted[d] + offsets[k];
        if (on[j] === 0) continue;
        if (waits[j] === 0) next[nNext++] = j;
        waits[j] = 2;
      }
    }
    [active, next] = [next, active];
    nActive = nNext;
  }
  for (let y = 0; y < height; y++) mask.set(on.subarray((y + 1) * w + 1, (y + 1) * w + 1 + width), y * width);
  return last;
}
