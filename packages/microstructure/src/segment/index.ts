export { blackTopHat } from "./blackTopHat.ts";
export type { SegmentationMethod } from "./chooseMethod.ts";
export type { BoundaryPolarity } from "./chooseRidgeScale.ts";
export { type ClosedGaps, type CloseGapsOptions, closeGaps, type GapLink } from "./closeGaps.ts";
export { closing } from "./closing.ts";
export { convexHullImage } from "./convexHullImage.ts";
export { dilate } from "./dilate.ts";
export { type DistanceTransform, type DistanceTransformOptions, distanceTransform } from "./distanceTransform.ts";
export { erode } from "./erode.ts";
export { fillHoles } from "./fillHoles.ts";
export { type FindTwinsOptions, findTwins, type Twin } from "./findTwins.ts";
export { type GreyHistogram, type GreyHistogramOptions, greyHistogram } from "./greyHistogram.ts";
export type { GreyOrHistogram } from "./histogramThreshold.ts";
export { hysteresisThreshold } from "./hysteresisThreshold.ts";
export { isodataThreshold } from "./isodataThreshold.ts";
export {
  type LayerLengths,
  type LayerMeasurement,
  type LayerThicknessOptions,
  layerThickness,
} from "./layerThickness.ts";
export { liThreshold } from "./liThreshold.ts";
export { type LocalMaxima, localMaxima } from "./localMaxima.ts";
export type { LocalMaximaOptions } from "./localMaximaBands.ts";
export { type LocalThresholdMethod, type LocalThresholdOptions, localThreshold } from "./localThreshold.ts";
export { type MarkerWatershedOptions, markerWatershed } from "./markerWatershed.ts";
export type { ImageCharacter } from "./measureCharacter.ts";
export { type Crack, type CrackMeasurement, type MeasureCracksOptions, measureCracks } from "./measureCracks.ts";
export { type MergeByBoundaryOptions, type MergedRegions, mergeByBoundary } from "./mergeByBoundary.ts";
export { type MergedTwins, mergeTwins } from "./mergeTwins.ts";
export { morphologicalGradient } from "./morphologicalGradient.ts";
export type { MorphologyData } from "./morphologyFilter.ts";
export { type MultiOtsuOptions, multiOtsuThresholds } from "./multiOtsuThresholds.ts";
export { opening } from "./opening.ts";
export { otsuThreshold } from "./otsuThreshold.ts";
export type { ParticleSizeOptions } from "./particleLabels.ts";
export { pruneSpurs } from "./pruneSpurs.ts";
export { reconstructByDilation, reconstructByErosion } from "./reconstructByDilation.ts";
export type { ReconstructOptions } from "./reconstructByDilationBands.ts";
export { type RegionBorder, regionAdjacency } from "./regionAdjacency.ts";
export { hMaxima, hMinima, regionalMaxima, regionalMinima } from "./regionalMaxima.ts";
export { clearBorder, removeSmallHoles, removeSmallObjects } from "./removeSmall.ts";
export {
  type ColourGrainSegmentation,
  type SegmentColourGrainsOptions,
  segmentColourGrains,
} from "./segmentColourGrains.ts";
export { type ContrastGrainSegmentation, segmentContrastGrains } from "./segmentContrastGrains.ts";
export {
  type GrainSegmentation,
  type SegmentGrainsDiagnostics,
  type SegmentGrainsOptions,
  segmentGrains,
} from "./segmentGrains.ts";
export { type LayerSegmentation, type SegmentLayersOptions, segmentLayers } from "./segmentLayers.ts";
export {
  type MicrographImage,
  type MicrographSegmentation,
  type SegmentMicrographOptions,
  segmentMicrograph,
} from "./segmentMicrograph.ts";
export { type ParticleSegmentation, type SegmentParticlesOptions, segmentParticles } from "./segmentParticles.ts";
export { type PoreSegmentation, type SegmentPoresOptions, segmentPores } from "./segmentPores.ts";
export { skeletonize } from "./skeletonize.ts";
export { type SlicOptions, type Superpixels, slicSuperpixels } from "./slicSuperpixels.ts";
export { elementMask, type StructuringElement } from "./structuringElement.ts";
export {
  type GlobalThresholdMethod,
  type ThresholdedImage,
  type ThresholdImageOptions,
  type ThresholdMethod,
  thresholdImage,
} from "./thresholdImage.ts";
export { triangleThreshold } from "./triangleThreshold.ts";
export { whiteTopHat } from "./whiteTopHat.ts";
export { yenThreshold } from "./yenThreshold.ts";
