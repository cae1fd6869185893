import { DomainError, takeRows } from "@materiome/core";
import type { TrainingSet } from "../learner/checkTraining.ts";
import { optionCheck } from "../learner/classifier.ts";
import { heldOutByFolds, innerFolds } from "../learner/heldOutByFolds.ts";
import type { Predictor } from "../learner/predictor.ts";
import { createForwardModel } from "../learner/regressionModel.ts";
import { checkFoldsAndLevel, createRegressor, type ForwardLearner, takeTraining } from "../learner/regressor.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { type Decomposition, decomposeRows, ridgeOf } from "./decomposition.ts";
import { momentsOf } from "./standardiser.ts";

export interface BayesianRidgeOptions {
  /** 2 adds squares and products of the features. @defaultValue 1 */
  readonly degree?: 1 | 2 | undefined;
  /** Folds that are held out for the intervals; fewer where there are fewer rows or groups. @defaultValue 10 */
  readonly folds?: number | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

const WHO = "Bayesian ridge";
/** Shape and rate of the gamma priors of both precisions, for a standardised target. */
const PRIOR = 1e-6;
const MOST_ITERATIONS = 100_000;
const TOLERANCE = 1e-13;

/**
 * Bayesian linear regression on standardised features: coefficients ~ N(0, 1/λ), noise ~ N(0, 1/α), both precisions by
 * maximising the evidence (with gamma priors of shape and rate 10⁻⁶). A ridge whose penalty λ/α follows from the data
 * without folds; the posterior variance of the mean enters the intervals.
 *
 * Held-out predictions are of folds of whole groups, the precisions found again without each. Missing values and weights are
 * refused.
 *
 * @throws DomainError for options outside their range, missing inputs, or too many terms
 * @see MacKay, Neural Comput. 4, 415 (1992), doi:10.1162/neco.1992.4.3.415
 * @example
 * const model = await createBayesianRidge().fit(x, y, { random: createRandom(1) });
 * console.log(model.report); // { alpha, noise, effective, degree, nTerms }
 */
export function createBayesianRidge(options: BayesianRidgeOptions = {}): ForwardLearner {
  const { degree = 1, folds = 10, level = 0.9 } = options;
  const check = optionCheck("createBayesianRidge");
  check("degree", degree, degree === 1 || degree === 2, "1 or 2");
  checkFoldsAndLevel(check, folds, level);
  return createRegressor({
    name: WHO,
    type: "materiome/bayesian-ridge-learner",
    module: import.meta.url,
    settings: { degree, folds, level },
    async fit(settings, rows, run) {
      const { x, y } = rows;
      const fit = (part: TrainingSet) => fitEvidence(part, settings.degree);
      const heldOut = await heldOutByFolds(
        x,
        innerFolds(rows, settings.folds, run.random.fork("inner split")),
        (train): Predictor => fit(takeTraining(rows, train, takeRows(x, train))).predictor,
        run.signal,
      );
      const { predictor, ...found } = fit(rows);
      return createForwardModel({
        predictor,
        features: x.features,
        unit: rows.unit,
        level: settings.level,
        calibration: calibrate(y, heldOut.mean, heldOut.variance),
        heldOut,
        report: { ...found, degree: settings.degree },
      });
    },
  });
}

interface EvidenceFit {
  readonly predictor: Predictor;
  /** Penalty of the equal ridge, λ/α. */
  readonly alpha: number;
  /** Variance 1/α of the noise, target units squared. */
  readonly noise: number;
  /** Effective number of coefficients, Σ s / (s + λ/α). */
  readonly effective: number;
  readonly nTerms: number;
}

function fitEvidence(rows: TrainingSet, degree: 1 | 2): EvidenceFit {
  const parts = decomposeRows(WHO, rows, degree);
  const { n } = parts;
  const { std } = momentsOf(n, (i) => rows.y[i] as number); // i < n
  const { alpha, noise, effective } = maximiseEvidence(parts, rows.y, std);
  return {
    predictor: ridgeOf(parts, alpha, noise),
    alpha,
    noise,
    effective,
    nTerms: parts.z.columns,
  };
}

/** Fixed point of MacKay's updates, in the basis of the singular vectors. */
function maximiseEvidence(
  { n, spectrum, projections, intercept }: Decomposition,
  y: Float64Array,
  std: number,
): { readonly alpha: number; readonly noise: number; readonly effective: number } {
  // A constant target has neither noise nor anything to explain.
  if (std === 0) return { alpha: n, noise: 0, effective: 0 };
  const squares = projections.map((value) => (value / std) ** 2);
  let outside = 0;
  for (const value of y) outside += ((value - intercept) / std) ** 2;
  for (const value of squares) outside -= value;
  let alpha = 1;
  let lambda = 1;
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const penalty = lambda / alpha;
    let effective = 0;
    let size = 0;
    let error = Math.max(0, outside);
    for (const [r, s] of spectrum.entries()) {
      const square = squares[r] as number; // one per direction
      effective += s / (s + penalty);
      size += (s * square) / (s + penalty) ** 2;
      error += square * (penalty / (s + penalty)) ** 2;
    }
    lambda = (effective + 2 * PRIOR) / (size + 2 * PRIOR);
    alpha = (n - effective + 2 * PRIOR) / (error + 2 * PRIOR);
    if (Math.abs(lambda / alpha - penalty) <= TOLERANCE * penalty) {
      return { alpha: penalty, noise: (std * std) / alpha, effective };
    }
  }
  throw new DomainError(
    `${WHO}: the evidence has no maximum for these ${n} rows; use ridge, whose penalty is chosen by held-out rows`,
  );
}
