export { type BoundaryF1Options, type BoundaryScore, boundaryF1 } from "./boundaryF1.ts";
export { type ClassScore, type ClassScores, classScores } from "./classScores.ts";
export { type CompareLabellingsOptions, compareLabellings, type LabellingComparison } from "./compareLabellings.ts";
export { type ConfusionOverlayOptions, renderConfusionPng } from "./confusionOverlay.ts";
export { type GrainSizeDifference, grainSizeDifference } from "./grainSizeDifference.ts";
export { type OperatorRepeatability, operatorRepeatability } from "./operatorRepeatability.ts";
export {
  type AdaptedRandError,
  adaptedRandError,
  type PartitionOptions,
  type VariationOfInformation,
  variationOfInformation,
} from "./partitionScores.ts";
export {
  type AveragePrecision,
  type AveragePrecisionOptions,
  averagePrecision,
  type PanopticQuality,
  panopticQuality,
} from "./regionMatching.ts";
export { shiftLabels } from "./shiftLabels.ts";
