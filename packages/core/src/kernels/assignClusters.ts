import { squaredDistance } from "./crossDistances.ts";

/**
 * Nearest centre of each point with Hamerly's bounds (SIAM Data Mining 2010, 130, doi:10.1137/1.9781611972801.12): `upper` is
 * at least the distance to the point's centre, `lower` at most that to any other. Ties go to the lowest index.
 *
 * @param half half the distance of each centre to the nearest other, [k]
 * @param labels, upper, lower [n], updated; upper ∞ and lower 0 force a full search
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
): number {
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
    for (let c = 0; c < k; c++) {
      const square = squaredDistance(d, points, i * d, centres, c * d);
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
