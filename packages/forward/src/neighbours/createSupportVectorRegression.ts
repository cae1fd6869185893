import { DomainError, type FeatureMatrix, type Matrix, type RunContext } from "@materiome/core";
import { solveSupportVectors } from "../kernels/index.ts";
import type { TrainingSet } from "../learner/checkTraining.ts";
import { chooseByFolds, type FitPath, modelOfChoice } from "../learner/chooseByFolds.ts";
import { optionCheck } from "../learner/classifier.ts";
import { innerFolds } from "../learner/heldOutByFolds.ts";
import type { ForwardModel } from "../learner/regressionModel.ts";
import { checkFoldsAndLevel, createRegressor, type ForwardLearner } from "../learner/regressor.ts";
import { fitStandardiser, momentsOf, standardise } from "../linear/standardiser.ts";
import { COVARIANCES, type CovarianceName, covarianceOf, distancesFor } from "./covariance.ts";
import { medianDistance } from "./createKernelRidge.ts";
import { supportVectorMeans, supportVectorPredictor } from "./supportVectorPredictor.ts";

export interface SupportVectorRegressionOptions {
  /** As of `createKernelRidge`. @defaultValue "rbf" */
  readonly covariance?: CovarianceName | undefined;
  /** ℓ for standardised features; `auto`: of 1/2 … 2 times the median distance of two rows. @defaultValue "auto" */
  readonly lengthScale?: number | "auto" | undefined;
  /** C: the most that a row can weigh, target and error in standard deviations of the target; `auto`: of 1 … 100. @defaultValue "auto" */
  readonly penalty?: number | "auto" | undefined;
  /** ε: errors up to it cost nothing, in standard deviations of the target; `auto`: of 0.03 and 0.15. @defaultValue "auto" */
  readonly epsilon?: number | "auto" | undefined;
  /** Inner folds that choose, with whole groups. @defaultValue 4 */
  readonly folds?: number | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

const WHO = "support vector regression";
const LENGTHS = [2, 1, 0.5];
const PENALTIES = [1, 10, 100];
const EPSILONS = [0.15, 0.03];
/** The covariances of all pairs of rows are held. */
const MOST_ROWS = 5000;
/** Of the optimality conditions, in standard deviations of the target. */
const TOLERANCE = 1e-8;
const MOST_ITERATIONS = 10_000_000;

/**
 * ε-insensitive support vector regression on standardised features and target: f(x) = b + Σ β_i k(x, x_i) of the least
 * ½ βᵀ K β + C Σ max(0, |y_i − f(x_i)| − ε), solved in its dual by sequential minimal optimisation with second-order choice of
 * the pair. Rows inside the tube have β = 0 and are not stored.
 *
 * Length-scale, C and ε have the least mean squared error on inner folds. All intervals are equally wide: nothing tells where the
 * function is less sure. Missing values and weights are refused; at most 5000 rows.
 *
 * @throws DomainError for options outside their range, missing inputs, or too many rows
 * @see Fan, Chen & Lin, J. Mach. Learn. Res. 6, 1889 (2005); Smola & Schölkopf, Stat. Comput. 14, 199 (2004),
 * doi:10.1023/B:STCO.0000035301.49549.88
 * @example
 * const model = await createSupportVectorRegression().fit(x, y, { random: createRandom(1) });
 * console.log(model.report); // { covariance, lengthScale, penalty, epsilon, supportVectors, … }
 */
export function createSupportVectorRegression(options: SupportVectorRegressionOptions = {}): ForwardLearner {
  const { covariance = "rbf", lengthScale = "auto", penalty = "auto", epsilon = "auto" } = options;
  const { folds = 4, level = 0.9 } = options;
  const check = optionCheck("createSupportVectorRegression");
  const isAbove = (value: number | "auto", least: number): boolean =>
    value === "auto" || (Number.isFinite(value) && value >= least && (value > 0 || least === 0));
  check("covariance", covariance, COVARIANCES.includes(covariance), COVARIANCES.join(", "));
  check("lengthScale", lengthScale, isAbove(lengthScale, Number.MIN_VALUE), '"auto" or a number above 0');
  check("penalty", penalty, isAbove(penalty, Number.MIN_VALUE), '"auto" or a number above 0');
  check("epsilon", epsilon, isAbove(epsilon, 0), '"auto" or a number of at least 0');
  checkFoldsAndLevel(check, folds, level);
  return createRegressor({
    name: WHO,
    type: "materiome/support-vector-regression-learner",
    module: import.meta.url,
    settings: { covariance, lengthScale, penalty, epsilon, folds, level },
    fit: fitSupportVectors,
  });
}

interface Settings {
  readonly covariance: CovarianceName;
  readonly lengthScale: number | "auto";
  readonly penalty: number | "auto";
  readonly epsilon: number | "auto";
  readonly folds: number;
  readonly level: number;
}

function fitSupportVectors(settings: Settings, rows: TrainingSet, run: RunContext): ForwardModel {
  const { x } = rows;
  if (x.rows > MOST_ROWS) {
    throw new DomainError(
      `${WHO}: ${x.rows} rows take too long, at most ${MOST_ROWS} are taken; use boosting or a forest`,
    );
  }
  const given = <T>(value: T | "auto", all: readonly T[]): readonly T[] => (value === "auto" ? all : [value]);
  const penalties = given(settings.penalty, PENALTIES);
  const epsilons = given(settings.epsilon, EPSILONS);
  const nLengths = settings.lengthScale === "auto" ? LENGTHS.length : 1;
  const nCandidates = nLengths * penalties.length * epsilons.length;
  const fitPath = (train: TrainingSet): SupportVectorPath => {
    run.signal?.throwIfAborted();
    return supportVectorPath(settings, train, penalties, epsilons);
  };
  const folds = innerFolds(rows, settings.folds, run.random.fork("folds"));
  const choice = chooseByFolds(rows, folds, fitPath, { name: WHO, nCandidates, signal: run.signal });
  const { lengthScale, penalty, epsilon, beta, violation } = choice.path.solutions[choice.candidate] as Solution;
  return modelOfChoice(rows, choice, settings.level, {
    covariance: settings.covariance,
    lengthScale,
    penalty,
    epsilon,
    supportVectors: beta.filter((value) => value !== 0).length,
    converged: violation <= TOLERANCE,
    rmse: Math.sqrt(choice.losses[choice.candidate] as number),
  });
}

interface Solution {
  readonly lengthScale: number;
  readonly penalty: number;
  readonly epsilon: number;
  readonly beta: Float64Array;
  readonly offset: number;
  readonly violation: number;
}

interface SupportVectorPath extends FitPath {
  readonly solutions: readonly Solution[];
}

/** Solutions for all settings: length-scales, in them penalties, in them ε. */
function supportVectorPath(
  settings: Settings,
  { x, y }: TrainingSet,
  penalties: readonly number[],
  epsilons: readonly number[],
): SupportVectorPath {
  const { covariance } = settings;
  const standardiser = fitStandardiser(x);
  const points = standardise(standardiser, x);
  const distances = distancesFor(covariance, points, points);
  const { mean, std } = momentsOf(y.length, (i) => y[i] as number); // i < n
  const target = { mean, scale: std > 0 ? std : 1 };
  const standardised = y.map((value) => (value - target.mean) / target.scale);
  const typical = settings.lengthScale === "auto" ? medianDistance(distances) : 1;
  const lengths = settings.lengthScale === "auto" ? LENGTHS.map((factor) => factor * typical) : [settings.lengthScale];
  const solutions = lengths.flatMap((lengthScale) => {
    const k = covarianceOf(covariance, distances, lengthScale);
    return penalties.flatMap((penalty) =>
      epsilons.map((epsilon) => ({ lengthScale, penalty, epsilon, ...solve(k, standardised, penalty, epsilon) })),
    );
  });
  const fitOf = ({ lengthScale, beta, offset }: Solution) => ({
    standardiser,
    points,
    beta,
    offset,
    covariance,
    lengthScale,
    target,
  });
  return {
    solutions,
    means: (fresh: FeatureMatrix) => solutions.map((solution) => supportVectorMeans(fitOf(solution), fresh)),
    predictor: (candidate) => supportVectorPredictor(fitOf(solutions[candidate] as Solution)),
  };
}

function solve(
  k: Matrix,
  y: Float64Array,
  penalty: number,
  epsilon: number,
): { readonly beta: Float64Array; readonly offset: number; readonly violation: number } {
  const n = k.rows;
  const [up, down, state] = [new Float64Array(n), new Float64Array(n), new Float64Array(3)];
  const most = new Float64Array(n).fill(penalty);
  solveSupportVectors(n, most, most, epsilon, TOLERANCE, MOST_ITERATIONS, k.data, up, down, y.slice(), state);
  const [offset, , violation] = state as unknown as [number, number, number]; // three numbers
  return { beta: up.map((value, i) => value - (down[i] as number)), offset, violation };
}
