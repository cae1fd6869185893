import { chooseByFolds, modelOfChoice } from "../learner/chooseByFolds.ts";
import { optionCheck } from "../learner/classifier.ts";
import { innerFolds } from "../learner/heldOutByFolds.ts";
import { checkFoldsAndLevel, createRegressor, type ForwardLearner } from "../learner/regressor.ts";
import { describeFeatures } from "./linearPredictor.ts";
import { partialLeastSquaresPath } from "./partialLeastSquaresPath.ts";

export interface PartialLeastSquaresOptions {
  /** Number of components; `auto`: the one with the least error on inner folds, 0 (the mean) included. @defaultValue "auto" */
  readonly components?: number | "auto" | undefined;
  /** Most that `auto` tries. @defaultValue 15 */
  readonly maxComponents?: number | undefined;
  /** Inner folds; fewer where there are fewer rows or groups. @defaultValue 5 */
  readonly folds?: number | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

const WHO = "partial least squares";

/**
 * Partial least squares of one target: regression on a few directions of the standardised features, each the one with the
 * largest covariance with what is left of the target. For features that go together: spectra, sums of elements, many
 * descriptors of one composition.
 *
 * The number of components is chosen by inner folds (whole groups), and each fold is predicted by what the others chose.
 * Rows that determine fewer components than asked for get as many as they determine. Refuses missing values and weights.
 *
 * @throws DomainError for options outside their range, or missing inputs; `fit` throws DataError for fewer than 3 rows or
 * groups where something is to be chosen
 * @see Wold, Sjöström & Eriksson, Chemom. Intell. Lab. Syst. 58, 109 (2001), doi:10.1016/S0169-7439(01)00155-1
 * @example
 * const model = await createPartialLeastSquares().fit(x, y, { random: createRandom(1) });
 * console.log(model.report); // { components, rmse, features: [{ feature, slope, effect }, …] }
 */
export function createPartialLeastSquares(options: PartialLeastSquaresOptions = {}): ForwardLearner {
  const { components = "auto", maxComponents = 15, folds = 5, level = 0.9 } = options;
  const check = optionCheck("createPartialLeastSquares");
  const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 1;
  check(
    "components",
    components,
    components === "auto" || isCount(components),
    '"auto" or a whole number of at least 1',
  );
  check("maxComponents", maxComponents, isCount(maxComponents), "a whole number of at least 1");
  checkFoldsAndLevel(check, folds, level);
  return createRegressor({
    name: WHO,
    type: "materiome/partial-least-squares-learner",
    module: import.meta.url,
    settings: { components, maxComponents, folds, level },
    fit(settings, rows, run) {
      const most = Math.min(settings.maxComponents, rows.x.columns, rows.x.rows - 1);
      const counts =
        settings.components === "auto" ? Array.from({ length: most + 1 }, (_, k) => k) : [settings.components];
      const choice = chooseByFolds(
        rows,
        innerFolds(rows, settings.folds, run.random.fork("inner split")),
        ({ x, y }) => partialLeastSquaresPath(x, y, counts),
        { name: WHO, nCandidates: counts.length, signal: run.signal },
      );
      const { candidate, path, losses } = choice;
      return modelOfChoice(rows, choice, settings.level, {
        components: path.components(candidate),
        rmse: Math.sqrt(losses[candidate] as number), // one per candidate
        features: describeFeatures(path.fit(candidate), rows.x.features),
      });
    },
  });
}
