import { chooseByFolds, modelOfChoice } from "../learner/chooseByFolds.ts";
import { optionCheck } from "../learner/classifier.ts";
import { innerFolds } from "../learner/heldOutByFolds.ts";
import { checkFoldsAndLevel, createRegressor, type ForwardLearner } from "../learner/regressor.ts";
import { huberPath } from "./huberPath.ts";
import { describeFeatures } from "./linearPredictor.ts";

export interface HuberOptions {
  /** Residuals beyond this many scales count linearly, not by their square; at least 1. @defaultValue 1.35 */
  readonly delta?: number | undefined;
  /**
   * Penalty on the squares of the coefficients, for standardised features and target; `auto`: of 10⁻⁶ … 10³ times the number of
   * rows the one with the least absolute error on inner folds. @defaultValue "auto"
   */
  readonly alpha?: number | "auto" | undefined;
  /** Inner folds; fewer where there are fewer rows or groups. @defaultValue 5 */
  readonly folds?: number | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

const WHO = "Huber regression";
/** Multiples of the number of rows tried for α, falling: the simpler first. */
const ALPHAS = [1e3, 1e2, 10, 1, 0.1, 1e-2, 1e-4, 1e-6];

/**
 * Linear regression that outliers of the target do not pull away: minimises n σ + Σ H(r / σ) σ + α Σ w², with Huber's H (square
 * near 0, linear beyond δ) and the scale σ of the noise found together with the coefficients, so that δ needs no units.
 * 1.35 keeps 95 % of the efficiency of least squares under Gaussian noise.
 *
 * Outliers among the features are not met: leverage points still pull. Intervals speak of new measurements, outliers
 * included. α is chosen by inner folds (whole groups). Missing values and weights are refused.
 *
 * @throws DomainError for options outside their range, or missing inputs; `fit` throws DataError for fewer than 3 rows or
 * groups where something is to be chosen, ConvergenceError if the minimum is not found
 * @see Huber & Ronchetti, Robust Statistics (2009), section 7.7, doi:10.1002/9780470434697
 * @example
 * const model = await createHuber().fit(x, y, { random: createRandom(1) });
 * console.log(model.report); // { alpha, scale, nBeyond, mae, features: [{ feature, slope, effect }, …] }
 */
export function createHuber(options: HuberOptions = {}): ForwardLearner {
  const { delta = 1.35, alpha = "auto", folds = 5, level = 0.9 } = options;
  const check = optionCheck("createHuber");
  check("delta", delta, delta >= 1 && Number.isFinite(delta), "at least 1");
  check("alpha", alpha, alpha === "auto" || (alpha >= 0 && Number.isFinite(alpha)), '"auto" or at least 0');
  checkFoldsAndLevel(check, folds, level);
  return createRegressor({
    name: WHO,
    type: "materiome/huber-learner",
    module: import.meta.url,
    settings: { delta, alpha, folds, level },
    fit(settings, rows, run) {
      const { alpha } = settings;
      const penaltiesOf = (n: number): readonly number[] => (alpha === "auto" ? ALPHAS.map((a) => a * n) : [alpha]);
      const choice = chooseByFolds(
        rows,
        innerFolds(rows, settings.folds, run.random.fork("inner split")),
        ({ x, y }) => huberPath(WHO, x, y, settings.delta, penaltiesOf(x.rows), run.signal),
        { name: WHO, nCandidates: alpha === "auto" ? ALPHAS.length : 1, loss: Math.abs, signal: run.signal },
      );
      const { candidate, path, losses } = choice;
      return modelOfChoice(rows, choice, settings.level, {
        alpha: penaltiesOf(rows.x.rows)[candidate] as number, // one per candidate
        scale: path.scale(candidate),
        nBeyond: path.nBeyond(candidate),
        mae: losses[candidate] as number,
        features: describeFeatures(path.fit(candidate), rows.x.features),
      });
    },
  });
}
