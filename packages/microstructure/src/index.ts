export {
  type DigitizeBatchOptions,
  type DigitizeSummary,
  digitizeBatch,
  type SkippedImage,
} from "./digitize/digitizeBatch.ts";
export { type DigitizeImageOptions, digitizeImage, digitizeLabels } from "./digitize/digitizeImage.ts";
export type { DigitizedFiles, DigitizeMethod, ImageSummary } from "./digitize/imageSummary.ts";
export { summaryCsv } from "./digitize/summaryCsv.ts";
export type { Calibration } from "./image/calibration.ts";
export { type LabelImage, readLabelImage } from "./image/readLabelImage.ts";
export { type Micrograph, type ReadMicrographOptions, readMicrograph } from "./image/readMicrograph.ts";
export { type WriteLabelTiffOptions, writeLabelTiff } from "./image/writeLabelTiff.ts";
export { type OverlayOptions, renderOverlayPng, writeOverlayPng } from "./image/writeOverlayPng.ts";
export { absorbBoundaries } from "./measure/absorbBoundaries.ts";
export { type BoundaryScore, boundaryF1 } from "./measure/boundaryF1.ts";
export { boundaryMask } from "./measure/boundaryMask.ts";
export { grainSizeFromCount, grainSizeFromIntercept } from "./measure/grainSizeNumber.ts";
export { grainTableCsv } from "./measure/grainTableCsv.ts";
export {
  type DirectionalIntercept,
  type InterceptGrainSize,
  type InterceptGrainSizeOptions,
  interceptGrainSize,
} from "./measure/interceptGrainSize.ts";
export {
  type CalibratedField,
  type DiameterStatistics,
  type FieldMeasurement,
  type MeasuredField,
  type MeasureFieldOptions,
  measureField,
  type PhaseFraction,
  type UncalibratedField,
} from "./measure/measureField.ts";
export {
  type PlanimetricGrainSize,
  type PlanimetricGrainSizeOptions,
  planimetricGrainSize,
} from "./measure/planimetricGrainSize.ts";
export { type PooledSpecimen, poolFields, type SpecimenField } from "./measure/poolFields.ts";
export { type Region, regionTable } from "./measure/regionTable.ts";
export { type SizeDistribution, sizeDistribution } from "./measure/sizeDistribution.ts";
export { type CameraNoise, NOISE_LEVELS, type NoiseLevel } from "./render/noiseLevels.ts";
export { type RenderMicrographOptions, renderMicrograph } from "./render/renderMicrograph.ts";
export { type VoronoiGrainsOptions, voronoiGrains } from "./render/voronoiGrains.ts";
export { writeMicrographPng } from "./render/writeMicrographPng.ts";
export type { BoundaryPolarity } from "./segment/chooseRidgeScale.ts";
export {
  type GrainSegmentation,
  type SegmentGrainsDiagnostics,
  type SegmentGrainsOptions,
  segmentGrains,
} from "./segment/segmentGrains.ts";
export { type AnnealKinetics, monteCarloSteps } from "./simulate/annealKinetics.ts";
export { type GrainStructure, type GrowStartOptions, growStart } from "./simulate/grainStructure.ts";
export { type MagnifyLabelsOptions, magnifyLabels } from "./simulate/magnifyLabels.ts";
export {
  type AnnealedStructure,
  type SimulateAnnealOptions,
  type SimulateAnnealSeriesOptions,
  simulateAnneal,
  simulateAnnealSeries,
} from "./simulate/simulateAnneal.ts";
