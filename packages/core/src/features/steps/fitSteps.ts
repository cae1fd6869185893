import type { FeatureMatrix } from "../../matrix/matrix.ts";
import type { FitContext } from "../featurizer.ts";
import type { RowNames } from "../nonFinite.ts";
import type { FeatureStep, FittedStep } from "./featureStep.ts";

/**
 * Fits steps one after the other, each to what those before make of the training rows.
 *
 * @returns the fitted steps, and the training rows as they leave the last one
 * @example
 * const { fitted, x: train } = await fitSteps([dropConstant(), scaleFeatures()], x, { random: createRandom(1) });
 * const test = applySteps(fitted, xTest);
 */
export async function fitSteps(
  steps: readonly FeatureStep[],
  x: FeatureMatrix,
  context: FitContext,
): Promise<{ readonly fitted: readonly FittedStep[]; readonly x: FeatureMatrix }> {
  const fitted: FittedStep[] = [];
  let features = x;
  for (const [k, step] of steps.entries()) {
    const own = await step.fit(features, { ...context, random: context.random.fork(`step ${k} ${step.name}`) });
    fitted.push(own);
    features = own.transform(features, context.rows);
  }
  return { fitted, x: features };
}

/** Features as they leave the last of the fitted steps. */
export function applySteps(fitted: readonly FittedStep[], x: FeatureMatrix, rows?: RowNames): FeatureMatrix {
  let features = x;
  for (const step of fitted) features = step.transform(features, rows);
  return features;
}
