import { IncompatibleError } from "../errors/errors.ts";
import type { Table } from "../table/table.ts";
import type { Featurizer, FitContext } from "./featurizer.ts";
import { inputsOfEncoder } from "./learnInput.ts";
import { type FittedPipeline, PipelineEncoder } from "./pipelineEncoder.ts";
import type { FeatureStep } from "./steps/featureStep.ts";
import { fitSteps } from "./steps/fitSteps.ts";

export interface FeaturePipeline extends Featurizer<Table> {
  fit(table: Table, context: FitContext): Promise<FittedPipeline>;
}

/**
 * A featurizer of table rows followed by steps on its features: impute, transform, scale, select, … Every step is fitted to
 * what the steps before make of the rows given to `fit`, and frozen; every output names the table columns it came from.
 *
 * @param featurizer - what makes features of the columns; several by `concatFeaturizers`
 * @param steps - in the order they are applied
 * @throws errors of the featurizer and the steps from `fit`
 * @example
 * const pipeline = featurePipeline(tableFeaturizer({ targets: ["Hardness"] }), [
 *   imputeFeatures({ method: "median" }), dropConstant(), scaleFeatures(),
 * ]);
 * const encoder = await pipeline.fit(table, { random: createRandom(1) });
 * encoder.report;
 */
export function featurePipeline(featurizer: Featurizer<Table>, steps: readonly FeatureStep[]): FeaturePipeline {
  for (const step of steps) {
    if (typeof step?.fit === "function" && typeof step.name === "string") continue;
    throw new IncompatibleError(
      "featurePipeline: a step has no name and fit; give what scaleFeatures() and its like return",
    );
  }
  return {
    citations: [...new Set([...featurizer.citations, ...steps.flatMap((step) => step.citations)])],
    precheck: (table: Table) => featurizer.precheck(table),
    fit: async (table: Table, context: FitContext): Promise<FittedPipeline> => {
      const encoder = await featurizer.fit(table, context);
      const { fitted } = await fitSteps(steps, encoder.encode(table), { ...context, rows: table });
      return new PipelineEncoder(encoder, inputsOfEncoder(encoder, table), fitted);
    },
  };
}
