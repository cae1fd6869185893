import {
  type Conditionable,
  createMatrix,
  DomainError,
  type FeatureMatrix,
  IncompatibleError,
  type JointPosterior,
  type Json,
  type Learner,
  type LearnerCapability,
  type PosteriorGradient,
  type RunContext,
  type Serialized,
  type Targets,
  takeRows,
} from "@materiome/core";
import { checkDivisible, checkTraining, membersOf, type TrainingSet } from "../learner/checkTraining.ts";
import { heldOutByFolds, innerFolds } from "../learner/heldOutByFolds.ts";
import { createForwardModel, type ForwardModel } from "../learner/regressionModel.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { takeTargets } from "../validation/takeTargets.ts";
import { checkCovariance } from "./checkCovariance.ts";
import { conditionProcess } from "./conditionProcess.ts";
import { type Covariance, defaultCovariance } from "./covariance.ts";
import { describeParameters } from "./describeParameters.ts";
import { drawRows } from "./drawRows.ts";
import type { LikelihoodData } from "./likelihood.ts";
import { processPredictor } from "./processPredictor.ts";
import { compileCovariance, NOISE_SHARE, type ProgramParameter, TARGET_VARIANCE } from "./program.ts";
import { fitScaling } from "./scaling.ts";
import { type Estimate, searchFromDraws } from "./searchHyperparameters.ts";
import { searchSparse } from "./searchSparse.ts";

export interface GaussianProcessOptions {
  /**
   * The covariance function. @defaultValue Matérn 1/2 + Matérn 5/2, each with a length-scale for each feature, + constant, and
   * + group where rows share groups
   */
  readonly covariance?: Covariance | undefined;
  /**
   * Variance of the measurement, target units squared, or `learned`. Where the rows bring variances of their own
   * (`noiseVariance`), this is what comes on top of them. With 0 a smooth covariance (`rbf`) of a
   * few dozen rows is singular in double precision; a millionth of the target's variance does. @defaultValue "learned"
   */
  readonly noise?: number | "learned" | undefined;
  /** `likelihood` leaves the priors out. @defaultValue "map" */
  readonly estimate?: Estimate | undefined;
  /**
   * Training rows whose function values carry the process, where all of them would take too long: at most so many, chosen with
   * the hyper-parameters. `auto`: all rows, exactly, up to 3000; 300 of more. @defaultValue "auto"
   */
  readonly inducing?: number | "auto" | undefined;
  /** Local searches for the hyper-parameters: the first from the start values, others from draws around them. @defaultValue 3 */
  readonly starts?: number | undefined;
  /** Iterations of each search; 0 keeps the start values. @defaultValue 200 */
  readonly maxIterations?: number | undefined;
  /**
   * Rows from which an exact process learns its hyper-parameters, at least 2: whole groups are drawn until there are so many. It is
   * conditioned on all rows whatever they are, at the cost of one evaluation. @defaultValue all
   */
  readonly searchRows?: number | undefined;
  /**
   * Inner folds, at least 2 (fewer where there are fewer rows or groups), each predicted by a process that has searched its
   * hyper-parameters without it, from one start: intervals then know what the search costs. @defaultValue none, rows are left out in
   * closed form
   */
  readonly folds?: number | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

/** A fitted process; joint posterior, gradients and conditioning are of the noise-free function, in target units. */
export type GaussianProcessModel = ForwardModel &
  JointPosterior &
  PosteriorGradient &
  Conditionable<GaussianProcessModel>;

export type GaussianProcess = Learner<FeatureMatrix, Targets, GaussianProcessModel>;

/** Rows up to which the process is exact if not asked otherwise: K⁻¹ costs n³, several hundred times a fit. */
const MOST_EXACT_ROWS = 3000;
const AUTO_INDUCING = 300;
/** Covariances of inducing with training rows, of which a fit holds several copies. */
const MOST_CROSS = 50_000_000;
const LEAST_NOISE = 1e-6;

/**
 * Gaussian process regression with hyper-parameters of greatest posterior density (or marginal likelihood), by L-BFGS on the
 * exact gradient from several starts. Features and target are standardised inside.
 *
 * Priors (on natural logarithms, normal): length-scales of d standardised features as the log-normal that Hvarfner, Hellsten &
 * Nardi scale with √d (inputs in the unit cube there: ln ℓ has mean √2 + ½ ln d and standard deviation √3), moved by ½ ln 12 for
 * inputs of standard deviation 1, taken at its mode in ℓ; factors around an equal share of the target's variance, sd 1.5; noise
 * around 0.02 of that variance, sd 1.5.
 *
 * The held-out predictions leave out each row (each group, where there are groups) in closed form, for the hyper-parameters and
 * the scaling of all rows. The intervals know nothing of what choosing these costs, and are too narrow with few rows or groups: 90 %
 * ones held 85 % (± 1.5) for 20 rows and 88 % (± 0.8) for 60 of a smooth function with noise, 89 % (± 1) for new groups where there were 10.
 * With `folds` everything is learned again without each fold: 93 %, 90 % and 91 % (`benchmarks/src/coverage.ts`). Missing values and weights are refused.
 *
 * With `inducing` rows (above 3000 rows by itself) the process is sparse and costs n · m²: Titsias' lower bound of the marginal
 * likelihood is maximised from where the exact process on 400 drawn rows ends, in two rounds of ten iterations, for each of which
 * the inducing rows are chosen, greedily by conditional variance. `report.logMarginalLikelihood` is that bound then. White noise
 * and effects of groups stay exact. `condition` keeps the inducing rows: measurements far from all of them teach little.
 *
 * `report.hyperparameters` gives length-scales and periods in the unit of their feature (of several features that share one, in their
 * standard deviations), variances in that of the target, as `unit` says. Of features that are the same in all training rows
 * (`report.constantFeatures`) data say no length-scale: it keeps the mode of its prior, and is not listed unless it was given.
 *
 * @throws DomainError for options outside their range; `fit` throws DataError where rows depend on each other and noise is given as 0 or
 * too small to tell them apart
 * @see Rasmussen & Williams, Gaussian Processes for Machine Learning (2006), http://gaussianprocess.org/gpml; priors:
 * Hvarfner, Hellsten & Nardi, ICML 2024, arXiv:2402.02229; sparse: Titsias, AISTATS 2009, PMLR 5, 567; Burt, Rasmussen & van der
 * Wilk, J. Mach. Learn. Res. 21, 131 (2020)
 * @example
 * const covariance = { kind: "sum", terms: [{ kind: "matern52" }, { kind: "linear" }] } as const;
 * const learner = createGaussianProcess({ covariance });
 * const model = await learner.fit(x, y, { random: createRandom(1) });
 */
export function createGaussianProcess(options: GaussianProcessOptions = {}): GaussianProcess {
  const { covariance, noise = "learned", estimate = "map" } = options;
  const { inducing = "auto", starts = 3, maxIterations = 200, searchRows, folds, level = 0.9 } = options;
  const who = "createGaussianProcess";
  if (covariance !== undefined) checkCovariance(covariance);
  if (noise !== "learned" && !(noise >= 0 && Number.isFinite(noise))) {
    throw new DomainError(`${who}: noise must be "learned" or a variance of at least 0, got ${noise}`);
  }
  if (estimate !== "map" && estimate !== "likelihood") {
    throw new DomainError(`${who}: estimate must be "map" or "likelihood", got ${String(estimate)}`);
  }
  if (inducing !== "auto" && !(Number.isInteger(inducing) && inducing >= 1)) {
    throw new DomainError(`${who}: inducing must be "auto" or a whole number of at least 1, got ${inducing}`);
  }
  if (!(Number.isInteger(starts) && starts >= 1)) {
    throw new DomainError(`${who}: starts must be a whole number of at least 1, got ${starts}`);
  }
  if (!(Number.isInteger(maxIterations) && maxIterations >= 0)) {
    throw new DomainError(`${who}: maxIterations must be a whole number of at least 0, got ${maxIterations}`);
  }
  if (searchRows !== undefined && !(Number.isInteger(searchRows) && searchRows >= 2)) {
    throw new DomainError(`${who}: searchRows must be a whole number of at least 2, got ${searchRows}`);
  }
  if (folds !== undefined && !(Number.isInteger(folds) && folds >= 2)) {
    throw new DomainError(`${who}: folds must be a whole number of at least 2, got ${folds}`);
  }
  if (searchRows !== undefined && inducing !== "auto") {
    throw new DomainError(`${who}: a process with inducing rows draws rows to begin with itself; leave searchRows out`);
  }
  if (!(level > 0 && level < 1)) throw new DomainError(`${who}: level must be between 0 and 1, got ${level}`);
  const settings: Settings = { covariance, noise, estimate, inducing, starts, maxIterations, searchRows, folds, level };
  const supports: ReadonlySet<LearnerCapability> = new Set<LearnerCapability>(["noiseVariance"]);
  return {
    supports,
    module: import.meta.url,
    async fit(x: FeatureMatrix, y: Targets, run: RunContext): Promise<GaussianProcessModel> {
      run.signal?.throwIfAborted();
      if (y.weights !== undefined) {
        throw new IncompatibleError(
          "gaussianProcess: weights are not used by this learner; leave them out, or give noiseVariance where rows differ in precision",
        );
      }
      const rows = check(x, y);
      if (folds !== undefined) checkDivisible("gaussianProcess", rows);
      const model = await fitProcess(rows, settings, run);
      return folds === undefined ? model : calibrateByFolds(model, rows, y, { ...settings, folds }, run);
    },
    toJSON(): Serialized {
      const params = {
        ...settings,
        searchRows: searchRows ?? null,
        folds: folds ?? null,
        covariance: covariance === undefined ? null : plain(covariance),
      };
      return { type: "materiome/gaussian-process-learner", version: 1, params, state: null };
    },
  };
}

interface Settings {
  readonly covariance: Covariance | undefined;
  readonly noise: number | "learned";
  readonly estimate: Estimate;
  readonly inducing: number | "auto";
  readonly starts: number;
  readonly maxIterations: number;
  readonly searchRows: number | undefined;
  readonly folds: number | undefined;
  readonly level: number;
}

function check(x: FeatureMatrix, y: Targets): TrainingSet {
  return checkTraining("gaussianProcess", x, y, false, { usesNoiseVariance: true });
}

/** The model with intervals from inner folds, in each of which everything is learned from the other rows. */
async function calibrateByFolds(
  model: GaussianProcessModel,
  rows: TrainingSet,
  y: Targets,
  settings: Settings & { readonly folds: number },
  run: RunContext,
): Promise<GaussianProcessModel> {
  const { x } = rows;
  const heldOut = await heldOutByFolds(
    x,
    innerFolds(rows, settings.folds, run.random.fork("inner split")),
    async (train, k) => {
      const inner = { ...run, random: run.random.fork("inner").fork(k), onProgress: undefined };
      const part = check(takeRows(x, train), takeTargets(y, train));
      return (await fitProcess(part, { ...settings, starts: 1 }, inner)).predictor;
    },
    run.signal,
  );
  const calibration = calibrate(rows.y, heldOut.mean, heldOut.variance);
  return createForwardModel({ ...model, calibration, heldOut, report: model.report }) as GaussianProcessModel;
}

async function fitProcess(rows: TrainingSet, settings: Settings, run: RunContext): Promise<GaussianProcessModel> {
  const { x, unit } = rows;
  const n = x.rows;
  const most = inducingOf(settings.inducing, n);
  const scaling = fitScaling(x);
  const target = fitScaling(createMatrix(n, 1, rows.y));
  const [targetMean, targetScale] = [target.mean[0] as number, target.scale[0] as number]; // one column
  const y = rows.y.map((value) => (value - targetMean) / targetScale);
  const noiseVariance = rows.noiseVariance?.map((value) => value / targetScale ** 2);
  const covariance = settings.covariance ?? defaultCovariance(rows.nGroups < x.rows);
  const program = compileCovariance(covariance, x, scaling);
  const parameters = [...program.parameters, noiseParameter(settings.noise, targetScale)];
  const data: LikelihoodData = {
    root: program.root,
    x: { ...createMatrix(n, x.columns, x.data) },
    scaling,
    y,
    noiseVariance,
    groups: rows.isGrouped ? rows.groups : undefined,
  };
  const { estimate, maxIterations, searchRows = n, level } = settings;
  const task = { data, parameters, estimate, maxIterations };
  const few = drawRows(data, searchRows, run.random.fork("rows"));
  const found =
    most === undefined
      ? { data, ...(await searchFromDraws({ ...task, data: few }, settings.starts, run)) }
      : await searchSparse(task, settings.starts, most, run);
  const { theta } = found.best;
  const process = conditionProcess(found.data, theta, { mean: targetMean, scale: targetScale });
  const left = process.leaveOut(membersOf(rows));
  const heldOut = {
    mean: left.mean.map((value) => targetMean + targetScale * value),
    variance: left.variance.map((value) => targetScale ** 2 * value),
  };
  return createForwardModel({
    predictor: processPredictor(process.state),
    features: x.features,
    unit,
    level,
    calibration: calibrate(rows.y, heldOut.mean, heldOut.variance),
    heldOut,
    report: {
      covariance: plain(covariance),
      ...describeParameters(parameters, theta, x, scaling),
      noiseStd: targetScale * Math.exp(0.5 * (theta.at(-1) as number)),
      logMarginalLikelihood: process.logLikelihood,
      inducing: found.data.inducing?.length ?? null,
      starts: found.all.map(({ value, evaluations, converged }) => ({
        value: Number.isFinite(value) ? value : null, // where the covariance was singular at the start
        evaluations,
        converged,
      })),
    },
  }) as GaussianProcessModel;
}

/** As JSON gives it back: without fields that are undefined. */
function plain(covariance: Covariance): Json {
  return JSON.parse(JSON.stringify(covariance)) as Json;
}

function noiseParameter(noise: number | "learned", targetScale: number): ProgramParameter {
  const [name, unit] = ["noise", TARGET_VARIANCE];
  if (noise === "learned") {
    const mean = Math.log(NOISE_SHARE);
    return {
      name,
      start: mean,
      mean,
      sd: 1.5,
      lower: Math.log(LEAST_NOISE),
      upper: Math.log(10),
      isFixed: false,
      unit,
    };
  }
  const start = Math.log(noise / targetScale ** 2);
  return { name, start, mean: start, sd: 1, lower: start, upper: start, isFixed: true, unit };
}

/** How many inducing rows there may be; undefined where the process is exact. */
function inducingOf(inducing: number | "auto", n: number): number | undefined {
  if (inducing === "auto" && n <= MOST_EXACT_ROWS) return undefined;
  const most = Math.min(n, inducing === "auto" ? AUTO_INDUCING : inducing);
  if (n * most > MOST_CROSS) {
    throw new DomainError(
      `gaussianProcess: ${n} training rows with ${most} inducing ones; their product may be at most ${MOST_CROSS}: give fewer inducing rows, or use boosting or a forest`,
    );
  }
  return most;
}
