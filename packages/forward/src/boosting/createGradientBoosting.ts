import {
  DataError,
  DomainError,
  type FeatureMatrix,
  type Json,
  type Learner,
  type LearnerCapability,
  type RunContext,
  type Serialized,
  type Targets,
} from "@materiome/core";
import { MOST_SAMPLES } from "@materiome/core/numerics";
import { checkTraining, type TrainingSet } from "../learner/checkTraining.ts";
import { isShare, optionCheck } from "../learner/classifier.ts";
import { createForwardModel, type ForwardModel, type HeldOut } from "../learner/regressionModel.ts";
import { scaleToMeanOne } from "../tree/bag.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { type ResidualScale, STABILISERS, slopeAt } from "../uncertainty/residualScale.ts";
import { groupKFold, kFold } from "../validation/splitter.ts";
import { type BoostedSum, boostedPredictor, constantSum } from "./boostedPredictor.ts";
import { type BoostingPlan, boostFolds, boostRows, createPart, type FoldedBoosting, type Part } from "./boostRows.ts";
import type { ColumnRoles } from "./codeRows.ts";
import { type BoostingLoss, regressionLoss } from "./regressionLoss.ts";

export interface GradientBoostingOptions {
  /**
   * What is made small: `squared`, `absolute` (median), `quantile`, `huber`, or the deviance of a `poisson` (targets ≥ 0) or
   * `gamma` distribution (> 0), which both predict exp of the sum of the trees. @defaultValue "squared"
   */
  readonly loss?: BoostingLoss | undefined;
  /** Level of the quantile that the loss `quantile` predicts, between 0 and 1. @defaultValue 0.5 */
  readonly quantile?: number | undefined;
  /** Share of the residuals that the loss `huber` squares in each round, between 0 and 1. @defaultValue 0.9 */
  readonly huberShare?: number | undefined;
  /** Most rounds, of one tree each; with `folds`, the best number up to this is taken. At most 10 000. @defaultValue 500 */
  readonly nRounds?: number | undefined;
  /** Factor of every leaf's value, above 0, at most 1. @defaultValue 0.1 */
  readonly learningRate?: number | undefined;
  /** Leaves of a tree, 2 … 4096. @defaultValue 31 */
  readonly maxLeaves?: number | undefined;
  /** @defaultValue no limit */
  readonly maxDepth?: number | undefined;
  /** Least number of rows in a leaf, whatever they weigh. @defaultValue a fortieth of the rows, at least 1, at most 20 */
  readonly minSamplesLeaf?: number | undefined;
  /** Penalty λ on the leaves' values, at least 0, in units of the hessian (that of a squared error is 1 a row). @defaultValue 0 */
  readonly l2?: number | undefined;
  /** Share of the rows that each round draws, above 0, at most 1. @defaultValue 1 */
  readonly rowShare?: number | undefined;
  /** Share of the columns tried at each split, above 0, at most 1. @defaultValue 1 */
  readonly maxFeatures?: number | undefined;
  /**
   * By the name of a feature: 1 if the prediction may only rise with it, −1 if only fall, 0 for no constraint. Missing values of
   * that feature stand outside the order. @defaultValue none
   */
  readonly monotone?: Readonly<Record<string, number>> | undefined;
  /**
   * Names of features whose values are codes without an order, at most 255 of them: splits part any sets of codes. A code that
   * training rows lack goes with the missing values. @defaultValue none
   */
  readonly categorical?: readonly string[] | undefined;
  /**
   * Inner folds, at least 2 (fewer where there are fewer groups), that choose the number of rounds and give the intervals; 0: all
   * `nRounds`, and no intervals. @defaultValue 5
   */
  readonly folds?: number | undefined;
  /** The folds stop after so many rounds without a better mean loss. @defaultValue 30 */
  readonly patience?: number | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

export type GradientBoosting = Learner<FeatureMatrix, Targets, ForwardModel>;

type Settings = {
  readonly [K in keyof Required<Omit<GradientBoostingOptions, "minSamplesLeaf">>]: NonNullable<
    GradientBoostingOptions[K]
  >;
} & Pick<GradientBoostingOptions, "minSamplesLeaf">;

const WHO = "gradient boosting";
const LOSSES: readonly BoostingLoss[] = ["squared", "absolute", "quantile", "huber", "poisson", "gamma"];
/** Losses of targets that cannot be below 0 take residuals where no interval reaches there. */
const RESIDUALS: { readonly [loss in BoostingLoss]?: ResidualScale } = { gamma: "log", poisson: "root" };
const MOST_ROUNDS = 10_000;
const MOST_LEAVES = 4096;
const ROWS_PER_LEAF = 40;
const MOST_DEFAULT_LEAF = 20;
/** Rounds, leaves and patience of the trees that learn how large errors are. */
const SCALE = { nRounds: 100, maxLeaves: 6, patience: 10 };

/**
 * Histogram gradient boosting for regression: trees that each take a Newton step on the loss of those before.
 *
 * With the sums G and H of gradients and hessians in a node, a leaf is worth −learningRate G / (H + λ), and trees grow leaf by
 * leaf where G²/(H + λ) of the children exceeds that of the parent most. Leaves of the absolute, quantile and Huber losses take
 * their own minimiser in place of the Newton step; a step under the log link ends at the minimum of its leaf. Columns are cut
 * into at most 255 quantile bins; missing values go to the side that fits better. With `monotone`, the values below the two sides
 * of a split on such a feature are bounded by the middle between them, so that the prediction never goes the other way.
 *
 * With `folds`, as many models are boosted side by side on all rows but a fold (whole groups, where the targets name groups); the
 * number of rounds that has the least mean loss on the rows held out, at least one, is then boosted on all rows. The held-out
 * rows give the intervals: how large their errors are is learnt from the features (few small trees of the Poisson deviance, on
 * the same folds, so that no row's scale has seen its own error), and the signed errors in units of that scale are the predictive
 * distribution. Of the losses `gamma` and `poisson` these are errors of logarithms and of 2 √(y + 3/8), so that no quantile is below 0.
 * `model.report` has the curve of the losses and says if the model is no better than a constant.
 *
 * One target; takes weights (scaled to mean 1; rows of weight 0 are left out) and missing values.
 *
 * @throws DomainError for options outside their range; `fit` throws it for targets that the loss cannot have or unknown names of
 * features, and DataError for fewer rows than two leaves hold
 * @see Friedman, Ann. Stat. 29, 1189 (2001), doi:10.1214/aos/1013203451
 * @see Chen & Guestrin, KDD 2016, doi:10.1145/2939672.2939785, eqs. 5 and 7
 * @see Ke et al., NeurIPS 2017 (LightGBM): leaf-wise growth on histograms
 * @see Fisher, J. Am. Stat. Assoc. 53, 789 (1958), doi:10.1080/01621459.1958.10501479: sets of ordered categories
 * @see Anscombe, Biometrika 35, 246 (1948), doi:10.1093/biomet/35.3-4.246: roots of counts
 * @see Lei et al., J. Am. Stat. Assoc. 113, 1094 (2018), doi:10.1080/01621459.2017.1307116, section 5.2: local scale
 * @example
 * const boosting = createGradientBoosting({ learningRate: 0.05, monotone: { carbon: 1 } });
 * const model = await boosting.fit(x, { kind: "regression", values: y, units: ["MPa"] }, { random: createRandom(1) });
 * const { mean, lower, upper } = await model.predict(x);
 */
export function createGradientBoosting(options: GradientBoostingOptions = {}): GradientBoosting {
  const settings = resolve(options);
  const supports: ReadonlySet<LearnerCapability> = new Set(["weights", "missing"]);
  return {
    supports,
    module: import.meta.url,
    async fit(x: FeatureMatrix, y: Targets, run: RunContext): Promise<ForwardModel> {
      return fitBoosting(settings, checkTraining(WHO, x, y, true), run);
    },
    toJSON(): Serialized {
      const { maxDepth, minSamplesLeaf = null, ...rest } = settings;
      const params = { ...rest, minSamplesLeaf, maxDepth: Number.isFinite(maxDepth) ? maxDepth : null };
      return { type: "materiome/gradient-boosting-learner", version: 1, params, state: null };
    },
  };
}

function resolve(options: GradientBoostingOptions): Settings {
  const { loss = "squared", quantile = 0.5, huberShare = 0.9, nRounds = 500, learningRate = 0.1 } = options;
  const { maxLeaves = 31, maxDepth = Number.POSITIVE_INFINITY, minSamplesLeaf, l2 = 0, rowShare = 1 } = options;
  const { maxFeatures = 1, monotone = {}, categorical = [], folds = 5, patience = 30, level = 0.9 } = options;
  const check = optionCheck("createGradientBoosting");
  const isWhole = (value: number, least: number, most: number): boolean =>
    Number.isInteger(value) && value >= least && value <= most;
  const isBetween = (value: number): boolean => value > 0 && value < 1;
  check("loss", loss, LOSSES.includes(loss), LOSSES.map((name) => `"${name}"`).join(", "));
  check("quantile", quantile, isBetween(quantile), "between 0 and 1");
  check("huberShare", huberShare, isBetween(huberShare), "between 0 and 1");
  check("nRounds", nRounds, isWhole(nRounds, 1, MOST_ROUNDS), `1 … ${MOST_ROUNDS}`);
  check("learningRate", learningRate, isShare(learningRate), "above 0 and at most 1");
  check("maxLeaves", maxLeaves, isWhole(maxLeaves, 2, MOST_LEAVES), `2 … ${MOST_LEAVES}`);
  check("maxDepth", maxDepth, maxDepth >= 1, "at least 1");
  const isLeaf = minSamplesLeaf === undefined || isWhole(minSamplesLeaf, 1, MOST_SAMPLES);
  check("minSamplesLeaf", minSamplesLeaf, isLeaf, "a whole number of at least 1");
  check("l2", l2, Number.isFinite(l2) && l2 >= 0, "a number of at least 0");
  check("rowShare", rowShare, isShare(rowShare), "above 0 and at most 1");
  check("maxFeatures", maxFeatures, isShare(maxFeatures), "above 0 and at most 1");
  for (const [name, direction] of Object.entries(monotone)) {
    check(`monotone.${name}`, direction, [-1, 0, 1].includes(direction), "1, −1 or 0");
    const isOrdered = direction === 0 || !categorical.includes(name);
    check(`monotone.${name}`, direction, isOrdered, "0 for a categorical feature, whose codes have no order");
  }
  check("folds", folds, folds === 0 || isWhole(folds, 2, MOST_SAMPLES), "0 or a whole number of at least 2");
  check("patience", patience, isWhole(patience, 1, MOST_ROUNDS), `1 … ${MOST_ROUNDS}`);
  check("level", level, isBetween(level), "between 0 and 1");
  const growth = { nRounds, learningRate, maxLeaves, maxDepth, minSamplesLeaf, l2, rowShare, maxFeatures };
  const told = { monotone: { ...monotone }, categorical: [...categorical] };
  return { loss, quantile, huberShare, ...growth, ...told, folds, patience, level };
}

async function fitBoosting(settings: Settings, rows: TrainingSet, run: RunContext): Promise<ForwardModel> {
  run.signal?.throwIfAborted();
  const { x, y } = rows;
  const { loss, level } = settings;
  const weights = rows.weights === undefined ? new Float64Array(x.rows).fill(1) : scaleToMeanOne(rows.weights);
  checkTargets(settings, y);
  const roles = rolesOf(settings, x);
  const isWeighted = (i: number): boolean => (weights[i] as number) > 0; // a row
  const whole = createPart(x, isWeighted, roles);
  const foldOf = assignFolds(settings, rows, run);
  const nFolds = foldOf.reduce((most, fold) => Math.max(most, fold + 1), 0);
  const parts = Array.from({ length: nFolds }, (_, k) =>
    createPart(
      x,
      (i) => foldOf[i] !== k && isWeighted(i),
      roles,
      (i) => foldOf[i] === k,
    ),
  );
  const minSamplesLeaf = settings.minSamplesLeaf ?? leastLeaf(whole.nTrain);
  checkRoom(settings, minSamplesLeaf, whole, parts);
  const plan: BoostingPlan = { ...planOf(settings, minSamplesLeaf, x.columns), loss: settings };
  const folded =
    parts.length === 0
      ? undefined
      : await boostFolds(parts, y, weights, plan, 1, { ...run, random: run.random.fork("rounds") });
  const nRounds = folded?.nRounds ?? settings.nRounds;
  const final = { ...run, random: run.random.fork("final") };
  const { intercept, trees } = await boostRows(whole, y, weights, { ...plan, nRounds }, final);
  const { link } = regressionLoss(settings);
  const sizesOf = RESIDUALS[loss];
  const mean = folded?.heldOut.map((score) => (link === "log" ? Math.exp(score) : score));
  const scaled =
    mean === undefined ? undefined : await learnScale(settings, rows, mean, weights, plan, whole, parts, run);
  const heldOut: HeldOut | undefined =
    mean === undefined || scaled === undefined
      ? undefined
      : { mean, variance: scaled.heldOut.map((size, i) => (size / slopeAt(sizesOf, mean[i] as number)) ** 2) }; // one each
  const categories = new Map(
    whole.coded.categories.flatMap((values, k) =>
      whole.coded.roles.isCategorical[k] === 1 ? [[whole.coded.columns[k] as number, values] as const] : [],
    ),
  );
  return createForwardModel({
    predictor: boostedPredictor({ intercept, trees, link, scale: scaled?.sum ?? null, sizesOf, categories }),
    features: x.features,
    unit: rows.unit,
    level,
    calibration: heldOut === undefined ? undefined : calibrate(y, heldOut.mean, heldOut.variance, { scale: sizesOf }),
    heldOut,
    report: {
      loss,
      nRounds,
      minSamplesLeaf,
      nTrees: trees.treeStart.length - 1,
      ...(folded === undefined ? {} : reportOf(folded, nFolds, rows.isGrouped, trees.feature.length === 0)),
    },
  });
}

/** @throws DomainError for the first target that the loss cannot have */
function checkTargets(settings: Settings, y: Float64Array): void {
  const { refuses } = regressionLoss(settings);
  for (const [i, value] of y.entries()) {
    const expected = refuses(value);
    if (expected === undefined) continue;
    throw new DomainError(
      `${WHO}: target of row ${i} is ${value}, but loss "${settings.loss}" needs targets ${expected}; use loss "squared" or drop the row`,
    );
  }
}

/** @throws DomainError for names that no feature has */
function rolesOf({ monotone, categorical }: Settings, x: FeatureMatrix): ColumnRoles {
  const names = x.features.map(({ name }) => name);
  const unknown = [...Object.keys(monotone), ...categorical].filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new DomainError(
      `${WHO}: monotone or categorical names "${unknown.join('", "')}", which no feature has; the features are ${names.slice(0, 20).join(", ")}${names.length > 20 ? ", …" : ""}`,
    );
  }
  return {
    directions: Int8Array.from(names, (name) => monotone[name] ?? 0),
    isCategorical: Uint8Array.from(names, (name) => (categorical.includes(name) ? 1 : 0)),
  };
}

/** Fold of each row, or no folds. */
function assignFolds({ folds }: Settings, rows: TrainingSet, run: RunContext): Int32Array {
  if (folds === 0) return new Int32Array(0);
  const nFolds = Math.min(folds, rows.nGroups);
  const splitter = rows.isGrouped ? groupKFold(nFolds) : kFold(nFolds);
  return splitter.assign(rows.x.rows, rows.groups, run.random.fork("folds"));
}

function leastLeaf(n: number): number {
  return Math.min(MOST_DEFAULT_LEAF, Math.max(1, Math.floor(n / ROWS_PER_LEAF)));
}

/** @throws DataError if no round could split its rows, so that a model would be a constant */
function checkRoom({ rowShare }: Settings, minSamplesLeaf: number, whole: Part, parts: readonly Part[]): void {
  const nTrain = Math.min(whole.nTrain, ...parts.map((part) => part.nTrain));
  const nDrawn = Math.round(rowShare * nTrain);
  if (nDrawn >= 2 * minSamplesLeaf) return;
  const held = nTrain < whole.nTrain ? `, of which a fold trains on ${nTrain}` : "";
  const drawn = rowShare < 1 ? `, of which a round draws ${nDrawn}` : "";
  const smaller = Math.floor(nDrawn / 2);
  const remedy = smaller > 0 ? `give more rows or a minSamplesLeaf of at most ${smaller}` : "give more rows";
  throw new DataError(
    `${WHO}: ${whole.nTrain} rows with a weight${held}${drawn}, but a split needs 2 · minSamplesLeaf = ${2 * minSamplesLeaf}; ${remedy}`,
  );
}

function planOf(settings: Settings, minSamplesLeaf: number, d: number): Omit<BoostingPlan, "loss"> {
  const { maxLeaves, maxDepth, l2, learningRate, rowShare, nRounds, patience } = settings;
  const nTry = Math.max(1, Math.round(settings.maxFeatures * d));
  return {
    growth: { maxLeaves, maxDepth, minSamplesLeaf, l2, nTry, learningRate },
    rowShare,
    nRounds,
    patience,
  };
}

/** How large the errors of held-out rows are, as a function of the features, and for each row by trees that have not seen it. */
async function learnScale(
  settings: Settings,
  rows: TrainingSet,
  mean: Float64Array,
  weights: Float64Array,
  plan: Omit<BoostingPlan, "loss">,
  whole: Part,
  parts: readonly Part[],
  run: RunContext,
): Promise<{ readonly sum: BoostedSum; readonly heldOut: Float64Array }> {
  const residuals = RESIDUALS[settings.loss];
  const of = residuals === undefined ? (value: number): number => value : STABILISERS[residuals].of;
  const sizes = rows.y.map((value, i) => Math.abs(of(value) - of(mean[i] as number))); // one a row
  const isPerfect = [whole, ...parts].some(({ order, nTrain }) =>
    order.subarray(0, nTrain).every((i) => sizes[i] === 0),
  );
  if (isPerfect) return { sum: constantSum(0), heldOut: new Float64Array(sizes.length) };
  const loss = { ...settings, loss: "poisson" } as const;
  const minSamplesLeaf = Math.min(2 * MOST_DEFAULT_LEAF, Math.max(plan.growth.minSamplesLeaf, 10));
  const growth = { ...plan.growth, learningRate: 0.1, maxLeaves: SCALE.maxLeaves, minSamplesLeaf, l2: 0 };
  const small: BoostingPlan = { ...plan, growth, loss, nRounds: SCALE.nRounds, patience: SCALE.patience };
  const folded = await boostFolds(parts, sizes, weights, small, 0, { ...run, random: run.random.fork("scale") });
  const final = { ...run, random: run.random.fork("final scale") };
  const { intercept, trees } = await boostRows(whole, sizes, weights, { ...small, nRounds: folded.nRounds }, final);
  return { sum: { intercept, trees, link: "log" }, heldOut: folded.heldOut.map(Math.exp) };
}

function reportOf(
  { curve, nRounds }: FoldedBoosting,
  nFolds: number,
  isGrouped: boolean,
  isConstant: boolean,
): { readonly [key: string]: Json } {
  const [constant = 0] = curve;
  const heldOutLoss = curve[nRounds] ?? constant;
  const isUseless = heldOutLoss >= constant;
  return {
    reason: `least mean loss on ${nFolds} inner ${isGrouped ? "grouped " : ""}folds of the training rows`,
    heldOutLoss,
    constantLoss: constant,
    curve: [...curve],
    ...(isConstant ? { warning: "no feature parts the rows: the model predicts a constant" } : {}),
    ...(isUseless && !isConstant ? { warning: "no better than a constant on rows held out" } : {}),
  };
}
