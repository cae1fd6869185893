import {
  DomainError,
  type FeatureMatrix,
  IncompatibleError,
  type Learner,
  type LearnerCapability,
  type RunContext,
  type Serialized,
  type Targets,
} from "@materiome/core";
import { invertPositive } from "../kernels/index.ts";
import { checkTraining, membersOf, type TrainingSet } from "../learner/checkTraining.ts";
import { createForwardModel, type ForwardModel, type HeldOut } from "../learner/regressionModel.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { type Decomposition, decomposeRows, ridgeOf } from "./decomposition.ts";

export interface RidgeOptions {
  /**
   * Penalty on the coefficients of standardised terms, in Σ residual² + α Σ coefficient²; `auto` takes the one with the
   * least leave-one-out error (leave-one-group-out, where there are groups). @defaultValue "auto"
   */
  readonly alpha?: number | "auto" | undefined;
  /** 2 adds squares and products of the features. @defaultValue 1 */
  readonly degree?: 1 | 2 | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

export type Ridge = Learner<FeatureMatrix, Targets, ForwardModel>;

/** Multiples of the number of rows tried for α. */
const ALPHAS = Array.from({ length: 17 }, (_, k) => 10 ** (-6 + k / 2));

/**
 * Ridge regression on standardised features, optionally with all products of two features, intercept not penalised.
 *
 * The held-out error is exact without refitting: with the hat matrix H, the residuals of the rows G predicted from all
 * others are (I − H_GG)⁻¹ r_G, for the scaling of all rows. Missing values are refused. One target, no weights.
 *
 * @throws DomainError for options outside their range, missing inputs, or too many terms
 * @see Hoerl & Kennard, Technometrics 12, 55 (1970), doi:10.1080/00401706.1970.10488634; held-out residuals: Golub,
 * Heath & Wahba, Technometrics 21, 215 (1979), doi:10.1080/00401706.1979.10489751
 * @example
 * const model = await createRidge({ degree: 2 }).fit(x, y, { random: createRandom(1) });
 */
export function createRidge(options: RidgeOptions = {}): Ridge {
  const { alpha = "auto", degree = 1, level = 0.9 } = options;
  if (alpha !== "auto" && !(alpha > 0 && Number.isFinite(alpha))) {
    throw new DomainError(`createRidge: alpha must be "auto" or a number above 0, got ${alpha}`);
  }
  if (degree !== 1 && degree !== 2) throw new DomainError(`createRidge: degree must be 1 or 2, got ${String(degree)}`);
  if (!(level > 0 && level < 1)) throw new DomainError(`createRidge: level must be between 0 and 1, got ${level}`);
  const supports: ReadonlySet<LearnerCapability> = new Set();
  return {
    supports,
    module: import.meta.url,
    async fit(x: FeatureMatrix, y: Targets, run: RunContext): Promise<ForwardModel> {
      run.signal?.throwIfAborted();
      if (y.weights !== undefined) {
        throw new IncompatibleError("ridge: weights are not used by this learner; leave them out or use a forest");
      }
      return fitRidge(checkTraining("ridge", x, y, false), alpha, degree, level);
    },
    toJSON(): Serialized {
      return { type: "materiome/ridge-learner", version: 1, params: { alpha, degree, level }, state: null };
    },
  };
}

function fitRidge(rows: TrainingSet, alpha: number | "auto", degree: 1 | 2, level: number): ForwardModel {
  const { x, y } = rows;
  const n = x.rows;
  const decomposition = decomposeRows("ridge", rows, degree);
  const members = membersOf(rows);
  let chosen: { readonly alpha: number; readonly left: LeftOut } | undefined;
  for (const candidate of alpha === "auto" ? ALPHAS.map((a) => a * n) : [alpha]) {
    const left = leaveOut(decomposition, y, members, candidate);
    if (left !== undefined && (chosen === undefined || left.meanSquare < chosen.left.meanSquare)) {
      chosen = { alpha: candidate, left };
    }
  }
  if (chosen === undefined) {
    throw new DomainError("ridge: the rows outside some group do not determine the fit; use a larger alpha");
  }
  const { left } = chosen;
  const heldOut: HeldOut = { mean: left.mean, variance: left.factor.map((factor) => factor * left.meanSquare) };
  const predictor = ridgeOf(decomposition, chosen.alpha, left.meanSquare);
  return createForwardModel({
    predictor,
    features: x.features,
    unit: rows.unit,
    level,
    calibration: calibrate(y, heldOut.mean, heldOut.variance),
    heldOut,
    report: { alpha: chosen.alpha, degree, nTerms: decomposition.z.columns },
  });
}

interface LeftOut {
  readonly mean: Float64Array;
  /** Variance of the left-out prediction in units of the noise. */
  readonly factor: Float64Array;
  readonly meanSquare: number;
}

/** Predictions of each group from all others; undefined where that is not determined. */
function leaveOut(
  { n, scores, spectrum, projections, intercept }: Decomposition,
  y: Float64Array,
  members: readonly (readonly number[])[],
  alpha: number,
): LeftOut | undefined {
  const shrink = spectrum.map((lambda) => lambda / (lambda + alpha));
  const fitted = new Float64Array(n).fill(intercept);
  for (const [r, s] of shrink.entries()) {
    const factor = s * (projections[r] as number);
    for (let i = 0; i < n; i++) fitted[i] = (fitted[i] as number) + factor * (scores[r * n + i] as number);
  }
  const mean = new Float64Array(n);
  const factor = new Float64Array(n);
  let squares = 0;
  for (const rows of members) {
    const m = rows.length;
    const rest = new Float64Array(m * m);
    for (const [a, i] of rows.entries()) {
      for (const [b, j] of rows.entries()) {
        let h = 1 / n;
        for (const [r, s] of shrink.entries()) h += s * (scores[r * n + i] as number) * (scores[r * n + j] as number);
        rest[a * m + b] = (a === b ? 1 : 0) - h;
      }
    }
    if (invertPositive(m, rest) !== 0) return undefined;
    for (const [a, i] of rows.entries()) {
      let residual = 0;
      for (const [b, j] of rows.entries()) {
        residual += (rest[a * m + b] as number) * ((y[j] as number) - (fitted[j] as number));
      }
      mean[i] = (y[i] as number) - residual;
      factor[i] = Math.max(0, (rest[a * m + a] as number) - 1);
      squares += residual * residual;
    }
  }
  return { mean, factor, meanSquare: squares / n };
}
