import {
  DataError,
  DomainError,
  type FeatureMatrix,
  type Json,
  type Learner,
  type LearnerCapability,
  type Matrix,
  type Prediction,
  type RegressionModel,
  type Regressor,
  type RunContext,
  type Serialized,
  shuffle,
  type Targets,
  takeRows,
} from "@materiome/core";
import { checkDivisible, checkTraining, type TrainingSet } from "../learner/checkTraining.ts";
import { groupKFold, kFold } from "../validation/splitter.ts";
import { takeTargets } from "../validation/takeTargets.ts";
import { type ConformalScores, leastUnits } from "./conformalBounds.ts";
import {
  baseOf,
  type ConformalModel,
  type ConformalScore,
  classesOf,
  createConformalModel,
  describeClass,
} from "./conformalModel.ts";

export interface ConformalOptions {
  /**
   * `split`: one model, calibrated on a share of the rows that it does not learn from; coverage at least `level`.
   * `cv+`: every row is held out once by one of `folds` models, all of which make the interval. `jackknife+`: as many models as
   * there are rows or groups. That is certain of 1 − 2 (1 − level), `cv+` of √(2 / n) less;
   * both are near `level` in practice. @defaultValue "cv+"
   */
  readonly method?: "split" | "cv+" | "jackknife+" | undefined;
  /**
   * `absolute`: errors in target units, intervals equally wide; `normalised`: in standard deviations that the learner
   * predicts; `quantile`: distance beyond the quantiles that the learner predicts. @defaultValue "absolute"
   */
  readonly score?: ConformalScore | undefined;
  /** Probability of the intervals, above 0 and below 1. @defaultValue 0.9 */
  readonly level?: number | undefined;
  /** Folds of `cv+`; fewer where there are fewer rows or groups. @defaultValue 10 */
  readonly folds?: number | undefined;
  /** Share of the rows, or groups, that `split` calibrates on. @defaultValue 0.3 */
  readonly calibrationShare?: number | undefined;
  /** Features whose values make classes, each with its own coverage (Mondrian). @defaultValue one class of all rows */
  readonly by?: string | readonly string[] | undefined;
  /** Ascending cuts of a numeric feature `by`, which then make the classes. @defaultValue each value is a class */
  readonly edges?: readonly number[] | undefined;
}

export type Conformal = Learner<FeatureMatrix, Targets, ConformalModel>;

interface Settings {
  readonly method: "split" | "cv+" | "jackknife+";
  readonly score: ConformalScore;
  readonly level: number;
  readonly folds: number;
  readonly calibrationShare: number;
  readonly by: readonly string[];
  readonly edges: readonly number[];
}

/**
 * Puts conformal intervals around any regressor: whatever it is and however wrong, a new row exchangeable with the training
 * rows lies inside with the probability asked for.
 *
 * With n calibration scores the ⌈level (n + 1)⌉-th smallest is the half width (`split`), or the bound is that order statistic
 * of the predictions of the models ± the scores of the rows they held out (`cv+`, `jackknife+`). Where rows come in
 * groups these are held out whole and count once each, however many rows they have: the promise is for a row of a new
 * group. Fewer than level / (1 − level) rows (or groups) would make intervals infinite and are refused. The mean is
 * that of a model of all rows, save for `split`, where it is of the rows it learns from.
 *
 * Weights go to the learner and do not weigh the scores.
 *
 * @throws DomainError for options outside their range; `fit` throws DataError for too few rows, groups or rows of a class,
 * naming how many are needed, and IncompatibleError where the learner does not give what the score needs
 * @see Papadopoulos et al., ECML 2002, doi:10.1007/3-540-36755-1_29 (split)
 * @see Barber, Candès, Ramdas & Tibshirani, Ann. Stat. 49, 486 (2021), doi:10.1214/20-AOS1965 (jackknife+, CV+)
 * @see Romano, Patterson & Candès, NeurIPS 2019, arXiv:1905.03222 (quantile)
 * @see Lee, Barber & Willett, arXiv:2306.06342 (groups)
 * @example
 * const learner = createConformal(createRandomForest(), { score: "normalised", level: 0.95 });
 * const { lower, upper } = await (await learner.fit(x, y, { random: createRandom(1) })).predict(x);
 */
export function createConformal(learner: Regressor, options: ConformalOptions = {}): Conformal {
  const settings = resolve(options);
  const supports: ReadonlySet<LearnerCapability> = new Set(
    [...learner.supports].filter((capability) => capability === "weights" || capability === "missing"),
  );
  return {
    supports,
    module: import.meta.url,
    async fit(x: FeatureMatrix, y: Targets, run: RunContext): Promise<ConformalModel> {
      run.signal?.throwIfAborted();
      const rows = checkTraining("conformal", x, y, supports.has("missing"));
      checkDivisible("conformal", rows);
      return fitConformal(learner, settings, rows, y, run);
    },
    toJSON(): Serialized {
      const params = { ...settings, learner: { ...learner.toJSON() } as Json };
      return { type: "materiome/conformal-learner", version: 1, params, state: null };
    },
  };
}

function resolve(options: ConformalOptions): Settings {
  const { method = "cv+", score = "absolute", level = 0.9, folds = 10, calibrationShare = 0.3, edges = [] } = options;
  const by = typeof options.by === "string" ? [options.by] : (options.by ?? []);
  const check = (name: string, value: unknown, isAllowed: boolean, expected: string): void => {
    if (!isAllowed) throw new DomainError(`createConformal: ${name} must be ${expected}, got ${String(value)}`);
  };
  check("method", method, ["split", "cv+", "jackknife+"].includes(method), '"split", "cv+" or "jackknife+"');
  check(
    "score",
    score,
    ["absolute", "normalised", "quantile"].includes(score),
    '"absolute", "normalised" or "quantile"',
  );
  check("level", level, level > 0 && level < 1, "between 0 and 1");
  check("folds", folds, Number.isInteger(folds) && folds >= 2, "a whole number of at least 2");
  check("calibrationShare", calibrationShare, calibrationShare > 0 && calibrationShare < 1, "between 0 and 1");
  check("edges", edges, edges.length === 0 || by.length === 1, "given with one feature to calibrate by");
  check(
    "edges",
    edges,
    edges.every((edge, k) => Number.isFinite(edge) && !(edge <= (edges[k - 1] ?? -Infinity))),
    "ascending",
  );
  return { method, score, level, folds, calibrationShare, by: [...by], edges: [...edges] };
}

async function fitConformal(
  learner: Regressor,
  settings: Settings,
  rows: TrainingSet,
  y: Targets,
  run: RunContext,
): Promise<ConformalModel> {
  const { method, score, level } = settings;
  const { x } = rows;
  const n = x.rows;
  const classes = { features: settings.by, edges: settings.edges };
  const keys = classesOf("conformal", x, classes);
  const fold = assignRows(settings, rows, run);
  const nFolds = 1 + Math.max(...fold);
  const nFits = method === "split" ? 1 : nFolds + 1;
  const models: RegressionModel[] = [];
  const mean = new Float64Array(n).fill(Number.NaN);
  const variance = new Float64Array(n).fill(Number.NaN);
  const scores = new Float64Array(n).fill(Number.NaN);
  const fit = async (kept: Int32Array | undefined, label: string | number): Promise<RegressionModel> => {
    run.signal?.throwIfAborted();
    const context = { ...run, random: run.random.fork("conformal").fork(label), onProgress: undefined };
    if (kept === undefined) return learner.fit(x, y, context);
    return learner.fit(takeRows(x, kept), takeTargets(y, kept), context);
  };
  for (let k = 0; k < nFolds; k++) {
    const test = Int32Array.from(fold.keys()).filter((i) => fold[i] === k);
    const model = await fit(
      Int32Array.from(fold.keys()).filter((i) => fold[i] !== k),
      k,
    );
    models.push(model);
    const prediction: Prediction = await model.predict(takeRows(x, test), { threads: run.threads, signal: run.signal });
    const { low, high, scale } = baseOf(prediction, score, level);
    for (const [at, i] of test.entries()) {
      const value = rows.y[i] as number; // i < n; one prediction per test row
      mean[i] = meanAt(prediction.mean, at);
      variance[i] = (scale[at] as number) ** 2;
      scores[i] = Math.max((low[at] as number) - value, value - (high[at] as number)) / (scale[at] as number);
    }
    run.onProgress?.({ stage: "held-out rows", done: k + 1, total: nFits });
  }
  const calibrated = calibrateClasses(keys, fold, scores, rows, settings);
  const [only] = models as [RegressionModel]; // at least one fold
  const point = method === "split" ? only : await fit(undefined, "all");
  run.onProgress?.({ stage: "held-out rows", done: nFits, total: nFits });
  return createConformalModel({
    features: x.features,
    unit: rows.unit,
    level,
    score,
    classes,
    point,
    members: method === "split" ? undefined : models,
    calibrated,
    heldOut: { mean, variance },
  });
}

function meanAt(mean: Matrix, row: number): number {
  return mean.data[row] as number; // one per row
}

/** Which model holds each row out; −1 for rows that `split` learns from. */
function assignRows(settings: Settings, rows: TrainingSet, run: RunContext): Int32Array {
  const { method, folds, calibrationShare, level } = settings;
  const { groups, nGroups, isGrouped } = rows;
  const least = leastUnits(level);
  const what = isGrouped ? "groups" : "rows";
  const refuse = (n: number, remedy: string): never => {
    throw new DataError(
      `conformal: ${n} calibration ${what} are too few for intervals of level ${level}, which would be infinite; at least ${least} are needed: ${remedy}`,
    );
  };
  const random = run.random.fork("conformal split");
  if (method === "split") {
    const nHeld = Math.min(nGroups - 1, Math.ceil(calibrationShare * nGroups));
    if (nHeld < least) {
      refuse(
        nHeld,
        `raise calibrationShare above ${calibrationShare}, use cv+, lower the level or give more ${what} (there are ${nGroups})`,
      );
    }
    const held = new Set(shuffle(nGroups, random).subarray(0, nHeld));
    return groups.map((group) => (held.has(group) ? 0 : -1));
  }
  if (nGroups < least)
    refuse(nGroups, `lower the level to ${Math.floor((100 * nGroups) / (nGroups + 1)) / 100}, or give more ${what}`);
  if (method === "jackknife+") return groups;
  const nFolds = Math.min(folds, nGroups);
  return (isGrouped ? groupKFold(nFolds) : kFold(nFolds)).assign(groups.length, groups, random);
}

function calibrateClasses(
  keys: readonly string[],
  fold: Int32Array,
  scores: Float64Array,
  rows: TrainingSet,
  settings: Settings,
): Map<string, ConformalScores> {
  const { by: features, edges, level } = settings;
  const least = leastUnits(level);
  const calibrated = new Map<string, ConformalScores>();
  for (const key of new Set(keys)) {
    const own = Array.from(fold.keys()).filter((i) => keys[i] === key && (fold[i] as number) >= 0); // one per row, here and below
    const sizes = new Map<number, number>();
    for (const i of own) sizes.set(rows.groups[i] as number, (sizes.get(rows.groups[i] as number) ?? 0) + 1);
    if (sizes.size < least) {
      throw new DataError(
        `conformal: class ${describeClass({ features, edges }, key)} has ${sizes.size} calibration ${rows.isGrouped ? "groups" : "rows"}; intervals of level ${level} need at least ${least}: merge classes, lower the level, or give more rows`,
      );
    }
    calibrated.set(key, {
      member: Int32Array.from(own, (i) => fold[i] as number),
      score: Float64Array.from(own, (i) => scores[i] as number),
      weight: Float64Array.from(own, (i) => 1 / (sizes.get(rows.groups[i] as number) as number)), // counted above
      nUnits: sizes.size,
    });
  }
  return calibrated;
}
