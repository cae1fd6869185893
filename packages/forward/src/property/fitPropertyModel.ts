import {
  deriveGroups,
  type RegressionModel,
  type RunContext,
  selectColumns,
  type Table,
  takeRows,
  takeTableRows,
} from "@materiome/core";
import { fitDomain } from "./domain.ts";
import { learnerByName } from "./learnerByName.ts";
import { createPropertyModel, type PropertyModel } from "./propertyModel.ts";
import { rowsOf, targetsIn, targetsOf } from "./propertyTargets.ts";
import { refuseMissing } from "./refuseMissing.ts";
import { withTargetNoise } from "./targetNoise.ts";
import { featureFitter, inputNames, measuredRows, trainingColumns } from "./trainingTable.ts";
import type { TrainPropertyModelOptions } from "./trainPropertyModel.ts";

/**
 * Fits a property model as `trainPropertyModel` does, without saying how good it is: for parts of a table, where something else
 * scores them.
 *
 * @throws DataError as `trainPropertyModel`
 */
export async function fitPropertyModel(
  table: Table,
  options: TrainPropertyModelOptions,
  run: RunContext,
): Promise<PropertyModel> {
  const { model: name = "auto", level = 0.9, trials, criterion } = options;
  const targets = targetsOf(table, options.targets);
  const kept = takeTableRows(table, measuredRows(table, targets).rows);
  const { inputs } = inputNames(table, kept, targets, options);
  const grouping = deriveGroups(kept, { columns: options.groups });
  const names = targets.map((target) => target.name);
  const fitFeatures = featureFitter(inputs, names, options, (rows) => targetsIn(rows, targets));
  const encoder = await fitFeatures(kept, { ...run, random: run.random.fork("features") });
  const x = encoder.encode(kept);
  const learner =
    options.learner ?? learnerByName(name, level, { hasGaps: x.data.some(Number.isNaN), trials, criterion });
  if (!learner.supports.has("missing")) refuseMissing(kept, x);
  const models: RegressionModel[] = [];
  for (const target of targets) {
    const { rows, targets: values } = withTargetNoise(kept, target, rowsOf(kept, target, grouping), learner);
    models.push(
      await learner.fit(takeRows(x, rows), values, { ...run, random: run.random.fork(target.name).fork("final") }),
    );
  }
  return createPropertyModel({
    encoder,
    targets,
    models,
    training: selectColumns(kept, trainingColumns(kept, inputs, targets, grouping)),
    domain: fitDomain(x, grouping.codes),
  });
}
