import {
  DomainError,
  type FeatureMatrix,
  type Learner,
  type LearnerCapability,
  type RunContext,
  ShapeError,
  type Targets,
} from "@materiome/core";
import { checkRows } from "../learner/checkTraining.ts";
import { optionCheck } from "../learner/classifier.ts";
import { storedSettings } from "../learner/storedSettings.ts";
import { type StackedTargetsModel, stackedTargetsModel } from "../tasks/createStackedTargets.ts";
import { type MlpEnsembleOptions, resolveMembers } from "./createMlpEnsemble.ts";
import { fitNets } from "./fitNets.ts";
import { resolveNet } from "./mlpSettings.ts";
import { DENSE } from "./trainNet.ts";

export type MlpMultiTask = Learner<FeatureMatrix, Targets, StackedTargetsModel>;

const WHO = "mlp multi-task";

/**
 * Several targets by an ensemble of nets with one trunk: all hidden layers are shared, each target has outputs of its own. A
 * target may be missing (NaN) in a row, which then teaches the trunk by its other targets alone. Each target counts as much as the
 * others, standardised.
 *
 * The model holds one model for each target that works alone, with its own held-out predictions and intervals.
 *
 * @throws DomainError for options outside their range; `fit` throws ShapeError for no target or other units than targets, DataError
 * for a target measured too rarely, and else as that of `createMlp`
 * @see Caruana, Mach. Learn. 28, 41 (1997), doi:10.1023/A:1007379606734
 * @example
 * const model = await createMlpMultiTask().fit(x, y, { random: createRandom(1) }); // y.values has a column for each target
 * const { mean } = await model.predict(x); // [nSamples, nTargets]
 */
export function createMlpMultiTask(options: MlpEnsembleOptions = {}): MlpMultiTask {
  const check = optionCheck("createMlpMultiTask");
  const settings = resolveNet(check, options);
  const nMembers = resolveMembers(check, options.nMembers, settings.folds);
  const supports: ReadonlySet<LearnerCapability> = new Set<LearnerCapability>(["multiTarget", "weights"]);
  return {
    supports,
    module: import.meta.url,
    async fit(x: FeatureMatrix, y: Targets, run: RunContext): Promise<StackedTargetsModel> {
      run.signal?.throwIfAborted();
      const { values, units } = y;
      if (values.columns === 0 || units.length !== values.columns) {
        throw new ShapeError(
          `${WHO}: ${values.columns} targets and ${units.length} units; give one for each, at least one`,
        );
      }
      const at = values.data.findIndex((value) => !Number.isFinite(value) && !Number.isNaN(value));
      if (at >= 0) {
        throw new DomainError(
          `${WHO}: target ${at % values.columns} of row ${Math.floor(at / values.columns)} is ${values.data[at]}; expected a number, or NaN where it was not measured`,
        );
      }
      const rows = checkRows(WHO, x, y, values.rows, false);
      const models = await fitNets(WHO, rows, { values: values.data, units }, settings, nMembers, run, DENSE);
      return stackedTargetsModel(x.features, models, models[0]?.report ?? null);
    },
    toJSON: () => ({
      type: "materiome/mlp-multi-task-learner",
      version: 1,
      params: storedSettings({ ...settings, hidden: [...settings.hidden], nMembers }),
      state: null,
    }),
  };
}
