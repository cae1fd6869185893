import { squaredDistance } from "./crossDistances.ts";

/** Rows in a leaf of the tree. */
const LEAF = 12;
/** What rounding may add to the bound of a box relative to the distance of a point in it. */
const SAFE = 1 - 1e-12;

/**
 * Orders the rows into a k-d tree: each node halves its rows at the median of the coordinate of largest spread. Node i has
 * children 2i + 1 and 2i + 2; the halves follow from the count alone.
 *
 * @param order 0 … n − 1 on entry, the rows of the leaves from left to right on return
 * @param axis receives the split coordinate of each node, [nodes]; −1 in leaves
 * @param split receives the split value, [nodes]
 */
export function buildTree(
  d: number,
  points: Float64Array,
  order: Int32Array,
  axis: Int32Array,
  split: Float64Array,
): void {
  divide(d, points, order, axis, split, 0, 0, order.length);
}

function divide(
  d: number,
  points: Float64Array,
  order: Int32Array,
  axis: Int32Array,
  split: Float64Array,
  node: number,
  from: number,
  to: number,
): void {
  axis[node] = -1;
  if (to - from <= LEAF) return;
  let best = -1;
  let spread = 0;
  for (let f = 0; f < d; f++) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = from; i < to; i++) {
      const x = points[order[i] * d + f];
      if (x < low) low = x;
      if (x > high) high = x;
    }
    if (high - low > spread) {
      spread = high - low;
      best = f;
    }
  }
  if (best < 0) return;
  const middle = (from + to) >> 1;
  select(d, points, order, best, from, to - 1, middle);
  axis[node] = best;
  split[node] = points[order[middle] * d + best];
  divide(d, points, order, axis, split, 2 * node + 1, from, middle);
  divide(d, points, order, axis, split, 2 * node + 2, middle, to);
}

/** Quickselect: afterwards order[at] has the rank it would have if sorted by coordinate f. */
function select(
  d: number,
  points: Float64Array,
  order: Int32Array,
  f: number,
  from: number,
  to: number,
  at: number,
): void {
  let low = from;
  let high = to;
  while (low < high) {
    const pivot = points[order[(low + high) >> 1] * d + f];
    let i = low;
    let j = high;
    while (i <= j) {
      while (points[order[i] * d + f] < pivot) i++;
      while (points[order[j] * d + f] > pivot) j--;
      if (i <= j) {
        const held = order[i];
        order[i] = order[j];
        order[j] = held;
        i++;
        j--;
      }
    }
    if (at <= j) high = j;
    else if (at >= i) low = i;
    else return;
  }
}

/** The k nearest so far, sorted by distance, then row; `at` is where the query's slots begin. */
function offer(k: number, distances: Float64Array, rows: Int32Array, at: number, distance: number, row: number): void {
  const last = at + k - 1;
  if (distance > distances[last] || (distance === distances[last] && row > rows[last])) return;
  let slot = last;
  while (slot > at && (distances[slot - 1] > distance || (distances[slot - 1] === distance && rows[slot - 1] > row))) {
    distances[slot] = distances[slot - 1];
    rows[slot] = rows[slot - 1];
    slot--;
  }
  distances[slot] = distance;
  rows[slot] = row;
}

/**
 * k nearest rows of each query by the tree. `distances` (squared, filled with ∞) and `rows` (filled with the largest integer)
 * receive [nQueries, k]; `offsets` is scratch of d.
 */
export function searchTree(
  nQueries: number,
  d: number,
  k: number,
  queries: Float64Array,
  points: Float64Array,
  order: Int32Array,
  axis: Int32Array,
  split: Float64Array,
  offsets: Float64Array,
  distances: Float64Array,
  rows: Int32Array,
): void {
  const n = order.length;
  const visit = (q: number, at: number, node: number, from: number, to: number, bound: number): void => {
    const f = axis[node];
    if (f < 0) {
      for (let i = from; i < to; i++) {
        const row = order[i];
        offer(k, distances, rows, at, squaredDistance(d, queries, q, points, row * d), row);
      }
      return;
    }
    const middle = (from + to) >> 1;
    const gap = queries[q + f] - split[node];
    const left = gap < 0;
    if (left) visit(q, at, 2 * node + 1, from, middle, bound);
    else visit(q, at, 2 * node + 2, middle, to, bound);
    const held = offsets[f];
    const farther = bound - held * held + gap * gap;
    if (farther * SAFE > distances[at + k - 1]) return;
    offsets[f] = gap;
    if (left) visit(q, at, 2 * node + 2, middle, to, farther);
    else visit(q, at, 2 * node + 1, from, middle, farther);
    offsets[f] = held;
  };
  for (let q = 0; q < nQueries; q++) {
    offsets.fill(0);
    visit(q * d, q * k, 0, 0, n, 0);
  }
}

/** k nearest rows of each query by looking at all of them, four at a time; results as by {@link searchTree}. */
export function searchAll(
  nQueries: number,
  nPoints: number,
  d: number,
  k: number,
  queries: Float64Array,
  points: Float64Array,
  distances: Float64Array,
  rows: Int32Array,
): void {
  const whole = nPoints - (nPoints % 4);
  for (let q = 0; q < nQueries; q++) {
    const at = q * k;
    const row = q * d;
    // Not the loop of crossDistances.ts: through a buffer of its distances, a search takes longer, most with few columns.
    for (let j = 0; j < whole; j += 4) {
      const b0 = j * d;
      const b1 = b0 + d;
      const b2 = b1 + d;
      const b3 = b2 + d;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let f = 0; f < d; f++) {
        const x = queries[row + f];
        const d0 = x - points[b0 + f];
        const d1 = x - points[b1 + f];
        const d2 = x - points[b2 + f];
        const d3 = x - points[b3 + f];
        s0 += d0 * d0;
        s1 += d1 * d1;
        s2 += d2 * d2;
        s3 += d3 * d3;
      }
      offer(k, distances, rows, at, s0, j);
      offer(k, distances, rows, at, s1, j + 1);
      offer(k, distances, rows, at, s2, j + 2);
      offer(k, distances, rows, at, s3, j + 3);
    }
    for (let j = whole; j < nPoints; j++)
      offer(k, distances, rows, at, squaredDistance(d, queries, row, points, j * d), j);
  }
}
