import { DomainError, type FeatureMatrix, type RunContext, type Targets } from "@materiome/core";
import { checkTraining } from "../learner/checkTraining.ts";
import { innerFolds } from "../learner/heldOutByFolds.ts";
import { type AutoOptions, defaultNames } from "./createAuto.ts";
import { planTrials } from "./planTrials.ts";
import { estimateFold, foldTask } from "./trial.ts";

export interface CountTrialsOptions {
  /** Time for all searches together, in seconds. */
  readonly seconds: number;
  /** How many searches of this size there will be: one for each outer fold, one for the model itself. */
  readonly nSearches: number;
  /** A clock in milliseconds: `() => performance.now()`. */
  readonly now: () => number;
  readonly run: RunContext;
}

export interface CountedTrials {
  /** For `createAuto({ trials })`; at least 1, also where the time does not hold it. */
  readonly trials: number;
  /** What the searches will take, in seconds, if the machine stays as it was. */
  readonly expectedSeconds: number;
}

const MOST_TRIALS = 60;
const INNER_FOLDS = 5;
/** The chosen learner is fitted once more, with all its trees. */
const FINAL_FITS = 2;
/** What is done beside the fits, as a share of them. */
const BESIDE = 1.2;

/**
 * Turns a time into a number of trials: fits each trial to one inner fold, in the order in which a search takes them, until those
 * measured would fill the time. Which number comes out depends on the machine and what else it does; a search with that number does not.
 *
 * @throws DomainError for a time or a number of searches that is not above 0
 * @example
 * const { trials } = await countTrials(x, y, {}, { seconds: 300, nSearches: 11, now: () => performance.now(), run });
 * const model = await createAuto({ trials }).fit(x, y, run);
 */
export async function countTrials(
  x: FeatureMatrix,
  y: Targets,
  auto: AutoOptions,
  options: CountTrialsOptions,
): Promise<CountedTrials> {
  const { seconds, nSearches, now, run } = options;
  if (!(seconds > 0 && nSearches > 0)) {
    throw new DomainError(
      `countTrials: expected a time and a number of searches above 0, got ${seconds} s, ${nSearches}`,
    );
  }
  const rows = checkTraining("auto", x, y, true);
  const { criterion = "squared" } = auto;
  const {
    candidates = defaultNames(criterion),
    folds = INNER_FOLDS,
    nTrees = 200,
    level = 0.9,
    missing = false,
  } = auto;
  const settings = { candidates, draws: undefined, trials: MOST_TRIALS, nTrees };
  const given = { nTrees, level, criterion, hasGaps: missing || x.data.some(Number.isNaN) };
  const { defaults, drawn, proposals, inner } = planTrials(rows, settings, given, run.random.fork("settings"));
  const divided = innerFolds(rows, folds, run.random.fork("inner split"));
  const perFit = (nSearches * BESIDE) / Math.max(1, run.threads ?? 1) / 1000;
  const began = now();
  let most = 0;
  let sum = 0;
  let drawnSum = 0;
  let trials = 0;
  let expected = 0;
  const known = [...defaults, ...drawn];
  const nProposed = proposals.reduce((all, { count }) => all + count, 0);
  for (let at = 0; at < known.length + nProposed; at++) {
    run.signal?.throwIfAborted();
    const trial = known[at];
    const start = now();
    if (trial !== undefined) await estimateFold(foldTask(trial, divided, 0, inner, { x, y }, run.random));
    // What will be proposed is not known yet: as long as what was drawn, in the mean.
    const took = trial === undefined ? drawnSum / drawn.length : now() - start;
    if (trial !== undefined && at >= defaults.length) drawnSum += took;
    // Of drawn settings the better half sees all folds, the others two.
    const nFolds = at < defaults.length ? divided.nFolds : Math.min(2, divided.nFolds) / 2 + divided.nFolds / 2;
    const next = (sum + nFolds * took + FINAL_FITS * Math.max(most, took)) * perFit;
    if (at > 0 && next + (now() - began) / 1000 > seconds) break;
    most = Math.max(most, took);
    sum += nFolds * took;
    expected = next;
    trials = at + 1;
    run.onProgress?.({ stage: "measuring trials", done: Math.min(expected, seconds), total: seconds });
  }
  return { trials, expectedSeconds: expected + (now() - began) / 1000 };
}
