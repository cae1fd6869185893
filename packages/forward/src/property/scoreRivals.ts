import type { FeatureMatrix, Json, RunContext, Table, TargetInfo } from "@materiome/core";
import type { TableEncoder } from "@materiome/core/features";
import type { ForwardModel } from "../learner/regressionModel.ts";
import type { Splitter } from "../validation/splitter.ts";
import { learnerByName, type ModelName, scorerByName } from "./learnerByName.ts";
import { type TargetMetrics, targetMetrics } from "./metrics.ts";
import { scoreTarget, type TargetRows } from "./scoreTarget.ts";

/** Another learner on the folds of the model, so that the two can be compared. */
export interface Rival {
  readonly target: string;
  readonly model: ModelName;
  readonly metrics: TargetMetrics;
  /** What it says about itself when it is fitted to all rows; a law is in it. */
  readonly report: Json;
}

/** Where and how the model was scored. */
export interface RivalRows {
  readonly target: TargetInfo;
  readonly rows: TargetRows;
  /** Encoded rows of the target. */
  readonly x: FeatureMatrix;
  readonly hasGaps: boolean;
  readonly splitter: Splitter;
  readonly repeats: number;
  readonly level: number;
  readonly fitFeatures: (rows: Table, run: RunContext) => Promise<TableEncoder>;
}

/** @param runs - of the scores, for the model's folds; @param finalRun - of the fit to all rows */
export async function scoreRival(
  model: ModelName,
  given: RivalRows,
  run: RunContext,
  finalRun: RunContext,
): Promise<Rival> {
  const { target, rows, x, hasGaps, splitter, repeats, level, fitFeatures } = given;
  const scorer = scorerByName(model, level, { hasGaps });
  const { validation } = await scoreTarget(rows, scorer, fitFeatures, {
    splitter,
    repeats,
    level,
    inputs: [],
    describe: false,
    run,
  });
  const fitted = (await learnerByName(model, level, { hasGaps }).fit(x, rows.targets, finalRun)) as ForwardModel; // learners by name are of this package
  return {
    target: target.name,
    model,
    metrics: targetMetrics(target.name, target.unit, validation.scores),
    report: fitted.report,
  };
}
