import type { FeatureMatrix, LearnerCapability, RunContext, Targets } from "@materiome/core";
import { checkTraining } from "../learner/checkTraining.ts";
import { optionCheck } from "../learner/classifier.ts";
import type { ForwardModel } from "../learner/regressionModel.ts";
import type { ForwardLearner } from "../learner/regressor.ts";
import { storedSettings } from "../learner/storedSettings.ts";
import { fitNets } from "./fitNets.ts";
import { type MlpSettings, type NetRegressionOptions, resolveNet } from "./mlpSettings.ts";
import { DENSE } from "./trainNet.ts";

export type MlpOptions = NetRegressionOptions;

/**
 * A fully connected net (multi-layer perceptron) for tables of some 30 to 10 000 rows, in double precision and without a
 * graphics card: features scaled by median and quartiles and drawn within ± 3, times a learnt factor each; hidden layers; Adam with
 * decoupled weight decay; the weights of the epoch that predicts some held-back groups best.
 *
 * Intervals come from predictions of each row by nets that did not see its group (`folds` further nets are trained for these);
 * `createMlpEnsemble` puts such nets to use and predicts better. One target, takes weights, refuses missing values. The report
 * holds the learning curves.
 *
 * @throws DomainError for options outside their range; `fit` throws DataError for fewer than 3 rows or groups, ConvergenceError
 * where the loss stops being a number
 * @see Holzmüller, Grinsztajn & Steinwart, NeurIPS 37 (2024), arXiv:2407.04491 (scaling, factors of the inputs); Loshchilov & Hutter,
 * ICLR (2019), arXiv:1711.05101 (weight decay); Seitzer et al., ICLR (2022), arXiv:2203.09168 (β-NLL)
 * @example
 * const model = await createMlp({ hidden: [64, 64] }).fit(x, y, { random: createRandom(1) });
 * const { mean, lower, upper } = await model.predict(x);
 */
export function createMlp(options: MlpOptions = {}): ForwardLearner {
  const settings = resolveNet(optionCheck("createMlp"), options);
  return netLearner("mlp", "materiome/mlp-learner", import.meta.url, settings, undefined);
}

/** A learner of one target by one net, or by the mean of several. */
export function netLearner(
  name: string,
  type: string,
  module: string,
  settings: MlpSettings,
  nMembers: number | undefined,
): ForwardLearner {
  const supports: ReadonlySet<LearnerCapability> = new Set(["weights"]);
  return {
    supports,
    module,
    async fit(x: FeatureMatrix, y: Targets, run: RunContext): Promise<ForwardModel> {
      run.signal?.throwIfAborted();
      const rows = checkTraining(name, x, y, false);
      const target = { values: rows.y, units: [rows.unit] };
      const [model] = await fitNets(name, rows, target, settings, nMembers, run, DENSE);
      return model as ForwardModel; // one target
    },
    toJSON: () => ({
      type,
      version: 1,
      params: storedSettings({ ...settings, hidden: [...settings.hidden], nMembers }),
      state: null,
    }),
  };
}
