import { ConvergenceError, DomainError, type Matrix } from "@materiome/core";
import { gramMatrix } from "@materiome/core/numerics";
import type { FitPath } from "../learner/chooseByFolds.ts";
import { createSignSearch, MOST_STEPS, TOLERANCE } from "./createSignSearch.ts";
import { inverseRoot } from "./inverseRoot.ts";
import { dot, type LinearFit, linearPredictor } from "./linearPredictor.ts";
import { fitStandardiser, momentsOf, standardise, takeFeatures } from "./standardiser.ts";

/** Penalties tried where none are given, from the least that leaves no feature to this share of it. */
export const AUTO_LENGTH = 45;
const AUTO_LEAST = 1e-3;
/** Of the products of the features: 200 MB. */
const MOST_FEATURES = 5000;

/** Elastic nets of every penalty and ratio, ratio by ratio, penalties falling. */
export interface ElasticNetPath extends FitPath {
  readonly lambdas: readonly number[];
  fit(candidate: number): LinearFit;
}

/**
 * Fits a path on the correlations of standardised features, each solution the start of the next.
 *
 * @param penalties falling, or `auto`
 * @throws DomainError for too many features; ConvergenceError if a minimum is not found
 */
export function elasticNetPath(
  x: Matrix,
  y: Float64Array,
  ratios: readonly number[],
  penalties: readonly number[] | "auto",
): ElasticNetPath {
  const n = x.rows;
  const standardiser = fitStandardiser(x);
  const z = standardise(standardiser, x);
  const p = z.columns;
  if (p > MOST_FEATURES) {
    throw new DomainError(`elastic net: ${p} features are too many; at most ${MOST_FEATURES} are taken; select some`);
  }
  const { mean, std } = momentsOf(n, (i) => y[i] as number); // i < n
  const gram = gramMatrix(z).data;
  for (let k = 0; k < gram.length; k++) gram[k] = (gram[k] as number) / n; // `map` takes longer than the products
  const pull = new Float64Array(p);
  for (let i = 0; i < n && std > 0; i++) {
    const target = ((y[i] as number) - mean) / std / n;
    for (let k = 0; k < p; k++) pull[k] = (pull[k] as number) + target * (z.data[i * p + k] as number); // n × p
  }
  const most = pull.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const lambdas: number[] = [];
  const weights: Float64Array[] = [];
  const search = createSignSearch(gram, pull);
  for (const ratio of ratios) {
    const list = penalties === "auto" ? autoPenalties(most / ratio) : penalties;
    const w = new Float64Array(p);
    for (const lambda of list) {
      const l1 = lambda * ratio;
      if (!search(l1, lambda - l1, w)) throw notSettled(lambda, p);
      lambdas.push(lambda);
      weights.push(w.slice());
    }
  }
  const fit = (candidate: number): LinearFit => {
    const lambda = lambdas[candidate] as number; // candidate < list × ratios
    const l1 = lambda * (ratios[Math.floor((candidate * ratios.length) / lambdas.length)] as number);
    const l2 = lambda - l1;
    const w = weights[candidate] as Float64Array;
    const kept = Int32Array.from(w.keys()).filter((k) => w[k] !== 0);
    let squares = 0;
    for (let i = 0; i < n && std > 0; i++) {
      squares += (((y[i] as number) - mean) / std - dot(w, z.data, i * p)) ** 2;
    }
    const noise = (std * std * squares) / Math.max(1, n - 1 - kept.length);
    return {
      standardiser: takeFeatures(standardiser, kept),
      intercept: mean,
      coefficients: Float64Array.from(kept, (k) => std * (w[k] as number)),
      variance: noise / n,
      directions: inverseRoot(ownGram(gram, p, kept, l2), noise / n),
    };
  };
  return {
    lambdas,
    fit,
    means(rows) {
      const scaled = standardise(standardiser, rows);
      return weights.map((w) =>
        Float64Array.from({ length: rows.rows }, (_, i) => mean + std * dot(w, scaled.data, i * p)),
      );
    },
    predictor: (candidate) => linearPredictor(fit(candidate), x.columns),
  };
}

function notSettled(lambda: number, features: number): ConvergenceError {
  const advice = "drop features that repeat others, or use larger penalties";
  return new ConvergenceError(
    `elastic net: no minimum was found for lambda ${lambda}; ${advice}`,
    MOST_STEPS * features,
    TOLERANCE,
  );
}

function autoPenalties(most: number): number[] {
  return Array.from({ length: AUTO_LENGTH }, (_, k) => most * AUTO_LEAST ** (k / (AUTO_LENGTH - 1)));
}

/** G + l2 I for the kept features: that of a ridge on those alone. */
function ownGram(gram: Float64Array, p: number, kept: Int32Array, l2: number): Matrix {
  const m = kept.length;
  const data = new Float64Array(m * m);
  for (const [a, j] of kept.entries()) {
    for (const [b, k] of kept.entries()) data[a * m + b] = gram[j * p + k] as number; // j, k < p
    data[a * m + a] = (data[a * m + a] as number) + l2;
  }
  return { rows: m, columns: m, data };
}
