export { EXPORT_FORMATS, type ExportFormat } from "./annotations/exportRegions.ts";
export {
  type ClassifiedBatch,
  type ClassifiedFiles,
  type ClassifiedImage,
  type ClassifyBatchOptions,
  classifyBatch,
} from "./digitize/classifyBatch.ts";
export {
  type DigitizeBatchOptions,
  type DigitizeSummary,
  digitizeBatch,
  type SkippedImage,
} from "./digitize/digitizeBatch.ts";
export { type DigitizedByModel, digitizeByModel } from "./digitize/digitizeByModel.ts";
export {
  type DigitizedImage,
  type DigitizeImageOptions,
  digitizeImage,
  digitizeLabels,
} from "./digitize/digitizeImage.ts";
export {
  type DigitizedFiles,
  type GrainImage,
  type ImageRecord,
  type ImageSummary,
  isGrainImage,
} from "./digitize/imageSummary.ts";
export { summaryCsv } from "./digitize/summaryCsv.ts";
export type { Calibration, CalibrationSource } from "./image/calibration.ts";
export { type ClassOverlayOptions, classColour, renderClassOverlayPng } from "./image/classOverlay.ts";
export { type DataBar, findDataBar } from "./image/dataBar.ts";
export { mixedPixelSizes } from "./image/mixedPixelSizes.ts";
export { type LabelImage, type ReadLabelImageOptions, readLabelImage } from "./image/readLabelImage.ts";
export {
  type Micrograph,
  type ReadMicrographOptions,
  readMicrograph,
  readMicrographPages,
} from "./image/readMicrograph.ts";
export { type MeasureScaleBarOptions, measureScaleBar, type ScaleBar } from "./image/scaleBar.ts";
export { thumbnailJpeg } from "./image/thumbnailJpeg.ts";
export { encodeFloatTiff, type WriteFloatTiffOptions, writeFloatTiff } from "./image/writeFloatTiff.ts";
export { type WriteLabelTiffOptions, writeLabelTiff } from "./image/writeLabelTiff.ts";
export { writeMicrographPng } from "./image/writeMicrographPng.ts";
export { type OverlayOptions, renderOverlayPng, writeOverlayPng } from "./image/writeOverlayPng.ts";
export type { ImageMeasurement } from "./measure/imageMeasurement.ts";
export {
  type CalibratedField,
  type FieldMeasurement,
  type MeasuredField,
  type MeasureFieldOptions,
  measureField,
  type PhaseFraction,
  type PhaseMap,
  type UncalibratedField,
} from "./measure/measureField.ts";
export {
  type LayerSummary,
  type LayersMeasurement,
  type MeasuredLayers,
  measureLayers,
} from "./measure/measureLayers.ts";
export {
  type CalibratedSecondPhase,
  type MeasuredSecondPhase,
  type MeasureSecondPhaseOptions,
  measureSecondPhase,
  type SecondPhaseMeasurement,
  type UncalibratedSecondPhase,
} from "./measure/measureSecondPhase.ts";
export { type PooledSpecimen, poolFields, type SpecimenField } from "./measure/poolFields.ts";
export type { PooledMeasure, PooledPhaseFraction } from "./measure/poolMeasures.ts";
export type { DiameterStatistics } from "./measure/sizeDistribution.ts";
export { type DigitizeModel, loadClassifier } from "./pixels/loadClassifier.ts";
export type { DigitizeMethod } from "./segment/chooseMethod.ts";
