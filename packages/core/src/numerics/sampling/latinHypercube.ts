import { DomainError } from "../../errors/errors.ts";
import { createMatrix, type Matrix } from "../../matrix/matrix.ts";
import type { Random } from "../../random/random.ts";
import { shuffle } from "../../random/shuffle.ts";
import { pairTerm, singleTerm } from "./discrepancy.ts";

export interface LatinHypercubeOptions {
  /** Where in its slice a point stands. @defaultValue "random" */
  readonly placement?: "random" | "centred" | undefined;
  /**
   * What exchanges of two points' coordinates in one dimension are to lower: nothing, the centred L₂ discrepancy, or
   * the Morris–Mitchell φ₁₅ of distances, which spreads the nearest pairs (maximin). @defaultValue "none"
   */
  readonly optimise?: "none" | "discrepancy" | "maximin" | undefined;
  /** Exchanges tried; kept where they lower the measure. @defaultValue 20 · nPoints · nDimensions, at most 20 000 */
  readonly exchanges?: number | undefined;
}

/** Exponent of Morris & Mitchell's φ_p. */
const MAXIMIN_POWER = 15;

/**
 * Latin hypercube in the unit cube, shape [nPoints, nDimensions]: in every dimension each of the `nPoints` equal slices
 * holds exactly one point. McKay, Beckman & Conover, Technometrics 21, 239 (1979), doi:10.1080/00401706.1979.10489755.
 *
 * Each exchange tried costs O(nPoints · nDimensions). Maximin: Morris & Mitchell, J. Stat. Plan. Inference 43, 381 (1995),
 * doi:10.1016/0378-3758(94)00035-T.
 *
 * @throws DomainError for negative or fractional sizes
 * @example
 * latinHypercube(10, 3, createRandom(1), { optimise: "maximin" }).rows; // 10
 */
export function latinHypercube(
  nPoints: number,
  nDimensions: number,
  random: Random,
  options: LatinHypercubeOptions = {},
): Matrix {
  if (!(Number.isInteger(nPoints) && nPoints >= 0 && Number.isInteger(nDimensions) && nDimensions >= 1)) {
    throw new DomainError(`latinHypercube: needs whole sizes, got ${nPoints} × ${nDimensions}`);
  }
  const { placement = "random", optimise = "none" } = options;
  const exchanges = options.exchanges ?? Math.min(20_000, 20 * nPoints * nDimensions);
  if (!(Number.isInteger(exchanges) && exchanges >= 0)) {
    throw new DomainError(`latinHypercube: exchanges must be a whole number of at least 0, got ${exchanges}`);
  }
  const data = new Float64Array(nPoints * nDimensions);
  for (let j = 0; j < nDimensions; j++) {
    shuffle(nPoints, random).forEach((slice, i) => {
      data[i * nDimensions + j] = (slice + (placement === "centred" ? 0.5 : random.next())) / nPoints;
    });
  }
  if (optimise !== "none" && nPoints > 1) {
    improve(data, nPoints, nDimensions, exchanges, random, optimise === "maximin" ? closeness : evenness);
  }
  return createMatrix(nPoints, nDimensions, data);
}

/** Part of a measure that rows i and j (i = j: row i alone) contribute, of n. */
type Contribution = (data: Float64Array, n: number, d: number, i: number, j: number) => number;

/** n² times the squared centred discrepancy, but for its constant. */
const evenness: Contribution = (data, n, d, i, j) =>
  i === j ? pairTerm(data, d, i, i) - 2 * n * singleTerm(data, d, i) : 2 * pairTerm(data, d, i, j);

/** φ_p to the power p, distances in slices. */
const closeness: Contribution = (data, n, d, i, j) => {
  if (i === j) return 0;
  let sum = 0;
  for (let k = 0; k < d; k++) sum += (((data[i * d + k] as number) - (data[j * d + k] as number)) * n) ** 2; // k < d
  return (sum / d) ** (-MAXIMIN_POWER / 2);
};

function improve(
  data: Float64Array,
  n: number,
  d: number,
  exchanges: number,
  random: Random,
  contribution: Contribution,
): void {
  const partOf = (a: number, b: number): number => {
    let sum = contribution(data, n, d, a, b);
    for (let j = 0; j < n; j++) {
      if (j !== b) sum += contribution(data, n, d, a, j);
      if (j !== a) sum += contribution(data, n, d, b, j);
    }
    return sum;
  };
  for (let trial = 0; trial < exchanges; trial++) {
    const k = random.int(d);
    const a = random.int(n);
    const b = (a + 1 + random.int(n - 1)) % n;
    const before = partOf(a, b);
    swap(data, a * d + k, b * d + k);
    if (!(partOf(a, b) < before)) swap(data, a * d + k, b * d + k);
  }
}

function swap(data: Float64Array, i: number, j: number): void {
  const held = data[i] as number;
  data[i] = data[j] as number;
  data[j] = held;
}
