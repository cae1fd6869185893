import {
  createMatrix,
  type FeatureMatrix,
  type Json,
  type Matrix,
  type RunContext,
  runTasks,
  takeRows,
} from "@materiome/core";
import { blendedClassification } from "../learner/blendedClassification.ts";
import type { ClassTraining } from "../learner/checkClasses.ts";
import { fitBlend } from "../learner/classBlend.ts";
import type { ClassificationModel } from "../learner/classificationModel.ts";
import { type Classifier, createClassifier, optionCheck } from "../learner/classifier.ts";
import { type InnerFolds, innerFolds, rowsOf, rowsOutside } from "../learner/heldOutByFolds.ts";
import {
  CLASS_FAMILIES,
  type ClassCandidate,
  type ClassFamily,
  type ClassFoldTask,
  foldPrediction,
  NEAR_LOGISTIC,
  PENALTY,
  predictFold,
  SMALLER_LOGISTIC,
} from "./classFamilies.ts";

export interface AutoClassifierOptions {
  /** Inner folds; fewer where there are fewer rows or groups. @defaultValue 4 */
  readonly folds?: number | undefined;
  /**
   * Candidates to try, in this order: extra trees, logistic regression of penalty 10, boosting, a forest, the two smaller penalties, which
   * count as two. What a smaller number cuts is listed as not tried. @defaultValue all
   */
  readonly trials?: number | undefined;
  /**
   * Mixes the probabilities with the shares of the classes, by as much as lowers the log loss on the inner folds: p′ = (1 − s) p + s · share of
   * the class, s being 0.001 to 1, so that no class has the probability 0. `false` for who mixes them by folds around this, as
   * `trainClassModel` does. @defaultValue true
   */
  readonly blend?: boolean | undefined;
}

/** A classifier with what was tried: names with log loss and accuracy on the inner folds. */
export type ChosenClassifier = ClassificationModel & { readonly report: Json };

const ALL = Number.POSITIVE_INFINITY;
/** What is good alone, and fast, first. */
const IN_ORDER: readonly string[] = ["extra-trees", "logistic", "boosting", "forest", SMALLER_LOGISTIC.name];
const WHO = "auto classifier";
/** Probabilities below this share cost no more: a forest of 300 trees cannot tell 0 from it. */
const LEAST = 1e-3;

/**
 * Fits what has the least log loss on inner folds of the training rows (whole groups) among logistic regression, extra trees, a random
 * forest and, from 40 rows on, boosting. Logistic regressions of small penalty, which take longest, are tried where that of
 * penalty 10 comes within a fifth of the least loss. A cross-validation around it stays honest, since the choice is made inside `fit`.
 *
 * Its probabilities are mixed with the shares of the classes (`blend`), and never 0. `model.report` lists what was tried, and by how much it
 * mixes. Takes weights; refuses missing values.
 *
 * @throws DomainError for fewer than 2 folds, less than one trial, or a `blend` that is not true or false
 * @example
 * const model = await createAutoClassifier().fit(x, y, { random: createRandom(1) });
 */
export function createAutoClassifier(options: AutoClassifierOptions = {}): Classifier {
  const { folds = 4, trials, blend = true } = options;
  const check = optionCheck("createAutoClassifier");
  check("folds", folds, Number.isInteger(folds) && folds >= 2, "a whole number of at least 2");
  const isCount = trials === undefined || (Number.isInteger(trials) && trials >= 1);
  check("trials", trials, isCount, "a whole number of at least 1");
  check("blend", blend, typeof blend === "boolean", "true or false");
  return createClassifier({
    name: WHO,
    type: "materiome/auto-classifier-learner",
    module: import.meta.url,
    settings: { folds, ...(trials === undefined ? {} : { trials }), ...(blend ? {} : { blend }) },
    fit: fitBest,
  });
}

type FitSettings = { readonly folds: number; readonly trials?: number; readonly blend?: boolean };

async function fitBest(
  { folds: most, trials = ALL, blend: isBlended = true }: FitSettings,
  rows: ClassTraining,
  run: RunContext,
): Promise<ChosenClassifier> {
  const folds = innerFolds(rows, most, run.random.fork("inner split"));
  const within = withinBudget(rows, trials);
  const families = CLASS_FAMILIES.filter((family) => within.includes(family));
  run.onProgress?.({ stage: "candidates", done: 0, total: 1 });
  const first = await scoreFamilies(families, folds, rows, run);
  const least = Math.min(...first.map(({ logLoss }) => logLoss));
  const isNear = first.some(({ name, logLoss }) => name.startsWith("logistic") && logLoss <= NEAR_LOGISTIC * least);
  const areSmallerTried = isNear && within.includes(SMALLER_LOGISTIC);
  run.onProgress?.({ stage: "candidates", done: areSmallerTried ? 0.5 : 0.8, total: 1 });
  const tried = areSmallerTried ? [...first, ...(await scoreFamilies([SMALLER_LOGISTIC], folds, rows, run))] : first;
  run.onProgress?.({ stage: "candidates", done: 0.8, total: 1 });
  const ranked = tried.toSorted((a, b) => a.logLoss - b.logLoss);
  const [best] = ranked as [(typeof ranked)[number]]; // at least the first candidates
  const all = Int32Array.from({ length: rows.x.rows }, (_, i) => i);
  const random = run.random.fork("final");
  const model = await best
    .create()
    .fit(rows.x as FeatureMatrix, takeClasses(rows, all), { ...run, random, onProgress: undefined });
  const heldOut = all.filter((i) => !Number.isNaN(best.probabilities.data[i * best.probabilities.columns]));
  const blend = isBlended ? fitBlend(best.probabilities, rows.codes, heldOut, all) : undefined;
  const report: Json = {
    chosen: best.name,
    reason: `least log loss on ${folds.nFolds} inner ${rows.isGrouped ? "grouped " : ""}folds of the training rows`,
    tried: ranked.map(({ name, logLoss, accuracy }) => ({
      name,
      logLoss: Number.isFinite(logLoss) ? logLoss : null,
      accuracy,
    })),
    ...(blend === undefined ? {} : { blend: { share: blend.share, prior: [...blend.prior] } }),
    notTried: [...CLASS_FAMILIES, SMALLER_LOGISTIC]
      .filter((family) => !families.includes(family) && !(family === SMALLER_LOGISTIC && areSmallerTried))
      .flatMap((family) =>
        family.candidates.map(({ name }) => ({ name, reason: whyNot(family, rows, within, trials) })),
      ),
  };
  return { ...(blend === undefined ? model : blendedClassification(blend, model)), report };
}

const isLarge = ({ fewestRows = 0 }: ClassFamily, { nGroups }: ClassTraining): boolean => nGroups >= fewestRows;

/** Families that the rows allow, in the order in which a budget of trials takes them. */
export function inOrderOfBudget(rows: ClassTraining): readonly ClassFamily[] {
  return IN_ORDER.flatMap((name) =>
    [...CLASS_FAMILIES, SMALLER_LOGISTIC].filter((family) => family.name === name),
  ).filter((family) => isLarge(family, rows));
}

/** Those that so many trials hold. Smaller penalties go by what the large one gives, which comes before them. */
function withinBudget(rows: ClassTraining, trials: number): readonly ClassFamily[] {
  let left = trials;
  return inOrderOfBudget(rows).filter(({ candidates }) => {
    left -= candidates.length;
    return left >= 0;
  });
}

function whyNot(family: ClassFamily, rows: ClassTraining, within: readonly ClassFamily[], trials: number): string {
  const { fewestRows } = family;
  if (!isLarge(family, rows))
    return `takes ${fewestRows} ${rows.isGrouped ? "groups" : "rows"}, there are ${rows.nGroups}`;
  if (!within.includes(family)) return `beyond the budget of ${trials} ${trials === 1 ? "trial" : "trials"}`;
  return `penalty ${PENALTY} has more than ${NEAR_LOGISTIC} times the least log loss`;
}

interface ScoredCandidate extends ClassCandidate {
  readonly logLoss: number;
  readonly accuracy: number;
  /** Of the inner folds, [nSamples, nClasses]; NaN for rows of folds that were not learned. */
  readonly probabilities: Matrix;
}

/** Log loss and accuracy of each candidate on all inner folds. */
async function scoreFamilies(
  families: readonly ClassFamily[],
  folds: InnerFolds,
  rows: ClassTraining,
  run: RunContext,
): Promise<ScoredCandidate[]> {
  const jobs = foldsToLearn(folds, rows).flatMap((fold) => families.map((family) => ({ fold, family })));
  const tasks = jobs.map(({ fold, family }) => classFoldTask(family, fold, folds, rows, run));
  const found = await predictAll(tasks, run);
  const k = rows.labels.length;
  const score = (family: ClassFamily, candidate: ClassCandidate, at: number): ScoredCandidate => {
    let [loss, right, n] = [0, 0, 0];
    const probabilities = createMatrix(rows.x.rows, k, new Float64Array(rows.x.rows * k).fill(Number.NaN));
    for (const [j, job] of jobs.entries()) {
      if (job.family !== family) continue;
      const given = found[j]?.[at] as Float64Array; // of each job and candidate
      for (const [r, i] of rowsOf(folds, job.fold).entries()) {
        const own = given.subarray(r * k, (r + 1) * k);
        probabilities.data.set(own, i * k);
        const code = rows.codes[i] as number; // a training row
        loss -= Math.log(Math.max(LEAST, own[code] as number));
        right += own.indexOf(Math.max(...own)) === code ? 1 : 0;
        n++;
      }
    }
    const logLoss = n === 0 ? Number.POSITIVE_INFINITY : loss / n;
    return { ...candidate, logLoss, accuracy: right / Math.max(1, n), probabilities };
  };
  return families.flatMap((family) => family.candidates.map((candidate, at) => score(family, candidate, at)));
}

/** Folds outside which there are classes to tell apart. */
export function foldsToLearn(folds: InnerFolds, { codes }: ClassTraining): number[] {
  return Array.from({ length: folds.nFolds }, (_, k) => k).filter(
    (k) => new Set(rowsOutside(folds, [k]).map((i) => codes[i] as number)).size >= 2, // rows
  );
}

export function classFoldTask(
  { name }: ClassFamily,
  fold: number,
  folds: InnerFolds,
  rows: ClassTraining,
  run: RunContext,
): ClassFoldTask {
  const train = rowsOutside(folds, [fold]);
  const { features } = rows.x;
  return {
    family: name,
    train: { ...takeRows(rows.x, train), features },
    classes: takeClasses(rows, train),
    test: { ...takeRows(rows.x, rowsOf(folds, fold)), features },
    key: run.random.fork("inner").fork(name).fork(fold).key,
  };
}

async function predictAll(
  tasks: readonly ClassFoldTask[],
  run: RunContext,
): Promise<readonly (readonly Float64Array[])[]> {
  if (run.threads !== 1) return runTasks(foldPrediction, [...tasks], { ...run, onProgress: undefined });
  const found: (readonly Float64Array[])[] = [];
  for (const one of tasks) {
    run.signal?.throwIfAborted();
    found.push(await predictFold(one));
  }
  return found;
}

function takeClasses(
  rows: ClassTraining,
  kept: Int32Array,
): {
  readonly kind: "classification";
  readonly codes: Int32Array;
  readonly labels: readonly string[];
  readonly weights: Float64Array | undefined;
  readonly groups: Int32Array | undefined;
} {
  const { weights } = rows;
  return {
    kind: "classification",
    codes: kept.map((i) => rows.codes[i] as number), // rows of one table, here and below
    labels: rows.labels,
    weights: weights === undefined ? undefined : Float64Array.from(kept, (i) => weights[i] as number),
    groups: rows.isGrouped ? kept.map((i) => rows.groups[i] as number) : undefined,
  };
}
