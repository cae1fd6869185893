/** State of a pixel that no flood has reached. */
export const NOT_REACHED = 0xffffffff;

/**
 * States (M, d) in which the floods of `watershed` reach the pixels of one band, as M · levelSteps + d, in place:
 * `arrivals` holds what is known so far, level · levelSteps on seeds, and is lowered until no step inside the band or from
 * the rows `above` and `below` it lowers anything. With `isFirst` all that is known is spread, else only what the two rows
 * bring. Returns false where d would reach `levelSteps` − 1.
 */
export function floodArrivals(
  width: number,
  height: number,
  levels: Uint16Array,
  nLevels: number,
  levelSteps: number,
  above: Uint32Array,
  below: Uint32Array,
  isFirst: boolean,
  arrivals: Uint32Array,
): boolean {
  // Side by side, as in `watershed`; states of the frame are 0, which nothing lowers.
  const pitch = FIELDS * (width + 2);
  const cells = new Uint32Array(pitch * (height + 2));
  for (let y = 0; y < height; y++) {
    let p = (y + 1) * pitch + FIELDS;
    for (let i = y * width; i < (y + 1) * width; i++, p += FIELDS) {
      cells[p + STATE] = arrivals[i];
      cells[p + LEVEL] = levels[i];
    }
  }
  const head = new Int32Array(nLevels); // of the queue of each level, by rising d; 0 is in the frame
  const tail = new Int32Array(nLevels);
  const late = new Float64Array(2 * width); // what the rows bring: state · 2 width + place in the rows
  let nLate = 0;
  for (let side = 0; side < 2; side++) {
    const row = side === 0 ? above : below;
    const start = (side === 0 ? 1 : height) * pitch + FIELDS;
    for (let x = 0; x < width; x++) {
      const from = row[x];
      if (from === NOT_REACHED) continue;
      const p = start + FIELDS * x;
      const isRise = cells[p + LEVEL] > Math.floor(from / levelSteps);
      if (!isRise && (from % levelSteps) + 2 >= levelSteps) return false;
      const value = isRise ? cells[p + LEVEL] * levelSteps : from + 1;
      if (value >= cells[p + STATE]) continue;
      cells[p + STATE] = value;
      late[nLate++] = value * 2 * width + side * width + x;
    }
  }
  const order = late.subarray(0, nLate).sort();
  if (isFirst) {
    for (let y = 1; y <= height; y++) {
      const stop = y * pitch + FIELDS * (width + 1);
      for (let p = y * pitch + FIELDS; p < stop; p += FIELDS) {
        const level = cells[p + LEVEL];
        const own = cells[p];
        if (own !== level * levelSteps) continue;
        if (
          cells[p - FIELDS] <= own &&
          cells[p + FIELDS] <= own &&
          cells[p - pitch] <= own &&
          cells[p + pitch] <= own
        ) {
          continue;
        }
        if (tail[level] === 0) head[level] = p;
        else cells[tail[level] + NEXT] = p;
        tail[level] = p;
      }
    }
  }
  let k = 0;
  for (let level = 0; level < nLevels; level++) {
    const end = (level + 1) * levelSteps;
    let queued = head[level];
    for (;;) {
      let lateState = end;
      let latePixel = 0;
      if (k < nLate) {
        lateState = Math.floor(order[k] / (2 * width));
        const place = order[k] - lateState * 2 * width;
        latePixel = place < width ? pitch + FIELDS * (1 + place) : height * pitch + FIELDS * (1 + place - width);
      }
      let p: number;
      if (queued !== 0 && cells[queued] <= lateState) {
        p = queued;
        queued = cells[p + NEXT];
      } else if (lateState < end) {
        p = latePixel;
        k++;
        if (cells[p] !== lateState) continue; // something lower came first
      } else break;
      const from = cells[p];
      if (from + 2 >= end) return false;
      for (let side = 0; side < 4; side++) {
        const q = side < 2 ? p + (side === 0 ? -FIELDS : FIELDS) : p + (side === 2 ? -pitch : pitch);
        const ground = cells[q + LEVEL];
        const value = ground > level ? ground * levelSteps : from + 1;
        if (value >= cells[q]) continue;
        cells[q] = value;
        cells[q + NEXT] = 0;
        const to = Math.max(ground, level);
        if (to === level) {
          if (queued === 0) queued = q;
          else cells[tail[level] + NEXT] = q;
        } else if (tail[to] === 0) head[to] = q;
        else cells[tail[to] + NEXT] = q;
        tail[to] = q;
      }
    }
  }
  for (let y = 0; y < height; y++) {
    let p = (y + 1) * pitch + FIELDS;
    for (let i = y * width; i < (y + 1) * width; i++, p += FIELDS) arrivals[i] = cells[p];
  }
  return true;
}

const FIELDS = 4;
const STATE = 0;
const NEXT = 1;
const LEVEL = 2;

/**
 * Labels of the pixels in rows `from` … `to` − 1 from the final `arrivals` of all rows given: a pixel without a label takes
 * that of its neighbour in the least state, of several the least label, in place. `labels` holds the seeds in these rows, and
 * what is known of the rows around them (0: nothing yet). A pixel whose label is not known yet stays 0.
 */
export function floodLabels(
  width: number,
  height: number,
  from: number,
  to: number,
  arrivals: Uint32Array,
  labels: Uint32Array,
): void {
  const stack = new Int32Array((to - from) * width + 1);
  const first = from * width;
  const end = to * width;
  const size = height * width;
  for (let start = first; start < end; start++) {
    if (labels[start] !== 0 || arrivals[start] === NOT_REACHED) continue;
    let depth = 0;
    stack[depth++] = start;
    while (depth > 0) {
      const i = stack[depth - 1];
      const x = i % width;
      const left = x > 0 ? arrivals[i - 1] : NOT_REACHED;
      const right = x + 1 < width ? arrivals[i + 1] : NOT_REACHED;
      const up = i >= width ? arrivals[i - width] : NOT_REACHED;
      const down = i + width < size ? arrivals[i + width] : NOT_REACHED;
      const least = Math.min(left, right, up, down);
      let label = NOT_REACHED;
      let waitsFor = -1;
      for (let side = 0; side < 4; side++) {
        const j = side === 0 ? i - 1 : side === 1 ? i + 1 : side === 2 ? i - width : i + width;
        const state = side === 0 ? left : side === 1 ? right : side === 2 ? up : down;
        if (state !== least) continue;
        if (labels[j] === 0) {
          if (j >= first && j < end) waitsFor = j;
        } else if (labels[j] < label) label = labels[j];
      }
      if (waitsFor >= 0) stack[depth++] = waitsFor;
      else {
        labels[i] = label; // NOT_REACHED: not known yet
        depth--;
      }
    }
  }
  for (let i = first; i < end; i++) if (labels[i] === NOT_REACHED) labels[i] = 0;
}
