export type { BoundaryPolarity } from "./chooseRidgeScale.ts";
export { type GreyHistogram, type GreyHistogramOptions, greyHistogram } from "./greyHistogram.ts";
export type { GreyOrHistogram } from "./histogramThreshold.ts";
export { hysteresisThreshold } from "./hysteresisThreshold.ts";
export { isodataThreshold } from "./isodataThreshold.ts";
export { liThreshold } from "./liThreshold.ts";
export { type LocalThresholdMethod, type LocalThresholdOptions, localThreshold } from "./localThreshold.ts";
export { type MultiOtsuOptions, multiOtsuThresholds } from "./multiOtsuThresholds.ts";
export { otsuThreshold } from "./otsuThreshold.ts";
export {
  type GrainSegmentation,
  type SegmentGrainsDiagnostics,
  type SegmentGrainsOptions,
  segmentGrains,
} from "./segmentGrains.ts";
export {
  type GlobalThresholdMethod,
  type ThresholdedImage,
  type ThresholdImageOptions,
  type ThresholdMethod,
  thresholdImage,
} from "./thresholdImage.ts";
export { triangleThreshold } from "./triangleThreshold.ts";
export { yenThreshold } from "./yenThreshold.ts";
