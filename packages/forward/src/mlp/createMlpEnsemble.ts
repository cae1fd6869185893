import { type CheckOption, optionCheck } from "../learner/classifier.ts";
import type { ForwardLearner } from "../learner/regressor.ts";
import { netLearner } from "./createMlp.ts";
import { type NetRegressionOptions, resolveNet } from "./mlpSettings.ts";

export interface MlpEnsembleOptions extends NetRegressionOptions {
  /** Nets, at least as many as folds. @defaultValue 10 */
  readonly nMembers?: number | undefined;
}

/**
 * The mean of several fully connected nets as of `createMlp`, from different weights and orders of the rows, each without one fold of
 * the rows (whole groups) in turn.
 *
 * The variance is the mean of the nets' variances (`noise: "heteroscedastic"`) plus the variance of their means. Intervals come from
 * the predictions of each row by the nets that did not see its group. One target, takes weights, refuses missing values.
 *
 * @throws DomainError for options outside their range; `fit` as that of `createMlp`
 * @see Lakshminarayanan, Pritzel & Blundell, NIPS 30 (2017), arXiv:1612.01474
 * @example
 * const model = await createMlpEnsemble().fit(x, y, { random: createRandom(1) });
 * const { mean, std } = await model.predict(x);
 */
export function createMlpEnsemble(options: MlpEnsembleOptions = {}): ForwardLearner {
  const check = optionCheck("createMlpEnsemble");
  const settings = resolveNet(check, options);
  const nMembers = resolveMembers(check, options.nMembers, settings.folds);
  return netLearner("mlp ensemble", "materiome/mlp-ensemble-learner", import.meta.url, settings, nMembers);
}

export function resolveMembers(check: CheckOption, nMembers = 10, folds: number): number {
  const isEnough = Number.isInteger(nMembers) && nMembers >= folds;
  check("nMembers", nMembers, isEnough, `a whole number of at least the ${folds} folds`);
  return nMembers;
}
