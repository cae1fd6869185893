import {
  type FeatureMatrix,
  type Json,
  type LearnerCapability,
  type RunContext,
  type Targets,
  takeRows,
} from "@materiome/core";
import { checkDivisible, checkTraining, type TrainingSet } from "../learner/checkTraining.ts";
import { optionCheck } from "../learner/classifier.ts";
import { heldOutByFolds, type InnerFolds, innerFolds } from "../learner/heldOutByFolds.ts";
import type { Predictor } from "../learner/predictor.ts";
import { createForwardModel, type ForwardModel, type HeldOut } from "../learner/regressionModel.ts";
import { checkFoldsAndLevel, type ForwardLearner } from "../learner/regressor.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { takeTargets } from "../validation/takeTargets.ts";
import { averageByOthers, type Weighing } from "./averageByOthers.ts";
import { isClearGain } from "./isClearGain.ts";
import { nonNegativeLeastSquares } from "./nonNegativeLeastSquares.ts";
import { stackPredictor } from "./stackPredictor.ts";

export interface StackOptions {
  /** At least one, of this package, so that they can be stored. */
  readonly learners: readonly ForwardLearner[];
  /** Weights sum to 1; without, what they leave goes to the mean of the target. @defaultValue true */
  readonly sumsToOne?: boolean | undefined;
  /** Inner folds; fewer where there are fewer rows or groups. @defaultValue 5 */
  readonly folds?: number | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

const WHO = "stack";
const CAPABILITIES: readonly LearnerCapability[] = ["weights", "missing", "noiseVariance"];

/**
 * Weighted mean of several learners, weights at least 0 with the least squared error of predictions of inner folds (whole
 * groups) that no learner has seen. Learners of weight 0 are left out of the model.
 *
 * Held-out predictions of a fold have the weights that the other folds give, so the intervals know what choosing weights
 * costs. It takes weights, missing values and noise variances if every learner does.
 *
 * @throws DomainError for options outside their range; `fit` throws what the learners do
 * @see Breiman, Mach. Learn. 24, 49 (1996), doi:10.1007/BF00117832
 * @example
 * const stack = createStack({ learners: [createRandomForest(), createRidge(), createKernelRidge()] });
 * const model = await stack.fit(x, y, { random: createRandom(1) });
 * console.log(model.report); // { members: [{ learner, weight, rmse }, …], rmse, folds }
 */
export function createStack(options: StackOptions): ForwardLearner {
  const { learners, sumsToOne = true, folds = 5, level = 0.9 } = options;
  const check = optionCheck("createStack");
  check("learners", learners.length, learners.length > 0, "a list of at least one learner");
  check("sumsToOne", sumsToOne, typeof sumsToOne === "boolean", "true or false");
  checkFoldsAndLevel(check, folds, level);
  const supports: ReadonlySet<LearnerCapability> = new Set(
    CAPABILITIES.filter((capability) => learners.every((learner) => learner.supports.has(capability))),
  );
  const settings = { learners: [...learners], sumsToOne, folds, level };
  return {
    supports,
    module: import.meta.url,
    async fit(x, y, run) {
      run.signal?.throwIfAborted();
      const usesNoiseVariance = supports.has("noiseVariance");
      const rows = checkTraining(WHO, x, y, supports.has("missing"), { usesNoiseVariance });
      checkDivisible(WHO, rows);
      return fitStack(settings, rows, x, y, run);
    },
    toJSON: () => ({
      type: "materiome/stack-learner",
      version: 1,
      params: { learners: learners.map((learner) => ({ ...learner.toJSON() })), sumsToOne, folds, level },
      state: null,
    }),
  };
}

/** What a stack says of itself. */
export interface StackReport {
  readonly members: readonly { readonly learner: string; readonly weight: number; readonly rmse: number }[];
  readonly rmse: number;
  readonly folds: number;
}

interface Settings {
  readonly learners: readonly ForwardLearner[];
  readonly sumsToOne: boolean;
  /**
   * The first learner alone, unless the average errs less on the folds by more than one standard error of the difference; with
   * `sumsToOne`. @defaultValue false
   */
  readonly prefersFirst?: boolean | undefined;
  readonly folds: number;
  readonly level: number;
}

/**
 * Fits the learners and their weights.
 *
 * @param describe - the report of the model, from that of a stack
 */
export async function fitStack(
  settings: Settings,
  rows: TrainingSet,
  x: FeatureMatrix,
  y: Targets,
  run: RunContext,
  describe: (report: StackReport) => Json = (report) => report as unknown as Json,
): Promise<ForwardModel> {
  const { learners } = settings;
  const folds = innerFolds(rows, settings.folds, run.random.fork("inner split"));
  const total = learners.length + 1;
  const parts: HeldOut[] = [];
  for (const [m, learner] of learners.entries()) {
    const fit = async (train: Int32Array, k: number): Promise<Predictor> => {
      const random = run.random.fork("inner").fork(m).fork(k);
      const inner = { ...run, random, onProgress: undefined };
      return (await learner.fit(takeRows(x, train), takeTargets(y, train), inner)).predictor;
    };
    parts.push(await heldOutByFolds(x, folds, fit, run.signal));
    run.onProgress?.({ stage: "stack", done: m + 1, total });
  }
  const weighAll = (kept: Int32Array): Weighing => {
    const centre = meanOf(rows, kept);
    return { weights: weightsOf(rows, parts, kept, centre, settings.sumsToOne), centre };
  };
  const weigh = (kept: Int32Array): Weighing => {
    const all = weighAll(kept);
    if (settings.prefersFirst !== true || isBetter(rows, parts, kept, folds, weighAll)) return all;
    return { ...all, weights: Float64Array.from(learners, (_, m) => (m === 0 ? 1 : 0)) };
  };
  const heldOut: HeldOut = averageByOthers(parts, folds.fold, weigh, { signal: run.signal });
  const { weights, centre } = weigh(Int32Array.from(rows.y.keys()));
  const members: Predictor[] = [];
  for (const [m, learner] of learners.entries()) {
    if (weights[m] === 0) continue;
    const random = run.random.fork("final").fork(m);
    members.push((await learner.fit(x, y, { ...run, random, onProgress: undefined })).predictor);
  }
  run.onProgress?.({ stage: "stack", done: total, total });
  return createForwardModel({
    predictor: stackPredictor({ members, weights: weights.filter((w) => w !== 0), centre }),
    features: x.features,
    unit: rows.unit,
    level: settings.level,
    calibration: calibrate(rows.y, heldOut.mean, heldOut.variance),
    heldOut,
    report: describe(reportOf(settings, rows, parts, weights, heldOut, folds.nFolds)),
  });
}

function meanOf({ y, weights }: TrainingSet, kept: Int32Array): number {
  let sum = 0;
  let total = 0;
  for (const i of kept) {
    const weight = weights?.[i] ?? 1;
    sum += weight * (y[i] as number);
    total += weight;
  }
  return total > 0 ? sum / total : 0;
}

/**
 * Weights from held-out predictions of some rows. With a sum of 1 the squared error is |E w|² for the errors E of the members;
 * its least value on the simplex lies in the direction of that of |E w|² + c (1ᵀ w − 1)² over w ≥ 0, for any c.
 */
function weightsOf(
  rows: TrainingSet,
  parts: readonly HeldOut[],
  kept: Int32Array,
  centre: number,
  sumsToOne: boolean,
): Float64Array {
  const m = parts.length;
  const gram = new Float64Array(m * m);
  const right = new Float64Array(m);
  const own = new Float64Array(m);
  for (const i of kept) {
    const weight = rows.weights?.[i] ?? 1;
    const target = rows.y[i] as number; // i < n
    for (const [a, part] of parts.entries()) own[a] = (part.mean[i] as number) - (sumsToOne ? target : centre);
    for (let a = 0; a < m; a++) {
      right[a] = (right[a] as number) + weight * (own[a] as number) * (target - centre);
      for (let b = 0; b < m; b++) {
        gram[a * m + b] = (gram[a * m + b] as number) + weight * (own[a] as number) * (own[b] as number);
      }
    }
  }
  if (!sumsToOne) return nonNegativeLeastSquares({ rows: m, columns: m, data: gram }, right);
  let trace = 0;
  for (let a = 0; a < m; a++) trace += (gram[a * m + a] as number) / m;
  const pull = trace > 0 ? trace : 1;
  const found = nonNegativeLeastSquares(
    { rows: m, columns: m, data: gram.map((value) => value + pull) },
    new Float64Array(m).fill(pull),
  );
  const total = found.reduce((sum, w) => sum + w, 0);
  return found.map((w) => w / total);
}

/**
 * Whether an average errs less than its first member by more than one standard error. The rows of a fold are averaged with the
 * weights that the other folds give: those of a fit to all would always seem to help.
 */
function isBetter(
  rows: TrainingSet,
  parts: readonly HeldOut[],
  kept: Int32Array,
  { fold }: InnerFolds,
  weigh: (others: Int32Array) => Weighing,
): boolean {
  if (new Set(kept.map((i) => fold[i] as number)).size < 2) return false;
  const average = averageByOthers(parts, fold, weigh, { rows: kept }).mean;
  const first = parts[0]?.mean as Float64Array; // at least one member
  const gains = rows.y.map((y, i) => (y - (first[i] as number)) ** 2 - (y - (average[i] as number)) ** 2); // one per row
  return isClearGain(gains, rows, kept);
}

function reportOf(
  { learners }: Settings,
  rows: TrainingSet,
  parts: readonly HeldOut[],
  weights: Float64Array,
  heldOut: HeldOut,
  nFolds: number,
): StackReport {
  const rmse = ({ mean }: HeldOut): number => {
    let sum = 0;
    let total = 0;
    for (const [i, value] of rows.y.entries()) {
      const weight = rows.weights?.[i] ?? 1;
      sum += weight * (value - (mean[i] as number)) ** 2; // one per row
      total += weight;
    }
    return Math.sqrt(sum / total);
  };
  return {
    members: learners.map((learner, m) => ({
      learner: learner.toJSON().type,
      weight: weights[m] as number, // one per learner
      rmse: rmse(parts[m] as HeldOut),
    })),
    rmse: rmse(heldOut),
    folds: nFolds,
  };
}
