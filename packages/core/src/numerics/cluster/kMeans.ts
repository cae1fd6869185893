import { DataError, DomainError } from "../../errors/errors.ts";
import { assignClusters, clusterMeans, loosenBounds } from "../../kernels/assignClusters.ts";
import { squaredDistance } from "../../kernels/crossDistances.ts";
import { createMatrix, type Matrix } from "../../matrix/matrix.ts";
import type { Random } from "../../random/random.ts";
import { requireFinite } from "../distances/neighbours.ts";

export interface KMeansOptions {
  /** Starts, of which the one with the lowest inertia is returned. @defaultValue 10 */
  readonly nStarts?: number | undefined;
  /** @defaultValue 300 */
  readonly maxIterations?: number | undefined;
  /** Ends when the centres move, squared and summed, by less than this share of the mean variance. @defaultValue 1e-4 */
  readonly tolerance?: number | undefined;
}

export interface KMeans {
  /** Cluster means, [k, d]. */
  readonly centres: Matrix;
  /** Cluster of each point, 0 … k − 1. */
  readonly labels: Int32Array;
  /** Sum of squared distances of the points to their centres. */
  readonly inertia: number;
  readonly iterations: number;
  /** False where `maxIterations` ended the best start. */
  readonly converged: boolean;
}

/**
 * k-means clustering: centres that locally minimise the sum of squared distances of the points to the nearest of them.
 *
 * Seeds by k-means++ with 2 + ⌊ln k⌋ candidates a seed (Arthur & Vassilvitskii, SODA 2007, 1027), Lloyd's iteration with
 * Hamerly's bounds (doi:10.1137/1.9781611972801.12). A cluster that loses all its points takes the point farthest from its
 * centre. Each start draws from its own fork of `random`.
 *
 * @param points - [n, d], finite
 * @param k - 1 … n
 * @throws DomainError for k outside 1 … n or values that are not finite
 * @throws DataError for fewer than k different points
 * @example
 * const { inertia } = kMeans(createMatrix(4, 1, Float64Array.of(0, 2, 10, 12)), 2, createRandom(1));
 * inertia; // 4
 */
export function kMeans(points: Matrix, k: number, random: Random, options: KMeansOptions = {}): KMeans {
  const { nStarts = 10, maxIterations = 300, tolerance = 1e-4 } = options;
  requireFinite("kMeans", points);
  if (!(Number.isInteger(k) && k >= 1 && k <= points.rows)) {
    throw new DomainError(`kMeans: k must be a whole number in 1 … ${points.rows} (the points there are), got ${k}`);
  }
  if (!(Number.isInteger(nStarts) && nStarts >= 1 && Number.isInteger(maxIterations) && maxIterations >= 1)) {
    throw new DomainError(`kMeans: nStarts and maxIterations must be at least 1, got ${nStarts} and ${maxIterations}`);
  }
  const enough = tolerance * meanVariance(points);
  let best: KMeans | undefined;
  for (let start = 0; start < nStarts; start++) {
    const found = runOnce(points, k, seedCentres(points, k, random.fork(start)), maxIterations, enough);
    if (best === undefined || found.inertia < best.inertia) best = found;
  }
  return best as KMeans; // nStarts ≥ 1
}

function runOnce(points: Matrix, k: number, centres: Float64Array, maxIterations: number, enough: number): KMeans {
  const { rows: n, columns: d, data } = points;
  const labels = new Int32Array(n);
  const upper = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const lower = new Float64Array(n);
  const half = new Float64Array(k);
  const moved = new Float64Array(k);
  const squares = new Float64Array(k);
  const sums = new Float64Array(k * d);
  const counts = new Int32Array(k);
  let iterations = 0;
  let converged = false;
  halfDistances(k, d, centres, half);
  assignClusters(n, k, d, data, centres, half, labels, upper, lower, squares);
  while (iterations < maxIterations && !converged) {
    iterations++;
    const before = centres.slice();
    clusterMeans(n, k, d, data, labels, sums, counts, centres);
    const refilled = refillEmpty(points, labels, counts, centres);
    if (refilled) clusterMeans(n, k, d, data, labels, sums, counts, centres);
    let shift = 0;
    for (let c = 0; c < k; c++) {
      const square = squaredDistance(d, before, c * d, centres, c * d);
      shift += square;
      moved[c] = Math.sqrt(square);
    }
    if (refilled) {
      upper.fill(Number.POSITIVE_INFINITY);
      lower.fill(0);
    } else loosenBounds(n, k, labels, upper, lower, moved);
    halfDistances(k, d, centres, half);
    const changed = assignClusters(n, k, d, data, centres, half, labels, upper, lower, squares);
    converged = changed === 0 || (shift <= enough && !refilled);
  }
  // The centres belong to the labels before the last change of those, unless none changed; both are made to agree.
  clusterMeans(n, k, d, data, labels, sums, counts, centres);
  let inertia = 0;
  for (const [i, label] of labels.entries()) inertia += squaredDistance(d, data, i * d, centres, label * d);
  return { centres: createMatrix(k, d, centres), labels, inertia, iterations, converged };
}

/** Half of each centre's distance to the nearest other. */
function halfDistances(k: number, d: number, centres: Float64Array, half: Float64Array): void {
  half.fill(Number.POSITIVE_INFINITY);
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < a; b++) {
      const distance = 0.5 * Math.sqrt(squaredDistance(d, centres, a * d, centres, b * d));
      if (distance < (half[a] as number)) half[a] = distance; // a, b < k
      if (distance < (half[b] as number)) half[b] = distance;
    }
  }
}

/** Gives each empty cluster the point farthest from its centre, out of clusters of two or more. */
function refillEmpty(points: Matrix, labels: Int32Array, counts: Int32Array, centres: Float64Array): boolean {
  const d = points.columns;
  let refilled = false;
  for (const [c, count] of counts.entries()) {
    if (count > 0) continue;
    let farthest = -1;
    let most = -1;
    for (const [i, label] of labels.entries()) {
      if ((counts[label] as number) < 2) continue; // label < k
      const square = squaredDistance(d, points.data, i * d, centres, label * d);
      if (square > most) {
        most = square;
        farthest = i;
      }
    }
    const old = labels[farthest] as number; // k ≤ n: some cluster has two points
    counts[old] = (counts[old] as number) - 1;
    counts[c] = 1;
    labels[farthest] = c;
    refilled = true;
  }
  return refilled;
}

function seedCentres({ rows: n, columns: d, data }: Matrix, k: number, random: Random): Float64Array {
  const centres = new Float64Array(k * d);
  const first = random.int(n);
  centres.set(data.subarray(first * d, (first + 1) * d));
  let nearest = Float64Array.from({ length: n }, (_, i) => squaredDistance(d, data, i * d, data, first * d));
  const trials = 2 + Math.floor(Math.log(k));
  for (let c = 1; c < k; c++) {
    const total = nearest.reduce((sum, value) => sum + value, 0);
    if (!(total > 0)) throw new DataError(`kMeans: ${k} clusters need as many different points, got ${c}; lower k`);
    let bestTotal = Number.POSITIVE_INFINITY;
    let bestRow = -1;
    let bestNearest = nearest;
    for (let trial = 0; trial < trials; trial++) {
      const row = pick(nearest, random.next() * total);
      const candidate = new Float64Array(n);
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const square = Math.min(nearest[i] as number, squaredDistance(d, data, i * d, data, row * d)); // i < n
        candidate[i] = square;
        sum += square;
      }
      if (sum < bestTotal) [bestTotal, bestRow, bestNearest] = [sum, row, candidate];
    }
    nearest = bestNearest as Float64Array<ArrayBuffer>;
    centres.set(data.subarray(bestRow * d, (bestRow + 1) * d), c * d);
  }
  return centres;
}

/** First row whose running sum of weights exceeds `level`; rounding past the end gives the last row of positive weight. */
function pick(weights: Float64Array, level: number): number {
  let sum = 0;
  let last = 0;
  for (const [i, weight] of weights.entries()) {
    if (weight === 0) continue;
    sum += weight;
    last = i;
    if (sum > level) return i;
  }
  return last;
}

function meanVariance({ rows: n, columns: d, data }: Matrix): number {
  let sum = 0;
  for (let f = 0; f < d; f++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += (data[i * d + f] as number) / n; // f < d
    for (let i = 0; i < n; i++) sum += ((data[i * d + f] as number) - mean) ** 2 / n;
  }
  return d === 0 ? 0 : sum / d;
}
