import type { FeatureMatrix, RunContext, Targets } from "@materiome/core";
import { checkTraining } from "../learner/checkTraining.ts";
import { innerFolds } from "../learner/heldOutByFolds.ts";
import { type AutoOptions, defaultNames } from "./createAuto.ts";
import { type CountedTrials, fillTime, type MeasuredTrial } from "./fillTime.ts";
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

const MOST_TRIALS = 60;
const INNER_FOLDS = 5;

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
  const rows = checkTraining("auto", x, y, true);
  const { criterion = "squared" } = auto;
  const {
    candidates = defaultNames(criterion),
    folds = INNER_FOLDS,
    nTrees = 200,
    level = 0.9,
    missing = false,
    laterSettings,
  } = auto;
  const settings = { candidates, draws: undefined, trials: MOST_TRIALS, nTrees, laterSettings };
  const given = { nTrees, level, criterion, hasGaps: missing || x.data.some(Number.isNaN) };
  const { defaults, drawn, proposals, inner } = planTrials(rows, settings, given, run.random.fork("settings"));
  const divided = innerFolds(rows, folds, run.random.fork("inner split"));
  // Of drawn settings the better half sees all folds, the others two.
  const [first, all] = [Math.min(2, divided.nFolds), divided.nFolds];
  const known = [...defaults, ...drawn].map(
    (trial): MeasuredTrial => ({
      fit: () => {
        run.signal?.throwIfAborted();
        return estimateFold(foldTask(trial, divided, 0, inner, { x, y }, run.random));
      },
      nFolds: defaults.includes(trial) ? all : (first + all) / 2,
      isDrawn: !defaults.includes(trial),
    }),
  );
  const proposed = proposals.flatMap(({ count }) =>
    Array.from({ length: count }, (): MeasuredTrial => ({ fit: undefined, nFolds: (first + all) / 2, isDrawn: true })),
  );
  return fillTime("countTrials", [...known, ...proposed], {
    seconds,
    nSearches,
    threads: Math.max(1, run.threads ?? 1),
    now,
    onProgress: (done) => run.onProgress?.({ stage: "measuring trials", done, total: seconds }),
  });
}
