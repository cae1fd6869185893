import { squaredDistance } from "./crossDistances.ts";

/**
 * Nearest centre of each point with Hamerly's bounds (SIAM Data Mining 2010, 130, doi:10.1137/1.9781611972801.12): `upper` is
 * at least the distance to the point's centre, `lower` at most that to any other. Ties go to the lowest index.
 *
 * @param half half the distance of each centre to the nearest other, [k]
 * @param labels, upper, lower [n], updated; upper ∞ and lower 0 force a full search
 * @param squares scratch [k]
 * @returns how many labels changed
 */
export function assignClusters(
  n: number,
  k: number,
  d: number,
  points: Float64Array,
  centres: Float64Array,
  half: Float64Array,
  labels: Int32Array,
  upper: Float64Array,
  lower: Float64Array,
  squares: Float64Array,
): number {
  const whole = k - (k % 4);
  let changed = 0;
  for (let i = 0; i < n; i++) {
    const label = labels[i];
    const bound = Math.max(half[label], lower[i]);
    if (upper[i] < bound) continue;
    const own = Math.sqrt(squaredDistance(d, points, i * d, centres, label * d));
    upper[i] = own;
    if (own < bound) continue;
    let first = Number.POSITIVE_INFINITY;
    let second = Number.POSITIVE_INFINITY;
    let best = 0;
    // Four centres at a time: their sums do not wait for one another.
    for (let c = 0; c < whole; c += 4) {
      const c0 = c * d;
      const c1 = c0 + d;
      const c2 = c1 + d;
      const c3 = c2 + d;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let f = 0; f < d; f++) {
        const x = points[i * d + f];
        const d0 = x - centres[c0 + f];
        const d1 = x - centres[c1 + f];
        const d2 = x - centres[c2 + f];
        const d3 = x - centres[c3 + f];
        s0 += d0 * d0;
        s1 += d1 * d1;
        s2 += d2 * d2;
        s3 += d3 * d3;
      }
      squares[c] = s0;
      squares[c + 1] = s1;
      squares[c + 2] = s2;
      squares[c + 3] = s3;
    }
    for (let c = whole; c < k; c++) squares[c] = squaredDistance(d, points, i * d, centres, c * d);
    for (let c = 0; c < k; c++) {
      const square = squares[c];
      if (square < first) {
        second = first;
        first = square;
        best = c;
      } else if (square < second) second = square;
    }
    upper[i] = Math.sqrt(first);
    lower[i] = Math.sqrt(second);
    if (best !== label) {
      labels[i] = best;
      changed++;
    }
  }
  return changed;
}

/** Bounds after the centres `moved`: by how far the own centre did, and the farthest-moving other one. */
export function loosenBounds(
  n: number,
  k: number,
  labels: Int32Array,
  upper: Float64Array,
  lower: Float64Array,
  moved: Float64Array,
): void {
  let farthest = 0;
  for (let c = 1; c < k; c++) if (moved[c] > moved[farthest]) farthest = c;
  let second = 0;
  for (let c = 0; c < k; c++) if (c !== farthest && moved[c] > second) second = moved[c];
  const most = moved[farthest];
  // A little more than moved, so that rounding cannot make a bound too tight.
  for (let i = 0; i < n; i++) {
    const label = labels[i];
    upper[i] = (upper[i] + moved[label]) * (1 + 1e-14);
    lower[i] = (lower[i] - (label === farthest ? second : most)) * (1 - 1e-14);
  }
}

/** Means of the clusters into `centres`, numbers of points into `counts`; the centre of an empty cluster is left as it was. */
export function clusterMeans(
  n: number,
  k: number,
  d: number,
  points: Float64Array,
  labels: Int32Array,
  sums: Float64Array,
  counts: Int32Array,
  centres: Float64Array,
): void {
  sums.fill(0);
  counts.fill(0);
  for (let i = 0; i < n; i++) {
    const at = labels[i] * d;
    counts[labels[i]]++;
    for (let f = 0; f < d; f++) sums[at + f] += points[i * d + f];
  }
  for (let c = 0; c < k; c++) {
    if (counts[c] === 0) continue;
    for (let f = 0; f < d; f++) centres[c * d + f] = sums[c * d + f] / counts[c];
  }
}
