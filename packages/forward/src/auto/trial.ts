import {
  createRandom,
  type Feature,
  type FeatureMatrix,
  isMateriomeError,
  type Random,
  type RunContext,
  runTasks,
  type Targets,
  type TaskFunction,
  takeRows,
} from "@materiome/core";
import { type InnerFolds, rowsOf, rowsOutside } from "../learner/heldOutByFolds.ts";
import type { Estimates } from "../learner/predictor.ts";
import { takeTargets } from "../validation/takeTargets.ts";
import { pickColumns } from "./columnsPredictor.ts";
import { type AutoCandidate, type DrawnSettings, FAMILIES, type Family, type FamilyOptions } from "./families.ts";
import type { FeatureSet } from "./featureSets.ts";

/** One learner with its settings on one set of features. */
export interface Trial {
  readonly label: string;
  readonly family: Family;
  readonly settings: DrawnSettings;
  readonly set: FeatureSet;
  /** Its settings were proposed from what the search had seen, not drawn. @defaultValue false */
  readonly isProposed?: boolean;
  /** Held-out estimates of the rows of the folds looked at so far; NaN elsewhere. */
  readonly estimates: Estimates;
}

export interface FoldTask {
  readonly family: AutoCandidate;
  readonly settings: DrawnSettings;
  readonly options: FamilyOptions;
  readonly train: FeatureMatrix;
  readonly targets: Targets;
  readonly test: FeatureMatrix;
  readonly key: string;
}

const task: TaskFunction = { module: import.meta.url, name: "estimateFold" };

/** What a fold of a trial gave: estimates, or why the learner could not be fitted to such rows. */
export type FoldOutcome = Estimates | { readonly failed: string };

/**
 * Fits each trial outside each of the folds, in worker threads, and writes what it predicts there to its estimates.
 *
 * @returns for trials whose learner refused the rows of a fold: why
 */
export async function estimateTrials(
  trials: readonly Trial[],
  folds: InnerFolds,
  which: readonly number[],
  options: FamilyOptions,
  rows: { readonly x: FeatureMatrix; readonly y: Targets },
  run: RunContext,
): Promise<ReadonlyMap<Trial, string>> {
  const jobs = trials.flatMap((trial) => which.map((k) => ({ trial, k })));
  const taskOf = ({ trial, k }: (typeof jobs)[number]): FoldTask =>
    foldTask(trial, folds, k, options, rows, run.random);
  // One job at a time where there are no threads to fill: the rows of all would stand in memory together.
  const outcomes: FoldOutcome[] = [];
  if (run.threads === 1) {
    for (const job of jobs) {
      run.signal?.throwIfAborted();
      outcomes.push(await estimateFold(taskOf(job)));
    }
  } else {
    const found = await runTasks<FoldTask, FoldOutcome>(task, jobs.map(taskOf), { ...run, onProgress: undefined });
    outcomes.push(...found);
  }
  const failed = new Map<Trial, string>();
  for (const [at, { trial, k }] of jobs.entries()) {
    const part = outcomes[at] as FoldOutcome; // one per job
    if ("failed" in part) {
      if (!failed.has(trial)) failed.set(trial, part.failed);
      continue;
    }
    for (const [r, i] of rowsOf(folds, k).entries()) {
      trial.estimates.mean[i] = part.mean[r] as number; // one per row
      trial.estimates.variance[i] = part.variance[r] as number;
    }
  }
  return failed;
}

/** What one fold of one trial needs. */
export function foldTask(
  trial: Trial,
  folds: InnerFolds,
  k: number,
  options: FamilyOptions,
  { x, y }: { readonly x: FeatureMatrix; readonly y: Targets },
  random: Random,
): FoldTask {
  const train = rowsOutside(folds, [k]);
  return {
    family: trial.family.name,
    settings: trial.settings,
    options,
    train: takeFeatures(takeFeatureRows(x, train), trial.set),
    targets: takeTargets(y, train),
    test: takeFeatures(takeFeatureRows(x, rowsOf(folds, k)), trial.set),
    key: random.fork("inner").fork(trial.label).fork(k).key,
  };
}

/** One fold of one trial, in a worker thread. Rows that its learner refuses do not end the search. */
export async function estimateFold(input: FoldTask): Promise<FoldOutcome> {
  const { family, settings, options, train, targets, test, key } = input;
  try {
    const learner = familyOf(family).create(settings, options, train.columns);
    const { predictor } = await learner.fit(train, targets, { random: createRandom(key), threads: 1 });
    return predictor.estimate(test);
  } catch (error) {
    if (!isMateriomeError(error) || (error.code !== "DATA" && error.code !== "CONVERGENCE")) throw error;
    return { failed: error.message };
  }
}

export function familyOf(name: AutoCandidate): Family {
  return FAMILIES.find((family) => family.name === name) as Family; // names are checked when auto is created
}

export function takeFeatures(x: FeatureMatrix, { columns }: FeatureSet): FeatureMatrix {
  if (columns.length === x.columns) return x;
  return { ...pickColumns(x, columns), features: Array.from(columns, (f) => x.features[f] as Feature) }; // columns of x
}

function takeFeatureRows(x: FeatureMatrix, rows: Int32Array): FeatureMatrix {
  return { ...takeRows(x, rows), features: x.features };
}
