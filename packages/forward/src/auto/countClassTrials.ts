import type { Classes, Feature, FeatureMatrix } from "@materiome/core";
import { fitFilling, markOf } from "../imputed/fitFilling.ts";
import { fillGaps } from "../imputed/imputedPredictor.ts";
import { checkClasses } from "../learner/checkClasses.ts";
import { innerFolds } from "../learner/heldOutByFolds.ts";
import { predictFold } from "./classFamilies.ts";
import type { CountTrialsOptions } from "./countTrials.ts";
import { type AutoClassifierOptions, classFoldTask, foldsToLearn, inOrderOfBudget } from "./createAutoClassifier.ts";
import { type CountedTrials, fillTime } from "./fillTime.ts";

/**
 * As {@link countTrials}, for `createAutoClassifier`, behind `createImputedClassifier` where values are missing: how many of its candidates the time holds, in the order in which it takes them.
 *
 * @throws DomainError for a time or a number of searches that is not above 0
 * @example
 * const now = () => performance.now();
 * const { trials } = await countClassTrials(x, y, {}, { seconds: 300, nSearches: 11, now, run });
 * const model = await createAutoClassifier({ trials }).fit(x, y, run);
 */
export async function countClassTrials(
  x: FeatureMatrix,
  y: Classes,
  auto: AutoClassifierOptions,
  options: CountTrialsOptions,
): Promise<CountedTrials> {
  const { seconds, nSearches, now, run } = options;
  const { filling } = fitFilling(x);
  const marks = Array.from(filling.marked, (f) => markOf(x.features[f] as Feature)); // a feature of x
  const rows = checkClasses("auto classifier", { ...fillGaps(filling, x), features: [...x.features, ...marks] }, y);
  const folds = innerFolds(rows, auto.folds ?? 4, run.random.fork("inner split"));
  const learnt = foldsToLearn(folds, rows);
  const trials = inOrderOfBudget(rows).map((family) => ({
    fit: async () => {
      run.signal?.throwIfAborted();
      const [first] = learnt;
      if (first !== undefined) await predictFold(classFoldTask(family, first, folds, rows, run));
    },
    nFolds: learnt.length,
    isDrawn: false,
    nTrials: family.candidates.length,
  }));
  return fillTime("countClassTrials", trials, {
    seconds,
    nSearches,
    threads: Math.max(1, run.threads ?? 1),
    now,
    onProgress: (done) => run.onProgress?.({ stage: "measuring trials", done, total: seconds }),
  });
}
