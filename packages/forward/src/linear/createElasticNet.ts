import { type ChoiceRule, chooseByFolds, modelOfChoice } from "../learner/chooseByFolds.ts";
import { optionCheck } from "../learner/classifier.ts";
import { innerFolds } from "../learner/heldOutByFolds.ts";
import { checkFoldsAndLevel, createRegressor, type ForwardLearner } from "../learner/regressor.ts";
import { AUTO_LENGTH, elasticNetPath } from "./elasticNetPath.ts";
import { describeFeatures } from "./linearPredictor.ts";

export interface ElasticNetOptions {
  /**
   * Strength of the penalty, for standardised features and target; `auto` or a list: the one with the least error on inner
   * folds. `auto` tries 45 from that which leaves no feature down to 10⁻³ of it. @defaultValue "auto"
   */
  readonly lambda?: number | readonly number[] | "auto" | undefined;
  /** Share of the absolute values in the penalty, above 0; 1 is the lasso. Of a list, folds choose. @defaultValue [0.1, 0.5, 0.9, 1] */
  readonly l1Ratio?: number | readonly number[] | undefined;
  /**
   * `least`: least mean squared error on the inner folds; `oneStandardError`: the strongest penalty within one standard
   * error of it, for fewer features. @defaultValue "least"
   */
  readonly rule?: ChoiceRule | undefined;
  /** Inner folds; fewer where there are fewer rows or groups. @defaultValue 5 */
  readonly folds?: number | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

const WHO = "elastic net";

const listed = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);
const isPenalty = (value: unknown): boolean => typeof value === "number" && value >= 0 && Number.isFinite(value);
const isRatio = (value: unknown): boolean => typeof value === "number" && value > 0 && value <= 1;
/** Some values, each allowed. */
const areAll = (value: unknown, isAllowed: (one: unknown) => boolean): boolean =>
  listed(value).length > 0 && listed(value).every(isAllowed);

/**
 * Elastic net, with `l1Ratio` 1 the lasso: minimises (1 / 2n) Σ (y − b − z·w)² + λ (l1Ratio Σ |w| + ½ (1 − l1Ratio) Σ w²) for
 * standardised features z and target y. Coefficients that do not pay are exactly 0; `model.report` lists those that are not.
 *
 * Feature-sign search along a path of falling λ, each solution exact to rounding, so that features which nearly repeat each other, as
 * those computed from one composition do, are no trouble. Of features that are there twice all get the same, but with the lasso one may
 * have it all. λ and `l1Ratio` are chosen by inner folds (whole groups), and each fold is predicted by what the others chose, so the
 * held-out error includes the choice. Refuses missing values and weights.
 *
 * @throws DomainError for options outside their range, or missing inputs; `fit` throws DataError for fewer than 3 rows or
 * groups where something is to be chosen
 * @see Zou & Hastie, J. R. Stat. Soc. B 67, 301 (2005), doi:10.1111/j.1467-9868.2005.00503.x; path: Friedman, Hastie &
 * Tibshirani, J. Stat. Softw. 33, 1 (2010), doi:10.18637/jss.v033.i01; search: Lee, Battle, Raina & Ng, NeurIPS 19, 801 (2006)
 * @example
 * const model = await createElasticNet({ l1Ratio: 1, rule: "oneStandardError" }).fit(x, y, { random: createRandom(1) });
 * console.log(model.report); // { lambda, l1Ratio, features: [{ feature, slope, effect }, …], … }
 */
export function createElasticNet(options: ElasticNetOptions = {}): ForwardLearner {
  const { lambda = "auto", l1Ratio = [0.1, 0.5, 0.9, 1], rule = "least", folds = 5, level = 0.9 } = options;
  const check = optionCheck("createElasticNet");
  check("lambda", lambda, lambda === "auto" || areAll(lambda, isPenalty), '"auto" or numbers of at least 0');
  check("l1Ratio", l1Ratio, areAll(l1Ratio, isRatio), "above 0 and at most 1");
  check("rule", rule, rule === "least" || rule === "oneStandardError", '"least" or "oneStandardError"');
  checkFoldsAndLevel(check, folds, level);
  return createRegressor({
    name: WHO,
    type: "materiome/elastic-net-learner",
    module: import.meta.url,
    settings: {
      lambda: lambda === "auto" ? lambda : [...listed(lambda)].sort((a, b) => b - a),
      l1Ratio: [...listed(l1Ratio)],
      rule,
      folds,
      level,
    },
    fit(settings, rows, run) {
      const ratios = settings.l1Ratio;
      const penalties = settings.lambda;
      const blockSize = penalties === "auto" ? AUTO_LENGTH : penalties.length;
      const choice = chooseByFolds(
        rows,
        innerFolds(rows, settings.folds, run.random.fork("inner split")),
        ({ x, y }) => elasticNetPath(x, y, ratios, penalties),
        { name: WHO, nCandidates: ratios.length * blockSize, blockSize, rule: settings.rule, signal: run.signal },
      );
      const { candidate, path, losses } = choice;
      return modelOfChoice(rows, choice, settings.level, {
        lambda: path.lambdas[candidate] as number, // one per candidate
        l1Ratio: ratios[Math.floor(candidate / blockSize)] as number,
        rule: settings.rule,
        rmse: Math.sqrt(losses[candidate] as number),
        features: describeFeatures(path.fit(candidate), rows.x.features),
      });
    },
  });
}
