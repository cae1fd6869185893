import { DomainError, type Matrix } from "@materiome/core";

export interface Medoids {
  /** Index of each cluster's medoid. */
  readonly medoids: readonly number[];
  /** Cluster of each point. */
  readonly assigned: Int32Array;
  /** Weighted sum of distances to the medoids. */
  readonly cost: number;
  /** Weighted mean silhouette width, −1 … 1; 0 for one cluster. */
  readonly silhouette: number;
}

/**
 * k-medoids by PAM, BUILD then SWAP: the points as centres that have the least weighted sum of distances to all points, up to single
 * exchanges. Deterministic; O(k n²) per exchange.
 *
 * Silhouette of a point: (b − a) / max(a, b), a its mean distance to the others of its cluster, b the least mean distance to
 * another cluster; 0 where it is alone.
 *
 * @param distances - [n, n], symmetric
 * @throws DomainError unless 1 ≤ k ≤ n
 * @see L. Kaufman & P. J. Rousseeuw, Finding Groups in Data, Wiley (1990), doi:10.1002/9780470316801, chapter 2; P. J. Rousseeuw,
 * J. Comput. Appl. Math. 20, 53 (1987), doi:10.1016/0377-0427(87)90125-7
 */
export function kMedoids(distances: Matrix, weights: Float64Array, k: number): Medoids {
  const n = distances.rows;
  if (!(Number.isInteger(k) && k >= 1 && k <= n)) {
    throw new DomainError(`kMedoids: k must be a whole number from 1 to ${n}, got ${k}`);
  }
  const at = (i: number, j: number): number => distances.data[i * n + j] ?? Number.NaN;
  const costOf = (medoids: readonly number[]): number => {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      let least = Number.POSITIVE_INFINITY;
      for (const m of medoids) least = Math.min(least, at(i, m));
      sum += (weights[i] ?? 0) * least;
    }
    return sum;
  };
  let medoids: number[] = [];
  for (let c = 0; c < k; c++) medoids = best(n, medoids, (i) => [...medoids, i], costOf);
  let cost = costOf(medoids);
  for (;;) {
    let improved = medoids;
    for (let c = 0; c < k; c++) {
      const others = medoids.filter((_, index) => index !== c);
      const tried = best(n, others, (i) => [...others, i], costOf);
      if (costOf(tried) < costOf(improved) - 1e-12 * Math.abs(cost)) improved = tried;
    }
    if (improved === medoids) break;
    medoids = improved;
    cost = costOf(medoids);
  }
  const assigned = Int32Array.from({ length: n }, (_, i) =>
    medoids.reduce((nearest, m, c) => (at(i, m) < at(i, medoids[nearest] ?? 0) ? c : nearest), 0),
  );
  return { medoids, assigned, cost, silhouette: silhouetteWidth(distances, weights, assigned, k) };
}

function best(
  n: number,
  taken: readonly number[],
  make: (i: number) => number[],
  costOf: (medoids: readonly number[]) => number,
): number[] {
  let least = Number.POSITIVE_INFINITY;
  let found: number[] = [];
  for (let i = 0; i < n; i++) {
    if (taken.includes(i)) continue;
    const tried = make(i);
    const cost = costOf(tried);
    if (cost < least) [least, found] = [cost, tried];
  }
  return found;
}

function silhouetteWidth(distances: Matrix, weights: Float64Array, assigned: Int32Array, k: number): number {
  const n = distances.rows;
  if (k < 2) return 0;
  const sizes = new Float64Array(k);
  const members = new Int32Array(k);
  assigned.forEach((c, i) => {
    sizes[c] = (sizes[c] ?? 0) + (weights[i] ?? 0);
    members[c] = (members[c] ?? 0) + 1;
  });
  let sum = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const own = assigned[i] ?? 0;
    const weight = weights[i] ?? 0;
    total += weight;
    if ((members[own] ?? 0) < 2) continue;
    const sums = new Float64Array(k);
    for (let j = 0; j < n; j++) {
      const c = assigned[j] ?? 0;
      sums[c] = (sums[c] ?? 0) + (weights[j] ?? 0) * (distances.data[i * n + j] ?? 0);
    }
    const a = (sums[own] ?? 0) / ((sizes[own] ?? 0) - weight);
    let b = Number.POSITIVE_INFINITY;
    for (let c = 0; c < k; c++) if (c !== own) b = Math.min(b, (sums[c] ?? 0) / (sizes[c] ?? 0));
    const larger = Math.max(a, b);
    sum += larger > 0 ? (weight * (b - a)) / larger : 0;
  }
  return sum / total;
}
