/**
 * Watershed from markers inside a mask (F. Meyer's flooding): what `compactWatershed` gives without compactness and line, in
 * linear time, with one list a level. `labels` holds the markers on entry and the regions on return; it is 0 outside the mask
 * and where no flood comes. Where the mask is empty (length 0) the whole image is flooded.
 *
 * A level is flooded in waves: the pixels met from below, then those of the same level beside them, and so on, after each wave
 * what lies lower behind it, in waves too. A pixel belongs to the first wave that meets it, of that to its first pixel in raster order.
 *
 * Parts of the mask that do not touch do not influence each other. Each is flooded by itself, which keeps the front in the
 * processor's cache; the next level in use is found in a tree of bits, so that many levels cost nothing.
 */
export function markerWatershed(
  width: number,
  height: number,
  levels: Uint16Array,
  mask: Uint8Array,
  connectivity: 4 | 8,
  labels: Uint32Array,
): void {
  // A frame of WALL around the image and over the masked pixels takes the place of tests.
  const w = width + 2;
  const size = w * (height + 2);
  const region = new Uint32Array(size).fill(WALL);
  const level = new Uint16Array(size);
  const hasMask = mask.length > 0;
  for (let y = 0; y < height; y++) {
    const from = y * width;
    const to = (y + 1) * w + 1;
    for (let x = 0; x < width; x++) {
      if (hasMask && mask[from + x] === 0) continue;
      region[to + x] = labels[from + x];
      level[to + x] = levels[from + x];
    }
  }
  const offsets = Int32Array.of(-w, -1, 1, w, -w - 1, -w + 1, w - 1, w + 1);
  const queue: FloodQueue = {
    next: new Int32Array(size),
    wave: new Int32Array(size),
    head: new Int32Array(1 << 16),
    tail: new Int32Array(1 << 16),
    leaves: new Int32Array(1 << 11),
    twigs: new Int32Array(1 << 6),
    roots: new Int32Array(2),
  };
  const part = new Int32Array(size);
  let nWaves = 0;
  const isSeen = new Uint8Array(size);
  for (let start = w; start < size - w; start++) {
    if (region[start] === 0 || region[start] === WALL || isSeen[start] !== 0) continue;
    let n = 0;
    if (hasMask) {
      n = markersOfPart(start, region, offsets, connectivity, isSeen, part);
    } else {
      for (let i = start; i < size - w; i++) if (region[i] !== 0 && region[i] !== WALL) part[n++] = i;
      start = size;
    }
    nWaves = flood(part, n, nWaves, region, level, offsets, connectivity, queue);
  }
  for (let y = 0; y < height; y++) {
    const to = y * width;
    const from = (y + 1) * w + 1;
    for (let x = 0; x < width; x++) labels[to + x] = region[from + x] === WALL ? 0 : region[from + x];
  }
}

/** One list of pixels a level (0 ends it: index 0 lies on the frame), and a bit in each of three storeys where it is not empty. */
interface FloodQueue {
  readonly next: Int32Array;
  /** Which wave a pixel belongs to, counted from 1; −1 for markers before their wave. */
  readonly wave: Int32Array;
  readonly head: Int32Array;
  readonly tail: Int32Array;
  readonly leaves: Int32Array;
  readonly twigs: Int32Array;
  readonly roots: Int32Array;
}

/** Marker pixels, in raster order, of the part of the mask that holds `start`, into `part`; returns their number. */
function markersOfPart(
  start: number,
  region: Uint32Array,
  offsets: Int32Array,
  connectivity: 4 | 8,
  isSeen: Uint8Array,
  part: Int32Array,
): number {
  // The stack grows from the end of `part`, the markers from its start.
  let n = 0;
  let top = part.length;
  part[--top] = start;
  isSeen[start] = 1;
  while (top < part.length) {
    const i = part[top++];
    if (region[i] !== 0) part[n++] = i;
    for (let k = 0; k < connectivity; k++) {
      const j = i + offsets[k];
      if (region[j] === WALL || isSeen[j] !== 0) continue;
      isSeen[j] = 1;
      part[--top] = j;
    }
  }
  part.subarray(0, n).sort();
  return n;
}

/** @returns number of the last wave; those of the parts before are `nWaves` */
function flood(
  markers: Int32Array,
  nMarkers: number,
  nWaves: number,
  region: Uint32Array,
  level: Uint16Array,
  offsets: Int32Array,
  connectivity: 4 | 8,
  queue: FloodQueue,
): number {
  const { next, wave, head, tail, leaves, twigs, roots } = queue;
  for (let a = 0; a < nMarkers; a++) {
    const i = markers[a];
    wave[i] = -1;
    let isEdge = false;
    for (let k = 0; k < connectivity; k++) if (region[i + offsets[k]] === 0) isEdge = true;
    if (!isEdge) continue;
    const l = level[i];
    if (head[l] === 0) {
      head[l] = i;
      leaves[l >> 5] |= 1 << (l & 31);
      twigs[l >> 10] |= 1 << ((l >> 5) & 31);
      roots[l >> 15] |= 1 << ((l >> 10) & 31);
    } else next[tail[l]] = i;
    tail[l] = i;
    next[i] = 0;
  }
  let n = nWaves;
  for (;;) {
    const r = roots[0] !== 0 ? 0 : 1;
    if (roots[r] === 0) return n;
    const t = (r << 5) | lowestBit(roots[r]);
    const f = (t << 5) | lowestBit(twigs[t]);
    const l = (f << 5) | lowestBit(leaves[f]);
    let i = head[l];
    head[l] = 0;
    leaves[f] &= ~(1 << (l & 31));
    if (leaves[f] === 0) {
      twigs[t] &= ~(1 << (f & 31));
      if (twigs[t] === 0) roots[r] &= ~(1 << (t & 31));
    }
    // What this level's waves meet on it, and below it.
    let level0 = 0;
    let level1 = 0;
    let dip0 = 0;
    let dip1 = 0;
    while (i !== 0) {
      n++;
      while (i !== 0) {
        const label = region[i];
        wave[i] = n;
        for (let k = 0; k < connectivity; k++) {
          const j = i + offsets[k];
          if (region[j] !== 0) {
            if (region[j] === label || region[j] === WALL || wave[j] !== 0) continue;
            // Met before by another flood, and its turn is still to come.
            if (isFirstIn(n, i, j, wave, offsets, connectivity)) region[j] = label;
            continue;
          }
          region[j] = label;
          next[j] = 0;
          const m = level[j];
          if (m > l) {
            if (head[m] === 0) {
              head[m] = j;
              leaves[m >> 5] |= 1 << (m & 31);
              twigs[m >> 10] |= 1 << ((m >> 5) & 31);
              roots[m >> 15] |= 1 << ((m >> 10) & 31);
            } else next[tail[m]] = j;
            tail[m] = j;
          } else if (m === l) {
            if (level0 === 0) level0 = j;
            else next[level1] = j;
            level1 = j;
          } else {
            if (dip0 === 0) dip0 = j;
            else next[dip1] = j;
            dip1 = j;
          }
        }
        i = next[i];
      }
      if (dip0 !== 0) {
        i = dip0;
        dip0 = 0;
      } else {
        i = level0;
        level0 = 0;
      }
    }
  }
}

/** Whether no wave before the n-th has met pixel j, and of that none of the pixels so far lies before i in raster order. */
function isFirstIn(
  n: number,
  i: number,
  j: number,
  wave: Int32Array,
  offsets: Int32Array,
  connectivity: 4 | 8,
): boolean {
  for (let k = 0; k < connectivity; k++) {
    const other = j + offsets[k];
    if (wave[other] > 0 && (wave[other] < n || (wave[other] === n && other < i))) return false;
  }
  return true;
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

const WALL = 0xffffffff;
