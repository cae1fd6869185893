import { decodeArray, encodeArray, FormatError, type Json, type Matrix } from "@materiome/core";
import { createNeighbourSearch, type Neighbours } from "@materiome/core/numerics";
import type { Estimates, Predictor } from "../learner/predictor.ts";
import { decodeStandardiser, encodeStandardiser, type Standardiser, standardise } from "../linear/standardiser.ts";

export type NeighbourWeights = "uniform" | "distance";

export interface NeighbourFit {
  readonly standardiser: Standardiser;
  /** Training rows, standardised. */
  readonly points: Matrix;
  readonly targets: Float64Array;
  readonly k: number;
  readonly weights: NeighbourWeights;
}

export function neighbourPredictor(fit: NeighbourFit): Predictor {
  const { standardiser, points, targets, k, weights } = fit;
  const search = createNeighbourSearch(points);
  return {
    kind: "neighbours",
    allowsMissing: false,
    estimate: (x: Matrix): Estimates => averageNearest(search(standardise(standardiser, x), k), targets, k, weights),
    encode(): { [key: string]: Json } {
      return {
        kind: "neighbours",
        k,
        weights,
        standardiser: encodeStandardiser(standardiser),
        points: encodeArray(points.data),
        targets: encodeArray(targets),
      };
    },
  };
}

/**
 * Weighted means of the first k neighbours of each row, and what they spread: the variance of such a mean if their targets
 * scatter independently, Σ w² · Σ w (y − mean)² for weights that sum to 1.
 */
export function averageNearest(
  near: Neighbours,
  targets: Float64Array,
  k: number,
  weights: NeighbourWeights,
): Estimates {
  const n = near.rows.length / near.k;
  const mean = new Float64Array(n);
  const variance = new Float64Array(n);
  const own = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    const at = i * near.k;
    const isMet = near.distances[at] === 0; // the nearest comes first
    let total = 0;
    let sum = 0;
    for (let j = 0; j < k; j++) {
      const distance = near.distances[at + j] as number; // j < k ≤ near.k
      const weight = weights === "uniform" ? 1 : isMet ? (distance === 0 ? 1 : 0) : 1 / distance;
      own[j] = weight;
      total += weight;
      sum += weight * (targets[near.rows[at + j] as number] as number);
    }
    const centre = sum / total;
    let spread = 0;
    let squares = 0;
    for (let j = 0; j < k; j++) {
      const weight = (own[j] as number) / total;
      spread += weight * ((targets[near.rows[at + j] as number] as number) - centre) ** 2;
      squares += weight * weight;
    }
    mean[i] = centre;
    variance[i] = spread * squares;
  }
  return { mean, variance };
}

/** @throws FormatError for a damaged file */
export function decodeNeighbours(data: { readonly [key: string]: unknown }, nFeatures: number): Predictor {
  return neighbourPredictor(readNeighbours(data, nFeatures));
}

/** @throws FormatError for a damaged file */
export function readNeighbours(data: { readonly [key: string]: unknown }, nFeatures: number): NeighbourFit {
  const { k, weights } = data;
  const standardiser = decodeStandardiser(data["standardiser"], nFeatures);
  const targets = decodeArray(data["targets"], "f64");
  const points = decodeArray(data["points"], "f64");
  const columns = standardiser.used.length;
  const isWhole =
    Number.isInteger(k) &&
    (k as number) >= 1 &&
    (k as number) <= targets.length &&
    (weights === "uniform" || weights === "distance") &&
    points.length === targets.length * columns;
  if (!isWhole) throw new FormatError("nearest neighbours: the stored rows are inconsistent; the file is damaged");
  return {
    standardiser,
    points: { rows: targets.length, columns, data: points },
    targets,
    k: k as number,
    weights: weights as NeighbourWeights,
  };
}
