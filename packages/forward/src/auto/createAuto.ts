import {
  DomainError,
  type FeatureMatrix,
  type Json,
  type Learner,
  type LearnerCapability,
  type RunContext,
  type Serialized,
  type Targets,
} from "@materiome/core";
import { type FilledFeature, filledOf } from "../imputed/filledOf.ts";
import { checkDivisible, checkTraining } from "../learner/checkTraining.ts";
import { innerFolds } from "../learner/heldOutByFolds.ts";
import type { Predictor } from "../learner/predictor.ts";
import { createForwardModel, type ForwardModel } from "../learner/regressionModel.ts";
import { stackPredictor } from "../stack/stackPredictor.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { chooseWeights } from "./chooseWeights.ts";
import { columnsPredictor } from "./columnsPredictor.ts";
import { type AutoCandidate, type AutoCriterion, FAMILIES, type FamilyOptions } from "./families.ts";
import { heldOutOfChoices } from "./heldOutOfChoices.ts";
import { meanCost } from "./judged.ts";
import type { LaterSettings } from "./proposeTrials.ts";
import { type ScoredTrial, type SearchSettings, searchTrials } from "./searchTrials.ts";
import { takeFeatures } from "./trial.ts";
import { whyChosen } from "./whyChosen.ts";

export interface AutoOptions {
  /**
   * `mlp` and `element-attention`, ensembles of three nets, are tried only where they are named here.
   * @defaultValue all others; those that predict medians only where absolute errors are compared
   */
  readonly candidates?: readonly AutoCandidate[] | undefined;
  /** Inner folds; fewer where there are fewer rows or groups. @defaultValue 5 */
  readonly folds?: number | undefined;
  /**
   * Settings drawn beside the defaults of the learners that have some to tune; 0: defaults alone.
   * @defaultValue 4, and fewer with more than 100 000 values in the rows, none with more than 400 000
   */
  readonly draws?: number | undefined;
  /**
   * Trials: learners with their own settings on each set of features, then drawn settings. With fewer than there are learners and
   * sets the report lists the others as not tried; with more, so many more settings are drawn. @defaultValue all learners, and `draws`
   */
  readonly trials?: number | undefined;
  /**
   * How the later half of the settings is chosen where there are at least eight for each learner that has some to tune: `proposed` by
   * expected improvement over what the first half gave, `uniform`, evenly over the same ranges, or `grid`, drawn as the first half.
   * @defaultValue "proposed"
   */
  readonly laterSettings?: LaterSettings | undefined;
  /** Trees of a forest; the inner folds grow a third as many where the rows hold more than 100 000 values. @defaultValue 200 */
  readonly nTrees?: number | undefined;
  /**
   * What candidates are compared by on the inner folds: `absolute` where a few wild rows must not decide; medians are then tried
   * too, of the target and by boosting. @defaultValue "squared"
   */
  readonly criterion?: AutoCriterion | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
  /**
   * Rows to predict may lack inputs, even if no training row does. Learners that take none are tried on medians in place of the
   * gaps, with marks (`createImputed`). @defaultValue false
   */
  readonly missing?: boolean | undefined;
}

export type Auto = Learner<FeatureMatrix, Targets, ForwardModel>;

const NAMES: readonly AutoCandidate[] = FAMILIES.map(({ name }) => name);

/**
 * Searches learners, sets of features and settings by cross-validation on the training rows alone (whole groups held out),
 * then fits the best, or the best average, to all of them.
 *
 * Every learner is tried with its defaults on every set of features: all, and without descriptors computed from element amounts
 * that are features themselves. Settings drawn for forests and boosting are looked at on two inner folds first; with eight or more
 * of each learner only the first half is drawn, and the later one proposed in rounds of four by a Gaussian process of what was seen
 * on these folds (expected improvement; Snoek, Larochelle & Adams, NeurIPS 2012). The better half of all of them goes on to the
 * others (successive halving; Jamieson & Talwalkar, AISTATS 2016). Where the rows hold more than 100 000 values, so do only those
 * that are not far behind: at most twice the least squared, 1.5 times the least absolute error.
 *
 * Averages are built by ensemble selection on the inner held-out predictions (Caruana et al. 2004) and taken if they lower the error
 * by more than a standard error of the gain. What comes out, one learner or an average, is drawn towards equal weights for the best
 * trial of each learner within a fifth of the least error, as far as lowers the error on rows of each fold by the weights that the
 * others give (Diebold & Pauly 1990); with two folds not at all. Intervals come from inner held-out residuals, those of a fold with the
 * weights that the other folds choose: residuals of weights that they helped to choose are too small. Where residuals of a
 * group go together they count as fewer (Kish's design effect), which widens the intervals.
 *
 * A cross-validation around it stays honest, since every choice is made inside `fit`. `model.report` lists what was tried
 * with its inner error, which settings were proposed (`proposed`), what was left out and why, what was chosen, the share of
 * equal weights in it (`equalShare`), its root mean squared, or mean absolute, error on rows of each fold with the weights that the
 * others choose (`heldOutError`), which quotients of amounts the learners chosen were given, and what those that take no gaps saw
 * in place of them (`filled`).
 *
 * @throws DomainError for options outside their range; DataError if no candidate can take the rows
 * @see Caruana, Niculescu-Mizil, Crew & Ksikes, ICML 2004, doi:10.1145/1015330.1015432; Diebold & Pauly, Int. J. Forecasting 6, 503 (1990),
 * doi:10.1016/0169-2070(90)90028-A; Snoek, Larochelle & Adams, arXiv:1206.2944
 * @example
 * const model = await createAuto().fit(x, y, { random: createRandom(1) });
 * console.log(model.report);
 */
export function createAuto(options: AutoOptions = {}): Auto {
  const { criterion = "squared" } = options;
  const {
    candidates = defaultNames(criterion),
    folds = 5,
    nTrees = 200,
    level = 0.9,
    missing = false,
    draws,
    trials,
    laterSettings = "proposed",
  } = options;
  if (candidates.length === 0 || candidates.some((name) => !NAMES.includes(name))) {
    throw new DomainError(`createAuto: candidates must be some of ${NAMES.join(", ")}; got ${candidates.join(", ")}`);
  }
  if (!(Number.isInteger(folds) && folds >= 2))
    throw new DomainError(`createAuto: folds must be at least 2, got ${folds}`);
  if (draws !== undefined && !(Number.isInteger(draws) && draws >= 0)) {
    throw new DomainError(`createAuto: draws must be a whole number of at least 0, got ${draws}`);
  }
  if (trials !== undefined && !(Number.isInteger(trials) && trials >= 1)) {
    throw new DomainError(`createAuto: trials must be a whole number of at least 1, got ${trials}`);
  }
  if (trials !== undefined && draws !== undefined) {
    throw new DomainError("createAuto: trials and draws are two ways to say how much to try; give one of them");
  }
  if (!["proposed", "uniform", "grid"].includes(laterSettings)) {
    throw new DomainError(
      `createAuto: laterSettings must be "proposed", "uniform" or "grid", got ${String(laterSettings)}`,
    );
  }
  if (!(Number.isInteger(nTrees) && nTrees >= 2)) {
    throw new DomainError(`createAuto: nTrees must be a whole number of at least 2, got ${nTrees}`);
  }
  if (criterion !== "squared" && criterion !== "absolute") {
    throw new DomainError(`createAuto: criterion must be "squared" or "absolute", got ${String(criterion)}`);
  }
  if (!(level > 0 && level < 1)) throw new DomainError(`createAuto: level must be between 0 and 1, got ${level}`);
  const asked = { candidates: [...candidates], folds, draws, trials, nTrees, criterion, level, missing };
  const settings: Settings = { ...asked, laterSettings };
  const supports: ReadonlySet<LearnerCapability> = new Set(["weights", "missing"]);
  return {
    supports,
    module: import.meta.url,
    fit: (x: FeatureMatrix, y: Targets, run: RunContext) => fitAuto(x, y, run, settings),
    toJSON(): Serialized {
      return {
        type: "materiome/auto-learner",
        version: 1,
        params: {
          ...asked,
          draws: draws ?? null,
          trials: trials ?? null,
          ...(laterSettings === "proposed" ? {} : { laterSettings }),
        },
        state: null,
      };
    },
  };
}

export function defaultNames(criterion: AutoCriterion): AutoCandidate[] {
  return FAMILIES.filter(
    ({ isMedian = false, isOnRequest = false }) => !isOnRequest && (criterion === "absolute" || !isMedian),
  ).map(({ name }) => name);
}

interface Settings extends SearchSettings {
  readonly folds: number;
  readonly level: number;
  readonly missing: boolean;
}

const COSTS: Readonly<Record<AutoCriterion, (error: number) => number>> = {
  squared: (error) => error * error,
  absolute: Math.abs,
};

async function fitAuto(x: FeatureMatrix, y: Targets, run: RunContext, settings: Settings): Promise<ForwardModel> {
  const rows = checkTraining("auto", x, y, true);
  checkDivisible("auto", rows);
  const folds = innerFolds(rows, settings.folds, run.random.fork("inner split"));
  const { nTrees, level, criterion } = settings;
  const options: FamilyOptions = { nTrees, level, criterion, hasGaps: settings.missing || x.data.some(Number.isNaN) };
  const { library, left } = await searchTrials(rows, y, folds, run, settings, options);
  const judged = { y: rows.y, weights: rows.weights, groups: rows.groups, fold: folds.fold, library };
  const choice = chooseWeights(judged, COSTS[criterion]);
  const chosen = library.filter((_, m) => choice.weights[m] !== 0);
  const weights = choice.weights.filter((weight) => weight !== 0);
  const heldOut = heldOutOfChoices(judged, COSTS[criterion], run.signal);
  const predictors: Predictor[] = [];
  const quotients: { readonly name: string; readonly quotients: Json }[] = [];
  const filled: { readonly name: string; readonly features: readonly FilledFeature[] }[] = [];
  for (const trial of chosen) {
    const random = run.random.fork("final").fork(trial.label);
    const model = await trial.family
      .create(trial.settings, options, trial.set.columns.length)
      .fit(takeFeatures(x, trial.set), y, {
        ...run,
        random,
        onProgress: undefined,
      });
    predictors.push(columnsPredictor(model.predictor, trial.set.columns, x.columns));
    const own = (model.report as { readonly quotients?: Json } | null | undefined)?.quotients;
    if (own !== undefined) quotients.push({ name: trial.label, quotients: own });
    const fills = filledOf(model.report);
    if (fills.length > 0) filled.push({ name: trial.label, features: fills });
  }
  run.onProgress?.({ stage: "candidates", done: 1, total: 1 });
  const [only] = predictors;
  return createForwardModel({
    predictor:
      predictors.length === 1 && only !== undefined
        ? only
        : stackPredictor({ members: predictors, weights, centre: 0 }),
    features: x.features,
    unit: rows.unit,
    level: settings.level,
    calibration: calibrate(rows.y, heldOut.mean, heldOut.variance, { groups: rows.groups }),
    heldOut,
    report: {
      ...describeChoice(chosen, weights, choice.equalShare, {
        ...settings,
        nFolds: folds.nFolds,
        isGrouped: rows.isGrouped,
      }),
      heldOutError: errorOf(meanCost(judged, heldOut.mean, COSTS[criterion]), criterion),
      ...(quotients.length > 0 ? { quotients } : {}),
      ...(filled.length > 0 ? { filled } : {}),
      gaps: options.hasGaps
        ? "learners that take no missing inputs saw medians in their place, and marks of them"
        : null,
      tried: library.map(({ label, rmse, mae, isProposed }) => ({ name: label, rmse, mae, ...mark(isProposed) })),
      notTried: left.map(({ name, reason, isProposed }) => ({ name, reason, ...mark(isProposed) })),
    },
  });
}

/** In the report, of settings that were not drawn. */
function mark(isProposed: boolean | undefined): { readonly proposed?: true } {
  return isProposed === true ? { proposed: true } : {};
}

/** In units of the target. */
const errorOf = (cost: number, criterion: AutoCriterion): number => (criterion === "squared" ? Math.sqrt(cost) : cost);

function describeChoice(
  chosen: readonly ScoredTrial[],
  weights: Float64Array,
  equalShare: number,
  search: { readonly nFolds: number; readonly isGrouped: boolean; readonly criterion: AutoCriterion },
): { readonly [key: string]: Json } {
  const { nFolds, isGrouped, criterion } = search;
  const isAverage = chosen.length > 1;
  return {
    chosen: chosen
      .map(({ label }, k) => (isAverage ? `${Number((weights[k] as number).toPrecision(2))} ${label}` : label)) // one each
      .join(" + "),
    reason: whyChosen(
      isAverage,
      equalShare,
      criterion,
      `on ${nFolds} inner ${isGrouped ? "grouped " : ""}folds of the training rows`,
    ),
    criterion,
    equalShare: isAverage ? equalShare : null,
  };
}
