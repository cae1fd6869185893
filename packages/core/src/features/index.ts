export { type Expression, type ExpressionOptions, expression } from "../expressions/expression.ts";
export { concatFeaturizers } from "./concatFeaturizers.ts";
export type {
  CategoryEncoding,
  ElementColumnsOptions,
  EncodedInput,
  FormulaFeatures,
  TableEncoderOptions,
} from "./encodedInput.ts";
export { expressionFeaturizer, type NamedExpressions } from "./expressionFeaturizer.ts";
export { type FeaturePipeline, featurePipeline } from "./featurePipeline.ts";
export type { Encoder, EncoderReader, Featurizer, FitContext } from "./featurizer.ts";
export { type RefuseNonFiniteOptions, type RowNames, refuseNonFinite } from "./nonFinite.ts";
export type { FittedPipeline } from "./pipelineEncoder.ts";
export { readTableEncoder } from "./readTableEncoder.ts";
export { type DropConstantOptions, dropConstant } from "./steps/dropConstant.ts";
export { type DropCorrelatedOptions, dropCorrelated } from "./steps/dropCorrelated.ts";
export type { FeatureStep, FittedStep } from "./steps/featureStep.ts";
export { applySteps, fitSteps } from "./steps/fitSteps.ts";
export { type ImputeFeaturesOptions, type ImputeMethod, imputeFeatures, markMissing } from "./steps/imputeFeatures.ts";
export { type PolynomialFeaturesOptions, polynomialFeatures } from "./steps/polynomialFeatures.ts";
export {
  type FittedPrincipalComponents,
  type PrincipalComponentsOptions,
  type PrincipalComponentsStep,
  principalComponents,
} from "./steps/principalComponents.ts";
export { featureSteps, readFeatureSteps } from "./steps/readFeatureSteps.ts";
export { type ScaleFeaturesOptions, type ScaleMethod, scaleFeatures } from "./steps/scaleFeatures.ts";
export { type SelectRelevantOptions, selectRelevant } from "./steps/selectRelevant.ts";
export { type Transform, type TransformFeaturesOptions, transformFeatures } from "./steps/transformFeatures.ts";
export type { TableEncoder } from "./tableEncoder.ts";
export { type TableFeaturizer, type TableFeaturizerOptions, tableFeaturizer } from "./tableFeaturizer.ts";
