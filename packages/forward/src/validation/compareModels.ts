import { DataError, type FeatureMatrix, type Regressor, type RunContext, type Targets } from "@materiome/core";
import { type CrossValidateOptions, type CrossValidation, crossValidate } from "./crossValidate.ts";
import { comparePredictions, type Forecast, type PairedErrors } from "./pairedTests.ts";
import type { Splitter } from "./splitter.ts";

/** One learner against another or a baseline: errors of `first` minus those of `second`. */
export interface ModelComparison extends PairedErrors {
  readonly first: string;
  readonly second: string;
}

export interface ComparedModels {
  readonly validations: { readonly [name: string]: CrossValidation };
  /** Names by rising mean absolute error. */
  readonly ranking: readonly string[];
  /** Every pair, the better (by mean absolute error) first; intervals are of one pair, not of all at once. */
  readonly pairs: readonly ModelComparison[];
  /** Each learner against always guessing the median of the training rows, and against the nearest training row. */
  readonly baselines: readonly ModelComparison[];
}

const BASELINES: readonly (readonly [string, Forecast])[] = [
  ["median of the training rows", "medianBaseline"],
  ["nearest training row", "neighbourBaseline"],
];

/**
 * Cross-validates several learners on the same folds and compares their errors row by row: the difference of mean absolute
 * and root-mean-square error, with an interval by bootstrap over held-out groups and one by the corrected resampled t-test
 * over folds. The first asks whether these predictions differ on other rows, the second also whether other training rows
 * would change the answer; with few folds it is wide: repeat the split.
 *
 * @param learners - by name, at least two
 * @throws DataError for fewer than two learners, and as `crossValidate` does
 * @example
 * const { pairs } = await compareModels({ forest: createRandomForest(), ridge: createRidge() }, x, y, {
 *   splitter: repeated(groupKFold(5), 10), run: { random: createRandom(1) },
 * });
 */
export async function compareModels(
  learners: { readonly [name: string]: Regressor },
  x: FeatureMatrix,
  y: Targets,
  options: CompareModelsOptions,
): Promise<ComparedModels> {
  const { splitter, run, ...rest } = options;
  const names = Object.keys(learners);
  if (names.length < 2) {
    throw new DataError(
      `compareModels: expected at least two learners, got ${names.length}; add one, or use crossValidate`,
    );
  }
  const validations: { [name: string]: CrossValidation } = {};
  for (const [k, [name, learner]] of Object.entries(learners).entries()) {
    const onProgress: RunContext["onProgress"] = ({ done, total }) =>
      run.onProgress?.({ stage: "learners", done: k + done / Math.max(1, total), total: names.length });
    validations[name] = await crossValidate(learner, x, y, splitter, { ...run, onProgress }, rest);
  }
  const of = (name: string): CrossValidation => validations[name] as CrossValidation; // one for each name
  const ranking = names.sort((a, b) => of(a).scores.mae - of(b).scores.mae);
  const random = run.random.fork("compare");
  return {
    validations,
    ranking,
    pairs: ranking.flatMap((first, k) =>
      ranking.slice(k + 1).map((second) => ({
        first,
        second,
        ...comparePredictions(of(first), of(second), { groups: y.groups, random: random.fork(first).fork(second) }),
      })),
    ),
    baselines: ranking.flatMap((first) =>
      BASELINES.map(([second, forecast]) => ({
        first,
        second,
        ...comparePredictions(of(first), of(first), {
          groups: y.groups,
          random: random.fork(first).fork(second),
          forecasts: ["predicted", forecast],
        }),
      })),
    ),
  };
}

export interface CompareModelsOptions extends CrossValidateOptions {
  readonly splitter: Splitter;
  readonly run: RunContext;
}
