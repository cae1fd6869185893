/**
 * Watershed from markers inside a mask: of all pixels that touch a labelled one the lowest is labelled next, of equally low
 * ones that which was met first (F. Meyer's flooding, as priority queue with one first-in-first-out list a level).
 * `labels` holds the markers on entry and the regions on return; it is 0 outside the mask and where no flood comes.
 * Where the mask is empty (length 0) the whole image is flooded.
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
    head: new Int32Array(1 << 16),
    tail: new Int32Array(1 << 16),
    leaves: new Int32Array(1 << 11),
    twigs: new Int32Array(1 << 6),
    roots: new Int32Array(2),
  };
  const part = new Int32Array(size);
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
    flood(part, n, region, level, offsets, connectivity, queue);
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

function flood(
  markers: Int32Array,
  nMarkers: number,
  region: Uint32Array,
  level: Uint16Array,
  offsets: Int32Array,
  connectivity: 4 | 8,
  queue: FloodQueue,
): void {
  const { next, head, tail, leaves, twigs, roots } = queue;
  for (let a = 0; a < nMarkers; a++) {
    const i = markers[a];
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
  for (;;) {
    const r = roots[0] !== 0 ? 0 : 1;
    if (roots[r] === 0) return;
    const t = (r << 5) | lowestBit(roots[r]);
    const f = (t << 5) | lowestBit(twigs[t]);
    const l = (f << 5) | lowestBit(leaves[f]);
    const i = head[l];
    head[l] = next[i];
    if (head[l] === 0) {
      leaves[f] &= ~(1 << (l & 31));
      if (leaves[f] === 0) {
        twigs[t] &= ~(1 << (f & 31));
        if (twigs[t] === 0) roots[r] &= ~(1 << (t & 31));
      }
    }
    const label = region[i];
    for (let k = 0; k < connectivity; k++) {
      const j = i + offsets[k];
      if (region[j] !== 0) continue;
      region[j] = label;
      const m = level[j];
      if (head[m] === 0) {
        head[m] = j;
        leaves[m >> 5] |= 1 << (m & 31);
        twigs[m >> 10] |= 1 << ((m >> 5) & 31);
        roots[m >> 15] |= 1 << ((m >> 10) & 31);
      } else next[tail[m]] = j;
      tail[m] = j;
      next[j] = 0;
    }
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

const WALL = 0xffffffff;

/**
 * The same with real levels, by a binary heap, and with two more things: `compactness` times the Euclidean distance (px) from
 * the marker pixel that a flood began at is added to the level of a pixel (P. Neubert, P. Protzel, Proc. ICPR 2014, 996,
 * doi:10.1109/ICPR.2014.181), and `hasLine` leaves a line of 0, one pixel wide, where floods meet. A pixel is labelled when
 * its turn comes, not when it is met.
 */
export function compactWatershed(
  width: number,
  height: number,
  levels: Float32Array,
  mask: Uint8Array,
  connectivity: 4 | 8,
  compactness: number,
  hasLine: boolean,
  labels: Uint32Array,
): void {
  const w = width + 2;
  const size = w * (height + 2);
  const region = new Uint32Array(size).fill(WALL);
  const hasMask = mask.length > 0;
  const offsets = Int32Array.of(-w, -1, 1, w, -w - 1, -w + 1, w - 1, w + 1);
  // Heap of (priority, age), the pixel and the marker pixel it is reached from; grown when full.
  let capacity = 1024;
  let priority = new Float64Array(capacity);
  let age = new Float64Array(capacity);
  let pixel = new Int32Array(capacity);
  let source = new Int32Array(capacity);
  let count = 0;
  let clock = 0;
  const push = (p: number, i: number, s: number): void => {
    if (count === capacity) {
      capacity *= 2;
      priority = grown(priority, new Float64Array(capacity));
      age = grown(age, new Float64Array(capacity));
      pixel = grown(pixel, new Int32Array(capacity));
      source = grown(source, new Int32Array(capacity));
    }
    let at = count++;
    const a = clock++;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (priority[up] <= p) break; // an equal one is older
      priority[at] = priority[up];
      age[at] = age[up];
      pixel[at] = pixel[up];
      source[at] = source[up];
      at = up;
    }
    priority[at] = p;
    age[at] = a;
    pixel[at] = i;
    source[at] = s;
  };
  const drop = (): void => {
    count--;
    const p = priority[count];
    const a = age[count];
    const i = pixel[count];
    const s = source[count];
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      const other = child + 1;
      if (
        other < count &&
        (priority[other] < priority[child] || (priority[other] === priority[child] && age[other] < age[child]))
      ) {
        child = other;
      }
      if (priority[child] > p || (priority[child] === p && age[child] > a)) break;
      priority[at] = priority[child];
      age[at] = age[child];
      pixel[at] = pixel[child];
      source[at] = source[child];
      at = child;
    }
    priority[at] = p;
    age[at] = a;
    pixel[at] = i;
    source[at] = s;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (!hasMask || mask[i] !== 0) region[(y + 1) * w + x + 1] = labels[i];
    }
  }
  const marker = region.slice();
  for (let i = w; i < size - w; i++) {
    if (marker[i] !== 0 && marker[i] !== WALL) push(levels[unframed(i, w, width)], i, i);
  }
  const isDone = new Uint8Array(size);
  while (count > 0) {
    const i = pixel[0];
    const s = source[0];
    drop();
    if (isDone[i] !== 0) continue;
    isDone[i] = 1;
    const label = marker[s];
    if (i !== s) {
      if (marker[i] !== 0) continue;
      if (hasLine) {
        let meets = false;
        for (let k = 0; k < connectivity; k++) {
          const other = region[i + offsets[k]];
          if (other !== 0 && other !== WALL && other !== label) meets = true;
        }
        if (meets) continue;
      }
      region[i] = label;
    }
    for (let k = 0; k < connectivity; k++) {
      const j = i + offsets[k];
      if (region[j] !== 0 || isDone[j] !== 0) continue;
      const dx = (j % w) - (s % w);
      const dy = Math.floor(j / w) - Math.floor(s / w);
      push(levels[unframed(j, w, width)] + compactness * Math.sqrt(dx * dx + dy * dy), j, s);
    }
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = region[(y + 1) * w + x + 1];
      labels[y * width + x] = value === WALL ? 0 : value;
    }
  }
}

function grown<T extends Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Place in the image of place i in the framed one. */
function unframed(i: number, w: number, width: number): number {
  const y = Math.floor(i / w);
  return (y - 1) * width + (i - y * w) - 1;
}
