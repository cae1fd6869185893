import { DataError, DomainError, type Json, type Matrix, type RunContext, takeRows } from "@materiome/core";
import { solveSupportVectors } from "../kernels/index.ts";
import type { ClassTraining } from "../learner/checkClasses.ts";
import { type ClassificationModel, createClassificationModel } from "../learner/classificationModel.ts";
import { type Classifier, createClassifier, optionCheck } from "../learner/classifier.ts";
import { areClassWeights, type ClassWeights, weightRows } from "../learner/classWeights.ts";
import { innerFolds, rowsOf, rowsOutside } from "../learner/heldOutByFolds.ts";
import { fitStandardiser, standardise } from "../linear/standardiser.ts";
import { scaleToMeanOne } from "../tree/bag.ts";
import { SHARE_SUM } from "../tree/classTrees.ts";
import { COVARIANCES, type CovarianceName, covarianceOf, distancesFor } from "./covariance.ts";
import { medianDistance } from "./createKernelRidge.ts";
import { fitSigmoid } from "./fitSigmoid.ts";
import {
  countPairs,
  decisionValues,
  probabilitiesOfPairs,
  type SupportVectorMachines,
  supportVectorClassifier,
} from "./supportVectorClassifier.ts";

export interface SupportVectorClassifierOptions {
  /** As of `createKernelRidge`. @defaultValue "rbf" */
  readonly covariance?: CovarianceName | undefined;
  /** ℓ for standardised features; `auto`: of 1/2 … 2 times the median distance of two rows. @defaultValue "auto" */
  readonly lengthScale?: number | "auto" | undefined;
  /** C: the most that a row can weigh; `auto`: of 1 … 100. @defaultValue "auto" */
  readonly penalty?: number | "auto" | undefined;
  /**
   * `balanced`: each class has the same total weight, on top of the weights of the rows; or a factor for each class, in the order
   * of the labels. @defaultValue each row counts as it is
   */
  readonly classWeights?: ClassWeights | undefined;
  /** Inner folds that choose and give probabilities, with whole groups; at least 3. @defaultValue 4 */
  readonly folds?: number | undefined;
}

/** A support vector classifier with what was chosen: covariance, length-scale, C, log loss on the inner folds, support vectors. */
export type SupportVectorClassifier = ClassificationModel & { readonly report: Json };

const WHO = "support vector classifier";
const LENGTHS = [2, 1, 0.5];
const PENALTIES = [1, 10, 100];
/** The covariances of all pairs of rows are held. */
const MOST_ROWS = 5000;
const TOLERANCE = 1e-6;
const MOST_ITERATIONS = 10_000_000;
/** Least probability that counts, as of logistic regression. */
const LEAST = 1e-9;

/**
 * Support vector classifier on standardised features. For each pair of classes f(x) = b + Σ β_i k(x, x_i) of the least
 * ½ βᵀ K β + Σ C w_i max(0, 1 − s_i f(x_i)), s = ±1, solved in its dual by sequential minimal optimisation; probabilities of the pair by
 * Platt's sigmoid of decision values of held-out rows, those of several classes by coupling the pairs. Called is the most probable class.
 *
 * Length-scale and C have the least log loss on inner folds of whole groups. Each fold is predicted by what the other folds chose, fitted
 * and scaled: those are the held-out probabilities (`outOfBag`, kept in units of 1/65535). Weights of the rows are scaled to mean 1. A class
 * without training rows has the probability 0. Missing values are refused; at most 5000 rows.
 *
 * @throws DomainError for options outside their range; `fit` throws DataError for fewer than 3 rows or groups, DomainError for too
 * many rows
 * @see Fan, Chen & Lin, J. Mach. Learn. Res. 6, 1889 (2005): the solver
 * @see Lin, Lin & Weng, Mach. Learn. 68, 267 (2007), doi:10.1007/s10994-007-5018-6: probabilities of a pair
 * @see Wu, Lin & Weng, J. Mach. Learn. Res. 5, 975 (2004): their coupling, second method
 * @example
 * const learner = createSupportVectorClassifier();
 * const model = await learner.fit(x, { kind: "classification", codes, labels: ["brittle", "ductile"] }, { random: createRandom(1) });
 * const { probabilities } = await model.predict(x);
 */
export function createSupportVectorClassifier(options: SupportVectorClassifierOptions = {}): Classifier {
  const { covariance = "rbf", lengthScale = "auto", penalty = "auto", classWeights, folds = 4 } = options;
  const check = optionCheck("createSupportVectorClassifier");
  const isAbove = (value: number | "auto"): boolean => value === "auto" || (Number.isFinite(value) && value > 0);
  check("covariance", covariance, COVARIANCES.includes(covariance), COVARIANCES.join(", "));
  check("lengthScale", lengthScale, isAbove(lengthScale), '"auto" or a number above 0');
  check("penalty", penalty, isAbove(penalty), '"auto" or a number above 0');
  check("folds", folds, Number.isInteger(folds) && folds >= 3, "a whole number of at least 3");
  const isKnown = classWeights === undefined || areClassWeights(classWeights);
  check("classWeights", classWeights, isKnown, '"balanced" or a factor of at least 0 for each class');
  return createClassifier({
    name: WHO,
    type: "materiome/support-vector-classifier-learner",
    module: import.meta.url,
    settings: { covariance, lengthScale, penalty, classWeights, folds },
    fit: async (settings, rows, run) => fitClassifier(settings, rows, run),
  });
}

interface Settings {
  readonly covariance: CovarianceName;
  readonly lengthScale: number | "auto";
  readonly penalty: number | "auto";
  readonly classWeights: ClassWeights | undefined;
  readonly folds: number;
}

/** Training rows with their weight; classes count over those present. */
interface Rows {
  readonly x: Matrix;
  readonly codes: Int32Array;
  readonly weights: Float64Array;
  readonly nPresent: number;
}

/** Machines of one length-scale and C. */
interface Candidate {
  readonly machines: SupportVectorMachines;
  readonly penalty: number;
  readonly isSolved: boolean;
}

function fitClassifier(settings: Settings, rows: ClassTraining, run: RunContext): SupportVectorClassifier {
  const { x, labels } = rows;
  if (x.rows > MOST_ROWS) {
    throw new DomainError(
      `${WHO}: ${x.rows} rows take too long, at most ${MOST_ROWS} are taken; use boosting or a forest`,
    );
  }
  const given = weightRows(WHO, settings.classWeights, rows);
  const weights = given === undefined ? new Float64Array(x.rows).fill(1) : scaleToMeanOne(given);
  const present = Int32Array.from(labels.keys()).filter((c) => (rows.counts[c] as number) > 0); // a count each
  const own = { x, codes: rows.codes.map((c) => present.indexOf(c)), weights, nPresent: present.length };
  const folds = innerFolds(rows, settings.folds, run.random.fork("folds"));
  const { nFolds } = folds;
  if (nFolds < 3) {
    throw new DataError(
      `${WHO}: ${nFolds} groups of rows are too few to learn probabilities from held-out rows; give 3 groups or more`,
    );
  }
  const tests = Array.from({ length: nFolds }, (_, k) => rowsOf(folds, k));
  const fitWithout = (left: readonly number[]): readonly Candidate[] => {
    run.signal?.throwIfAborted();
    return fitCandidates(settings, left.length === 0 ? own : takeOwn(own, rowsOutside(folds, left)));
  };
  const nPairs = countPairs(present.length);
  /** Decision values by which the settings for fold k are chosen; the last table is for all rows. */
  const tables = Array.from({ length: nFolds + 1 }, () => new Map<number, Float64Array>());
  const note = (table: number, candidates: readonly Candidate[], test: number): void => {
    const rowsOfTest = tests[test] as Int32Array; // test < nFolds
    for (const [c, { machines }] of candidates.entries()) {
      const values = decisionValues(machines, takeRows(x, rowsOfTest));
      const all = tables[table]?.get(c) ?? new Float64Array(x.rows * nPairs);
      for (const [r, i] of rowsOfTest.entries()) all.set(values.subarray(r * nPairs, (r + 1) * nPairs), i * nPairs);
      tables[table]?.set(c, all);
    }
  };
  for (let k = 0; k < nFolds; k++) {
    for (let j = 0; j < k; j++) {
      const candidates = fitWithout([j, k]);
      note(k, candidates, j);
      note(j, candidates, k);
    }
  }
  const sum = new Int32Array(x.rows * labels.length);
  for (const [k, test] of tests.entries()) {
    const candidates = fitWithout([k]);
    note(nFolds, candidates, k);
    const { candidate, sigmoids } = choose(tables[k] as Map<number, Float64Array>, own, rowsOutside(folds, [k])); // k < nFolds
    const { machines } = candidates[candidate] as Candidate; // one of them
    const p = probabilitiesOfPairs(decisionValues(machines, takeRows(x, test)), sigmoids, present.length);
    for (const [r, i] of test.entries()) {
      for (const [v, c] of present.entries()) {
        sum[i * labels.length + c] = Math.round(SHARE_SUM * (p[r * present.length + v] as number)); // v < present
      }
    }
  }
  const all = Int32Array.from({ length: x.rows }, (_, i) => i);
  const { candidate, sigmoids, logLoss } = choose(tables[nFolds] as Map<number, Float64Array>, own, all); // the last
  const { machines, penalty, isSolved } = fitWithout([])[candidate] as Candidate; // one of them
  const model = createClassificationModel({
    scorer: supportVectorClassifier({ nFeatures: x.columns, nClasses: labels.length, present, machines, sigmoids }),
    features: x.features,
    labels: [...labels],
    counts: Array.from(rows.counts),
    heldOut: { codes: rows.codes.slice(), count: new Int32Array(x.rows).fill(1), sum },
  });
  const n = x.rows;
  const supportVectors = all.filter((i) => machines.offsets.some((_, q) => machines.beta[q * n + i] !== 0)).length;
  const { covariance, lengthScale } = machines;
  return { ...model, report: { covariance, lengthScale, penalty, logLoss, supportVectors, converged: isSolved } };
}

function takeOwn({ x, codes, weights, nPresent }: Rows, kept: Int32Array): Rows {
  // Rows of the set.
  return {
    x: takeRows(x, kept),
    codes: kept.map((i) => codes[i] as number),
    weights: Float64Array.from(kept, (i) => weights[i] as number),
    nPresent,
  };
}

/** The candidate whose sigmoids have the least log loss on held-out rows. */
function choose(
  table: ReadonlyMap<number, Float64Array>,
  { codes, weights, nPresent }: Rows,
  rows: Int32Array,
): { readonly candidate: number; readonly sigmoids: Float64Array; readonly logLoss: number } {
  const nPairs = countPairs(nPresent);
  let best: ReturnType<typeof choose> | undefined;
  for (const [candidate, all] of table) {
    const decisions = new Float64Array(rows.length * nPairs);
    for (const [r, i] of rows.entries()) decisions.set(all.subarray(i * nPairs, (i + 1) * nPairs), r * nPairs);
    const ownCodes = rows.map((i) => codes[i] as number); // rows of the set
    const ownWeights = Float64Array.from(rows, (i) => weights[i] as number);
    const sigmoids = fitSigmoids(decisions, ownCodes, ownWeights, nPresent);
    const p = probabilitiesOfPairs(decisions, sigmoids, nPresent);
    let loss = 0;
    let total = 0;
    for (const [r, code] of ownCodes.entries()) {
      const weight = ownWeights[r] as number; // one per row
      loss -= weight * Math.log(Math.max(LEAST, p[r * nPresent + code] as number));
      total += weight;
    }
    const logLoss = loss / total;
    // A tie, but for rounding, goes to the simpler one, which comes first.
    if (best === undefined || logLoss < best.logLoss * (1 - 1e-12)) best = { candidate, sigmoids, logLoss };
  }
  return best as ReturnType<typeof choose>; // there is a candidate
}

function fitSigmoids(
  decisions: Float64Array,
  codes: Int32Array,
  weights: Float64Array,
  nPresent: number,
): Float64Array {
  const nPairs = countPairs(nPresent);
  const sigmoids = new Float64Array(2 * nPairs);
  let q = 0;
  for (let a = 0; a < nPresent; a++) {
    for (let b = a + 1; b < nPresent; b++) {
      const own = Int32Array.from(codes.keys()).filter((r) => codes[r] === a || codes[r] === b);
      const { slope, offset } = fitSigmoid(
        Float64Array.from(own, (r) => decisions[r * nPairs + q] as number), // a value each pair
        Uint8Array.from(own, (r) => (codes[r] === a ? 1 : 0)),
        Float64Array.from(own, (r) => weights[r] as number),
      );
      sigmoids.set([slope, offset], 2 * q);
      q++;
    }
  }
  return sigmoids;
}

/** Machines of all length-scales, in them penalties. */
function fitCandidates(settings: Settings, rows: Rows): readonly Candidate[] {
  const { covariance } = settings;
  const standardiser = fitStandardiser(rows.x);
  const points = standardise(standardiser, rows.x);
  const distances = distancesFor(covariance, points, points);
  const typical = settings.lengthScale === "auto" ? medianDistance(distances) : 1;
  const lengths = settings.lengthScale === "auto" ? LENGTHS.map((factor) => factor * typical) : [settings.lengthScale];
  const penalties = settings.penalty === "auto" ? PENALTIES : [settings.penalty];
  return lengths.flatMap((lengthScale) => {
    const k = covarianceOf(covariance, distances, lengthScale);
    return penalties.map((penalty): Candidate => {
      const { beta, offsets, isSolved } = solvePairs(k, rows, penalty);
      return { machines: { standardiser, points, covariance, lengthScale, beta, offsets }, penalty, isSolved };
    });
  });
}

/** Decision functions of all pairs; where only one class of a pair has weight, the function is ±1, where none has, 0. */
function solvePairs(
  k: Matrix,
  { codes, weights, nPresent }: Rows,
  penalty: number,
): { readonly beta: Float64Array; readonly offsets: Float64Array; readonly isSolved: boolean } {
  const n = k.rows;
  const nPairs = countPairs(nPresent);
  const beta = new Float64Array(nPairs * n);
  const offsets = new Float64Array(nPairs);
  let isSolved = true;
  let q = 0;
  for (let a = 0; a < nPresent; a++) {
    for (let b = a + 1; b < nPresent; b++) {
      const own = Int32Array.from(codes.keys()).filter((i) => (codes[i] === a || codes[i] === b) && weights[i] !== 0);
      const m = own.length;
      const sign = Float64Array.from(own, (i) => (codes[i] === a ? 1 : -1));
      const balance = sign.reduce((sum, s) => sum + s, 0);
      if (m === 0 || Math.abs(balance) === m) {
        offsets[q++] = Math.sign(balance);
        continue;
      }
      const pairs = Float64Array.from(
        { length: m * m },
        (_, at) => k.data[(own[Math.floor(at / m)] as number) * n + (own[at % m] as number)] as number, // rows of k
      );
      // In the dual of the regression, with ε = 0: a row weighs on the side of its class alone.
      const most = (side: number): Float64Array =>
        Float64Array.from(own, (i, r) => (sign[r] === side ? penalty * (weights[i] as number) : 0));
      const [up, down, state] = [new Float64Array(m), new Float64Array(m), new Float64Array(3)];
      const [upMost, downMost] = [most(1), most(-1)];
      solveSupportVectors(m, upMost, downMost, 0, TOLERANCE, MOST_ITERATIONS, pairs, up, down, sign.slice(), state);
      for (const [r, i] of own.entries()) beta[q * n + i] = (up[r] as number) - (down[r] as number); // one per row
      offsets[q++] = state[0] as number; // three numbers
      isSolved &&= (state[2] as number) <= TOLERANCE;
    }
  }
  return { beta, offsets, isSolved };
}
