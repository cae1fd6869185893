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
  takeRows,
} from "@materiome/core";
import { checkTraining, type TrainingSet } from "../learner/checkTraining.ts";
import { heldOutByFolds, type InnerFolds, innerFolds } from "../learner/heldOutByFolds.ts";
import type { Estimates, Predictor } from "../learner/predictor.ts";
import { createForwardModel, type ForwardModel } from "../learner/regressionModel.ts";
import { countTerms, MOST_RANK, MOST_TERMS } from "../linear/basis.ts";
import { createRidge } from "../linear/createRidge.ts";
import { createRandomForest } from "../tree/createRandomForest.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { takeTargets } from "../validation/takeTargets.ts";
import { averageEstimates, averagePredictor } from "./averagePredictor.ts";

export type AutoCandidate = "forest" | "extra-trees" | "ridge" | "ridge-degree-2";

export interface AutoOptions {
  /** @defaultValue all four */
  readonly candidates?: readonly AutoCandidate[] | undefined;
  /** Inner folds; fewer where there are fewer rows or groups. @defaultValue 5 */
  readonly folds?: number | undefined;
  /** Trees of the final forests; the inner folds grow a third as many. @defaultValue 200 */
  readonly nTrees?: number | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
  /** Rows to predict may lack inputs, even if no training row does: only forests are tried. @defaultValue false */
  readonly missing?: boolean | undefined;
}

export type Auto = Learner<FeatureMatrix, Targets, ForwardModel>;

const CANDIDATES: readonly AutoCandidate[] = ["extra-trees", "forest", "ridge", "ridge-degree-2"];
/** An average of several must beat the best single one by this share of its squared error. */
const WORTH_AVERAGING = 0.01;
/** Rows and terms above which the second-degree ridge takes longer than all the rest. */
const MOST_QUADRATIC_RANK = 400;
const MOST_QUADRATIC_TERMS = 2000;

/** One candidate, or an average of the best few, scored on the inner folds. */
interface Trial {
  readonly names: readonly AutoCandidate[];
  readonly estimates: Estimates;
  readonly meanSquare: number;
  readonly mae: number;
}

/**
 * Chooses among forest, extra trees and ridge of degree 1 and 2 by cross-validation on the training rows alone (whole
 * groups held out), then fits the choice to all of them. Averages of the best two, three, … are tried too, and taken if
 * they lower the squared error by at least 1 %. Intervals come from the inner held-out residuals of what was chosen.
 *
 * A cross-validation around it stays honest, since every choice is made inside `fit`. `model.report` lists what was tried
 * with its inner error, what was left out and why, and what was chosen.
 *
 * @throws DomainError for options outside their range; DataError if no candidate can take the rows
 * @example
 * const model = await createAuto().fit(x, y, { random: createRandom(1) });
 * console.log(model.report);
 */
export function createAuto(options: AutoOptions = {}): Auto {
  const { candidates = CANDIDATES, folds = 5, nTrees = 200, level = 0.9, missing = false } = options;
  if (candidates.length === 0 || candidates.some((name) => !CANDIDATES.includes(name))) {
    throw new DomainError(
      `createAuto: candidates must be some of ${CANDIDATES.join(", ")}; got ${candidates.join(", ")}`,
    );
  }
  if (!(Number.isInteger(folds) && folds >= 2))
    throw new DomainError(`createAuto: folds must be at least 2, got ${folds}`);
  if (!(Number.isInteger(nTrees) && nTrees >= 2)) {
    throw new DomainError(`createAuto: nTrees must be a whole number of at least 2, got ${nTrees}`);
  }
  if (!(level > 0 && level < 1)) throw new DomainError(`createAuto: level must be between 0 and 1, got ${level}`);
  const settings = { candidates: [...candidates], folds, nTrees, level, missing };
  const supports: ReadonlySet<LearnerCapability> = new Set(["weights", "missing"]);
  return {
    supports,
    module: import.meta.url,
    fit: (x: FeatureMatrix, y: Targets, run: RunContext) => fitAuto(x, y, run, settings),
    toJSON(): Serialized {
      return { type: "materiome/auto-learner", version: 1, params: settings, state: null };
    },
  };
}

interface Settings {
  readonly candidates: readonly AutoCandidate[];
  readonly folds: number;
  readonly nTrees: number;
  readonly level: number;
  readonly missing: boolean;
}

async function fitAuto(x: FeatureMatrix, y: Targets, run: RunContext, settings: Settings): Promise<ForwardModel> {
  const rows = checkTraining("auto", x, y, true);
  const left: { name: AutoCandidate; reason: string }[] = [];
  const names = settings.candidates.filter((name) => {
    const reason = whyNot(name, rows, settings.missing);
    if (reason !== undefined) left.push({ name, reason });
    return reason === undefined;
  });
  if (names.length === 0) {
    throw new DataError(`auto: no candidate takes these rows: ${left.map((l) => `${l.name}: ${l.reason}`).join("; ")}`);
  }
  const folds = innerFolds(rows, settings.folds, run.random.fork("inner split"));
  const singles: Trial[] = [];
  for (const name of names) {
    const estimates = await estimateHeldOut(name, x, y, folds, run, settings);
    singles.push(trialOf([name], estimates, rows));
    run.onProgress?.({ stage: "candidates", done: singles.length, total: names.length + 1 });
  }
  singles.sort((a, b) => a.meanSquare - b.meanSquare);
  const [best] = singles as [Trial];
  const averages = singles.slice(1).map((_, k) => {
    const parts = singles.slice(0, k + 2);
    return trialOf(
      parts.flatMap((part) => part.names),
      averageEstimates(parts.map((part) => part.estimates)),
      rows,
    );
  });
  const bestAverage = averages.reduce<Trial | undefined>(
    (least, trial) => (least === undefined || trial.meanSquare < least.meanSquare ? trial : least),
    undefined,
  );
  const isAverage = bestAverage !== undefined && bestAverage.meanSquare < (1 - WORTH_AVERAGING) * best.meanSquare;
  const chosen = isAverage ? bestAverage : best;
  const predictors = [];
  for (const name of chosen.names) {
    const random = run.random.fork("final").fork(name);
    const model = await learnerOf(name, settings.nTrees, settings.level).fit(x, y, {
      ...run,
      random,
      onProgress: undefined,
    });
    predictors.push(model.predictor);
  }
  run.onProgress?.({ stage: "candidates", done: names.length + 1, total: names.length + 1 });
  const [only] = predictors;
  return createForwardModel({
    predictor: predictors.length === 1 && only !== undefined ? only : averagePredictor(predictors),
    features: x.features,
    unit: rows.unit,
    level: settings.level,
    calibration: calibrate(rows.y, chosen.estimates.mean, chosen.estimates.variance),
    heldOut: chosen.estimates,
    report: reportOf(chosen, [...singles, ...averages], left, folds.nFolds, rows.isGrouped),
  });
}

/** Why a candidate cannot take the rows, if so. */
function whyNot(name: AutoCandidate, rows: TrainingSet, missing: boolean): string | undefined {
  if (name === "forest" || name === "extra-trees") return undefined;
  if (missing || rows.x.data.some(Number.isNaN)) return "some inputs are missing";
  if (rows.weights !== undefined) return "rows are weighted";
  const isQuadratic = name === "ridge-degree-2";
  const nTerms = countTerms(rows.x.columns, isQuadratic ? 2 : 1);
  const mostTerms = isQuadratic ? MOST_QUADRATIC_TERMS : MOST_TERMS;
  const mostRank = isQuadratic ? MOST_QUADRATIC_RANK : MOST_RANK;
  if (nTerms > mostTerms || Math.min(nTerms, rows.x.rows) > mostRank) {
    return `${nTerms} terms for ${rows.x.rows} rows would take too long`;
  }
  return undefined;
}

function learnerOf(name: AutoCandidate, nTrees: number, level: number): Learner<FeatureMatrix, Targets, ForwardModel> {
  switch (name) {
    case "forest":
      return createRandomForest({ nTrees, level });
    case "extra-trees":
      return createRandomForest({ nTrees, level, splitter: "random" });
    case "ridge":
      return createRidge({ level });
    case "ridge-degree-2":
      return createRidge({ level, degree: 2 });
  }
}

async function estimateHeldOut(
  name: AutoCandidate,
  x: FeatureMatrix,
  y: Targets,
  folds: InnerFolds,
  run: RunContext,
  settings: Settings,
): Promise<Estimates> {
  const learner = learnerOf(name, Math.ceil(settings.nTrees / 3), settings.level);
  const fit = async (train: Int32Array, k: number): Promise<Predictor> => {
    const random = run.random.fork("inner").fork(name).fork(k);
    const inner = { ...run, random, onProgress: undefined };
    return (await learner.fit(takeRows(x, train), takeTargets(y, train), inner)).predictor;
  };
  return heldOutByFolds(x, folds, fit, run.signal);
}

function trialOf(names: readonly AutoCandidate[], estimates: Estimates, rows: TrainingSet): Trial {
  let squares = 0;
  let absolute = 0;
  let total = 0;
  for (const [i, y] of rows.y.entries()) {
    const weight = rows.weights?.[i] ?? 1;
    const error = y - (estimates.mean[i] as number); // one per row
    squares += weight * error * error;
    absolute += weight * Math.abs(error);
    total += weight;
  }
  return { names, estimates, meanSquare: squares / total, mae: absolute / total };
}

function reportOf(
  chosen: Trial,
  tried: readonly Trial[],
  left: readonly { readonly name: AutoCandidate; readonly reason: string }[],
  nFolds: number,
  isGrouped: boolean,
): Json {
  const label = (trial: Trial): string => trial.names.join(" + ");
  return {
    chosen: label(chosen),
    reason: `least squared error on ${nFolds} inner ${isGrouped ? "grouped " : ""}folds of the training rows${
      chosen.names.length > 1 ? ", at least 1 % below the best single one" : ""
    }`,
    tried: tried.map((trial) => ({ name: label(trial), rmse: Math.sqrt(trial.meanSquare), mae: trial.mae })),
    notTried: left.map(({ name, reason }) => ({ name, reason })),
  };
}
