import {
  createMatrix,
  DomainError,
  type FeatureMatrix,
  IncompatibleError,
  type Learner,
  type LearnerCapability,
  type Matrix,
  type RunContext,
  type Serialized,
  type Targets,
} from "@materiome/core";
import { gramMatrix } from "@materiome/core/numerics";
import { invertPositive } from "../kernels/index.ts";
import { checkTraining, membersOf, type TrainingSet } from "../learner/checkTraining.ts";
import { createForwardModel, type ForwardModel, type HeldOut } from "../learner/regressionModel.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { type Decomposition, decomposeRows, ridgeOf } from "./decomposition.ts";
import { dot } from "./linearPredictor.ts";

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
  // H = V Vᵀ: the constant, and the scores as far as they are not shrunk.
  const nDirections = shrink.length + 1;
  const directions = (i: number): Float64Array =>
    Float64Array.from({ length: nDirections }, (_, r) =>
      r === 0 ? Math.sqrt(1 / n) : Math.sqrt(shrink[r - 1] as number) * (scores[(r - 1) * n + i] as number),
    ); // r ≤ shrink.length
  for (const rows of members) {
    const residuals = Float64Array.from(rows, (i) => (y[i] as number) - (fitted[i] as number));
    const own = createMatrix(rows.length, nDirections);
    for (const [a, i] of rows.entries()) own.data.set(directions(i), a * nDirections);
    const left = withoutOwn(own, residuals);
    if (left === undefined) return undefined;
    for (const [a, i] of rows.entries()) {
      const residual = left.residuals[a] as number; // one per row of the group
      mean[i] = (y[i] as number) - residual;
      factor[i] = Math.max(0, (left.diagonal[a] as number) - 1);
      squares += residual * residual;
    }
  }
  return { mean, factor, meanSquare: squares / n };
}

/**
 * (I − V Vᵀ)⁻¹ r and the diagonal of (I − V Vᵀ)⁻¹, for V of m rows and k columns; undefined where that is singular. Of m > k rows
 * through (I − VᵀV)⁻¹, which is [k, k]: the inverse is I + V (I − VᵀV)⁻¹ Vᵀ.
 */
function withoutOwn(
  v: Matrix,
  residuals: Float64Array,
): { readonly residuals: Float64Array; readonly diagonal: Float64Array } | undefined {
  const { rows: m, columns: k, data } = v;
  const isTall = m > k;
  const inverse = gramMatrix(v, { ofRows: !isTall }).data.map((value) => -value);
  const size = isTall ? k : m;
  for (let a = 0; a < size; a++) inverse[a * size + a] = (inverse[a * size + a] as number) + 1;
  if (invertPositive(size, inverse) !== 0) return undefined;
  if (!isTall) {
    return {
      residuals: residuals.map((_, a) => dot(residuals, inverse, a * m)),
      diagonal: residuals.map((_, a) => inverse[a * m + a] as number), // a < m
    };
  }
  const pull = new Float64Array(k);
  for (const [a, residual] of residuals.entries()) {
    for (let r = 0; r < k; r++) pull[r] = (pull[r] as number) + residual * (data[a * k + r] as number); // a < m
  }
  const spread = pull.map((_, r) => dot(pull, inverse, r * k));
  return {
    residuals: residuals.map((residual, a) => residual + dot(spread, data, a * k)),
    diagonal: residuals.map((_, a) => {
      const row = data.subarray(a * k, (a + 1) * k);
      return row.reduce((sum, value, r) => sum + value * dot(row, inverse, r * k), 1);
    }),
  };
}
