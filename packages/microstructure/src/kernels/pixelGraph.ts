/**
 * Links listed pixels with their neighbours: neighbours[8 i + k] gets the place in the list of the neighbour of pixel i to the
 * east, south-east, south … north-east (k = 0 … 7), −1 where that is not listed. `x` and `y` hold `n` pixels in raster order.
 */
export function linkPixels(n: number, x: Uint32Array, y: Uint32Array, neighbours: Int32Array): void {
  neighbours.fill(-1, 0, 8 * n);
  let below = 0;
  for (let i = 0; i < n; i++) {
    if (i + 1 < n && y[i + 1] === y[i] && x[i + 1] === x[i] + 1) {
      neighbours[8 * i] = i + 1;
      neighbours[8 * i + 12] = i; // west of the next
    }
    while (below < n && (y[below] <= y[i] || (y[below] === y[i] + 1 && x[below] + 1 < x[i]))) below++;
    for (let j = below; j < n && y[j] === y[i] + 1 && x[j] <= x[i] + 1; j++) {
      const k = 2 + x[i] - x[j]; // south-east 1, south 2, south-west 3
      neighbours[8 * i + k] = j;
      neighbours[8 * j + k + 4] = i;
    }
  }
}

/** Neighbours in raster order. */
const RASTER = [5, 6, 7, 4, 0, 3, 2, 1];

/**
 * Shortest way along the links of `linkPixels` from `start` to every one of the `n` pixels: `distance` gets the length (steps of 1
 * and √2), −1 where there is none, `previous` the pixel before, −1 at the start. Returns the farthest pixel, the first of equal
 * ones. Meant for lines one or a few pixels wide, where corrections are rare. `queue` holds `n` places, as the outputs do.
 */
export function geodesic(
  n: number,
  neighbours: Int32Array,
  start: number,
  queue: Int32Array,
  distance: Float32Array,
  previous: Int32Array,
): number {
  const waiting = new Uint8Array(n);
  distance.fill(-1);
  previous.fill(-1);
  distance[start] = 0;
  let head = 0;
  let count = 1;
  queue[0] = start;
  waiting[start] = 1;
  while (count > 0) {
    const i = queue[head];
    head = head + 1 === n ? 0 : head + 1;
    count--;
    waiting[i] = 0;
    for (let r = 0; r < 8; r++) {
      const k = RASTER[r];
      const j = neighbours[8 * i + k];
      if (j < 0) continue;
      const d = distance[i] + ((k & 1) === 1 ? Math.SQRT2 : 1);
      if (distance[j] >= 0 && distance[j] <= d + 1e-4) continue;
      distance[j] = d;
      previous[j] = i;
      if (waiting[j] === 0) {
        waiting[j] = 1;
        queue[(head + count) % n] = j;
        count++;
      }
    }
  }
  let farthest = start;
  for (let i = 0; i < n; i++) if (distance[i] > distance[farthest]) farthest = i;
  return farthest;
}

/** Separate lines that leave a pixel: rises from unset to set once around it, among the pixels whose `isOn` is 1. */
export function linesLeaving(neighbours: Int32Array, isOn: Uint8Array, i: number): number {
  let rises = 0;
  let before = isSet(neighbours[8 * i + 7], isOn);
  for (let k = 0; k < 8; k++) {
    const here = isSet(neighbours[8 * i + k], isOn);
    if (here > before) rises++;
    before = here;
  }
  return rises;
}

function isSet(j: number, isOn: Uint8Array): number {
  return j < 0 ? 0 : isOn[j];
}
