/**
 * Floods of one row of pixels, as a band hands them to the next: where `label` is not 0, the place of the pixel in the order of
 * flooding (`priority`, `step`, `dip`), the marker pixel its flood began at (`source`, place in the whole image), and through
 * which pixel the flood entered the band: `entry` is x + 1 in the row above the band, −(x + 1) in the row below, 0 where the
 * marker lies in the band.
 */
export interface FloodRow {
  readonly priority: Float64Array;
  readonly source: Float64Array;
  readonly step: Uint32Array;
  readonly dip: Uint32Array;
  readonly label: Uint32Array;
  readonly entry: Int32Array;
}

/**
 * Watershed from markers with real levels: `compactness` times the Euclidean distance (px) from the marker pixel that a flood
 * began at is added to the level of a pixel (P. Neubert, P. Protzel, Proc. ICPR 2014, 996, doi:10.1109/ICPR.2014.181), and
 * `hasLine` leaves a line of 0, one pixel wide, where floods meet: a pixel beside another label when its turn comes gets
 * none and passes none on.
 *
 * Whose turn it is depends on the path of the flood alone, so that an image can be flooded in bands. A flood that comes from a
 * pixel of the order (priority, step, dip) into one whose level and distance make p has there
 *
 *   (p, 0, 0) for p > priority, (priority, step + 1, 0) for p = priority, (priority, step, dip + 1) for p < priority;
 *
 * the least comes first, of equals the first pixel in raster order, and a pixel takes the first flood that reaches it, of equals
 * the one whose last pixel came first. So plateaus are flooded ring by ring, and basins at once when their rim is passed.
 *
 * `labels` holds the markers of the rows `top` … `top + height` − 1 of an image on entry and the regions on return. `above` and
 * `below` hold the floods of the adjoining rows, `first` and `last` get those of the band's own; rows of length 0 are left out.
 * Where the mask is empty (length 0) everything is flooded.
 */
export function compactWatershed(
  width: number,
  height: number,
  top: number,
  levels: Float32Array,
  mask: Uint8Array,
  connectivity: 4 | 8,
  compactness: number,
  hasLine: boolean,
  above: FloodRow,
  below: FloodRow,
  labels: Uint32Array,
  first: FloodRow,
  last: FloodRow,
): void {
  // A frame around the band holds the adjoining rows.
  const w = width + 2;
  const size = w * (height + 2);
  const floods: Floods = {
    state: new Uint8Array(size).fill(WALL),
    region: new Uint32Array(size),
    priority: new Float64Array(size),
    source: new Float64Array(size),
    step: new Uint32Array(size),
    dip: new Uint32Array(size),
    entry: new Int32Array(first.label.length > 0 ? size : 0),
  };
  const { state, region, priority, source, step, dip, entry } = floods;
  const hasEntry = entry.length > 0;
  const heap: Heap = { items: new Float64Array(ITEM * 1024), count: 0 };
  const hasMask = mask.length > 0;
  for (let y = 0, u = 0; y < height; y++) {
    for (let x = 0; x < width; x++, u++) {
      if (hasMask && mask[u] === 0) continue;
      const i = (y + 1) * w + x + 1;
      state[i] = FREE;
      if (labels[u] === 0) continue;
      state[i] = MARKER;
      region[i] = labels[u];
      priority[i] = levels[u];
      source[i] = (top + y) * width + x;
      push(heap, priority[i], 0, 0, i);
    }
  }
  admit(above, 1, 1, (top - 1) * width, floods, heap);
  admit(below, (height + 1) * w + 1, -1, (top + height) * width, floods, heap);
  const offsets = Int32Array.of(-w, -1, 1, w, -w - 1, -w + 1, w - 1, w + 1);
  const right = Int32Array.of(0, -1, 1, 0, -1, 1, -1, 1);
  const down = Int32Array.of(-1, 0, 0, 1, -1, -1, 1, 1);
  while (heap.count > 0) {
    const i = pop(heap);
    if (state[i] < QUEUED) continue; // has had its turn
    const label = region[i];
    if (state[i] === QUEUED) {
      let meets = false;
      for (let k = 0; hasLine && k < connectivity; k++) {
        const j = i + offsets[k];
        if ((state[j] === DONE || state[j] === MARKER) && region[j] !== label) meets = true;
      }
      if (meets) {
        state[i] = LINE;
        continue;
      }
    }
    state[i] = DONE;
    const y = Math.floor(i / w) - 1;
    const x = i - (y + 1) * w - 1;
    const u = y * width + x;
    const s = source[i];
    const sourceRow = Math.floor(s / width);
    const toX = x - (s - sourceRow * width);
    const toY = top + y - sourceRow;
    for (let k = 0; k < connectivity; k++) {
      const j = i + offsets[k];
      const isQueued = state[j] === QUEUED;
      if (!isQueued && state[j] !== FREE) continue;
      let p = levels[u + down[k] * width + right[k]];
      if (compactness > 0) {
        const dx = toX + right[k];
        const dy = toY + down[k];
        p += compactness * Math.sqrt(dx * dx + dy * dy);
      }
      let h = 0;
      let g = 0;
      if (p <= priority[i]) {
        h = step[i];
        if (p === priority[i]) h++;
        else g = dip[i] + 1;
        p = priority[i];
      }
      // What is queued goes on unless this flood comes sooner; what it replaces is passed over when it leaves the heap.
      if (isQueued) {
        if (p > priority[j]) continue;
        if (p === priority[j] && (h > step[j] || (h === step[j] && g >= dip[j]))) continue;
      }
      state[j] = QUEUED;
      region[j] = label;
      priority[j] = p;
      step[j] = h;
      dip[j] = g;
      source[j] = s;
      if (hasEntry) entry[j] = entry[i];
      push(heap, p, h, g, j);
    }
  }
  for (let y = 0, u = 0; y < height; y++) {
    for (let i = (y + 1) * w + 1; i <= (y + 1) * w + width; i++) labels[u++] = state[i] === DONE ? region[i] : 0;
  }
  if (!hasEntry) return;
  release(floods, w + 1, first);
  release(floods, height * w + 1, last);
}

/** What is known of every pixel of the framed band. */
interface Floods extends Omit<FloodRow, "label"> {
  readonly state: Uint8Array;
  readonly region: Uint32Array;
}

// States of a pixel; those from QUEUED on await their turn.
const FREE = 0;
const WALL = 1;
const LINE = 2;
const DONE = 3;
const QUEUED = 4;
/** Has its label from the beginning. */
const MARKER = 5;
/** Flood in an adjoining row. */
const BESIDE = 6;

/** Queues the floods of an adjoining row: pixels from `to` on of the framed band, from `place` on in the whole image. */
function admit(row: FloodRow, to: number, side: 1 | -1, place: number, floods: Floods, heap: Heap): void {
  for (let x = 0; x < row.label.length; x++) {
    if (row.label[x] === 0) continue;
    const i = to + x;
    floods.state[i] = row.source[x] === place + x ? MARKER : BESIDE;
    floods.region[i] = row.label[x];
    floods.priority[i] = row.priority[x];
    floods.source[i] = row.source[x];
    floods.step[i] = row.step[x];
    floods.dip[i] = row.dip[x];
    floods.entry[i] = side * (x + 1);
    push(heap, row.priority[x], row.step[x], row.dip[x], i);
  }
}

/** Floods of the pixels from `from` on of the framed band. */
function release(floods: Floods, from: number, row: FloodRow): void {
  for (let x = 0; x < row.label.length; x++) {
    const i = from + x;
    const isLabelled = floods.state[i] === DONE;
    row.label[x] = isLabelled ? floods.region[i] : 0;
    row.priority[x] = isLabelled ? floods.priority[i] : 0;
    row.source[x] = isLabelled ? floods.source[i] : 0;
    row.step[x] = isLabelled ? floods.step[i] : 0;
    row.dip[x] = isLabelled ? floods.dip[i] : 0;
    row.entry[x] = isLabelled ? floods.entry[i] : 0;
  }
}

/**
 * Whether floods that have changed in a row can matter to the band beside it, of whose adjoining row `own` holds the floods that
 * the band has been found with: whether one comes to a pixel no later than what holds it, or decides about a line. `changed` is not 0
 * where floods of `beside` have changed, `levels` and `mask` (all, if empty) are those of the adjoining row, `row` its place
 * in the image. What had come through pixels that changed must have been removed from `own` before.
 */
export function floodsMatter(
  width: number,
  row: number,
  levels: Float32Array,
  mask: Uint8Array,
  connectivity: 4 | 8,
  compactness: number,
  hasLine: boolean,
  changed: Uint8Array,
  beside: FloodRow,
  own: FloodRow,
): boolean {
  const reach = connectivity === 8 ? 1 : 0;
  for (let x = 0; x < width; x++) {
    if (changed[x] === 0) continue;
    const s = beside.source[x];
    const sourceRow = Math.floor(s / width);
    const isThere = beside.label[x] !== 0;
    for (let c = Math.max(0, x - reach); c <= x + reach && c < width; c++) {
      if (mask.length > 0 && mask[c] === 0) continue;
      if (own.label[c] === 0) {
        if (isThere || hasLine) return true;
        continue;
      }
      if (!isThere || own.source[c] === row * width + c) continue;
      // Markers have their label before their turn.
      const isMarker = Math.abs(sourceRow - row) === 1 && s - sourceRow * width === x;
      if (hasLine && beside.label[x] !== own.label[c] && (isMarker || beside.priority[x] <= own.priority[c]))
        return true;
      let p = levels[c];
      if (compactness > 0) {
        const dx = c - (s - sourceRow * width);
        const dy = row - sourceRow;
        p += compactness * Math.sqrt(dx * dx + dy * dy);
      }
      const t = Math.max(p, beside.priority[x]);
      if (t !== own.priority[c]) {
        if (t < own.priority[c]) return true;
        continue;
      }
      const h = p > beside.priority[x] ? 0 : beside.step[x] + (p === beside.priority[x] ? 1 : 0);
      if (h !== own.step[c]) {
        if (h < own.step[c]) return true;
        continue;
      }
      if ((p < beside.priority[x] ? beside.dip[x] + 1 : 0) <= own.dip[c]) return true;
    }
  }
  return false;
}

/** Four children each; an item is (priority, step, dip, pixel), in that order of importance. */
interface Heap {
  items: Float64Array;
  count: number;
}

const ITEM = 4;

function push(heap: Heap, p: number, h: number, g: number, pixel: number): void {
  let { items } = heap;
  if ((heap.count + 1) * ITEM > items.length) {
    items = new Float64Array(2 * items.length);
    items.set(heap.items);
    heap.items = items;
  }
  let at = heap.count++;
  while (at > 0) {
    const up = (at - 1) >> 2;
    if (!isSooner(items, p, h, g, pixel, up * ITEM)) break;
    const from = up * ITEM;
    put(items, at * ITEM, items[from], items[from + 1], items[from + 2], items[from + 3]);
    at = up;
  }
  put(items, at * ITEM, p, h, g, pixel);
}

/** Takes the first item out; returns its pixel. */
function pop(heap: Heap): number {
  const { items } = heap;
  const found = items[3];
  const count = --heap.count;
  const end = count * ITEM;
  const p = items[end];
  const h = items[end + 1];
  const g = items[end + 2];
  const pixel = items[end + 3];
  let at = 0;
  for (;;) {
    let child = 4 * at + 1;
    if (child >= count) break;
    const stop = Math.min(count, child + 4);
    for (let k = child + 1; k < stop; k++) {
      const c = k * ITEM;
      if (isSooner(items, items[c], items[c + 1], items[c + 2], items[c + 3], child * ITEM)) child = k;
    }
    if (isSooner(items, p, h, g, pixel, child * ITEM)) break;
    const c = child * ITEM;
    put(items, at * ITEM, items[c], items[c + 1], items[c + 2], items[c + 3]);
    at = child;
  }
  put(items, at * ITEM, p, h, g, pixel);
  return found;
}

function put(items: Float64Array, at: number, p: number, h: number, g: number, pixel: number): void {
  items[at] = p;
  items[at + 1] = h;
  items[at + 2] = g;
  items[at + 3] = pixel;
}

function isSooner(items: Float64Array, p: number, h: number, g: number, pixel: number, than: number): boolean {
  if (p !== items[than]) return p < items[than];
  if (h !== items[than + 1]) return h < items[than + 1];
  if (g !== items[than + 2]) return g < items[than + 2];
  return pixel < items[than + 3];
}
