import {
  ConvergenceError,
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
import { symmetricEigen } from "@materiome/core/kernels";
import { gramMatrix } from "@materiome/core/numerics";
import { invertPositive } from "../kernels/index.ts";
import { checkTraining, type TrainingSet } from "../learner/checkTraining.ts";
import { createForwardModel, type ForwardModel, type HeldOut } from "../learner/regressionModel.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { countTerms, expand, fitBasis, MOST_RANK, MOST_TERMS } from "./basis.ts";
import { ridgePredictor } from "./ridgePredictor.ts";

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
  const nTerms = countTerms(x.columns, degree);
  if (nTerms > MOST_TERMS || Math.min(n, nTerms) > MOST_RANK) {
    throw new DomainError(
      `ridge: degree ${degree} of ${x.columns} features makes ${nTerms} terms for ${n} rows; at most ${MOST_TERMS} terms and ${MOST_RANK} of either are taken; use degree 1 or fewer features`,
    );
  }
  const basis = fitBasis(x, degree);
  const z = expand(basis, x);
  const { scores, spectrum } = decompose(z);
  const intercept = y.reduce((sum, value) => sum + value, 0) / n;
  const projections = spectrum.map((_, r) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (scores[r * n + i] as number) * ((y[i] as number) - intercept);
    return sum;
  });
  const decomposition: Decomposition = { n, scores, spectrum, projections, intercept };
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
  const dual = new Float64Array(n);
  for (const [r, lambda] of spectrum.entries()) {
    const factor = (projections[r] as number) / (lambda + chosen.alpha);
    for (let i = 0; i < n; i++) dual[i] = (dual[i] as number) + factor * (scores[r * n + i] as number);
  }
  const predictor = ridgePredictor({
    basis,
    intercept,
    coefficients: timesTransposed(z, dual, 1),
    alpha: chosen.alpha,
    n,
    noise: left.meanSquare,
    directions: {
      rows: spectrum.length,
      columns: z.columns,
      data: Float64Array.from(
        Array.from(spectrum, (lambda, r) =>
          Array.from(timesTransposed(z, scores.subarray(r * n, (r + 1) * n), 1 / Math.sqrt(lambda))),
        ).flat(),
      ),
    },
    spectrum,
  });
  return createForwardModel({
    predictor,
    features: x.features,
    unit: rows.unit,
    level,
    calibration: calibrate(y, heldOut.mean, heldOut.variance),
    heldOut,
    report: { alpha: chosen.alpha, degree, nTerms: z.columns },
  });
}

interface Decomposition {
  readonly n: number;
  /** Left singular vectors in rows, shape [rank, n]. */
  readonly scores: Float64Array;
  readonly spectrum: Float64Array;
  /** Of the centred target on the scores. */
  readonly projections: Float64Array;
  readonly intercept: number;
}

/** Singular value decomposition of the terms through the smaller of the two Gram matrices. */
function decompose(z: Matrix): { readonly scores: Float64Array; readonly spectrum: Float64Array } {
  const { rows: n, columns: p } = z;
  const isPrimal = p <= n;
  const size = Math.min(n, p);
  const { data: vectors } = gramMatrix(z, { ofRows: !isPrimal });
  const values = new Float64Array(size);
  const failed = symmetricEigen(size, vectors, values, new Float64Array(size));
  if (failed !== 0)
    throw new ConvergenceError(`ridge: eigenvalue ${failed} of ${size} did not converge`, 60, Number.NaN);
  const most = values.at(-1) ?? 0;
  const kept = Array.from(values.keys())
    .filter((k) => (values[k] as number) > most * size * 1e-14)
    .reverse();
  const scores = new Float64Array(kept.length * n);
  for (const [r, k] of kept.entries()) {
    const vector = vectors.subarray(k * size, (k + 1) * size);
    scores.set(isPrimal ? times(z, vector, 1 / Math.sqrt(values[k] as number)) : vector, r * n);
  }
  return { scores, spectrum: Float64Array.from(kept, (k) => values[k] as number) };
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

function membersOf(rows: TrainingSet): number[][] {
  const members: number[][] = Array.from({ length: rows.nGroups }, () => []);
  for (const [i, g] of rows.groups.entries()) members[g]?.push(i);
  return members;
}

function times(z: Matrix, vector: Float64Array, factor: number): Float64Array {
  const out = new Float64Array(z.rows);
  for (let i = 0; i < z.rows; i++) {
    let sum = 0;
    for (let k = 0; k < z.columns; k++) sum += (z.data[i * z.columns + k] as number) * (vector[k] as number);
    out[i] = sum * factor;
  }
  return out;
}

function timesTransposed(z: Matrix, vector: Float64Array, factor: number): Float64Array {
  const out = new Float64Array(z.columns);
  for (let i = 0; i < z.rows; i++) {
    const value = (vector[i] as number) * factor;
    for (let k = 0; k < z.columns; k++) out[k] = (out[k] as number) + value * (z.data[i * z.columns + k] as number);
  }
  return out;
}
