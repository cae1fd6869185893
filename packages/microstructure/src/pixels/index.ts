export { type AverageSegmentersOptions, averageSegmenters, type SegmenterAverage } from "./averageSegmenters.ts";
export { type BoundaryRegionsOptions, boundaryRegions } from "./boundaryRegions.ts";
export type { ChannelKind, GreyStatistics } from "./channelPlanes.ts";
export { type ClassifiedInstances, classifyInstances } from "./classifyInstances.ts";
export { type ClassifyPixelsOptions, classifyPixels } from "./classifyPixels.ts";
export { createFeatureBank, type FeatureBank, type FeatureBankOptions, type StepShape } from "./featureBank.ts";
export type { Region } from "./featureWindow.ts";
export type { OtherColour } from "./imageForClassifier.ts";
export { imageStatistics } from "./imageStatistics.ts";
export type { InstanceOutputs, InstanceRule } from "./instanceRule.ts";
export { type LabelPixelsOptions, labelPixels } from "./labelPixels.ts";
export type { MicrographSegmenter } from "./micrographSegmenter.ts";
export type { LineShape } from "./orientedFeatures.ts";
export type { PixelClassifier } from "./pixelClassifier.ts";
export { readMicrographSegmenter } from "./readMicrographSegmenter.ts";
export { readPixelClassifier } from "./readPixelClassifier.ts";
export { resampleRaster } from "./resampleRaster.ts";
export type { SegmenterViews } from "./segmenterTiles.ts";
export { type LabelSuggestion, type SuggestLabelsOptions, suggestLabels } from "./suggestLabels.ts";
export {
  createTrainedSegmenter,
  type PlaneRange,
  type TrainedSegmenter,
  type TrainedSegmenterOptions,
} from "./trainedSegmenter.ts";
export {
  type AutoContextOptions,
  type PixelTraining,
  type TrainingImage,
  type TrainPixelClassifierOptions,
  trainPixelClassifier,
} from "./trainPixelClassifier.ts";
export { type UncertaintyMapOptions, uncertaintyMap } from "./uncertaintyMap.ts";
