export { type Band, type BandSpace, type BandSpaceOptions, bandSpace } from "../bands/bandSpace.ts";
export { distanceBands } from "../bands/distanceBands.ts";
export { fillHoleBands } from "../bands/fillHoleBands.ts";
export { type FilterBandsOptions, filterBands } from "../bands/filterBands.ts";
export { floodBands } from "../bands/floodBands.ts";
export { hysteresisBands } from "../bands/hysteresisBands.ts";
export { type BandLabels, labelBands, renumberBands } from "../bands/labelBands.ts";
export { maximaBands } from "../bands/maximaBands.ts";
export { fileStore, memoryStore, type RowReader, type RowStore, type StoreTypes } from "../bands/rowStore.ts";
export { type BoundaryRegionBands, boundaryRegionBands } from "../pixels/boundaryRegions.ts";
export { imageStatisticsBands } from "../pixels/imageStatisticsBands.ts";
export { type ClosedGapBands, closeGapBands } from "../segment/closeGapBands.ts";
export { findTwinBands } from "../segment/findTwinBands.ts";
export { type GreyHistogramBandsOptions, greyHistogramBands } from "../segment/greyHistogram.ts";
export { hMaximaBands, hMinimaBands } from "../segment/hMaximaBands.ts";
export { type LayerThicknessBandsOptions, layerThicknessBands } from "../segment/layerThicknessBands.ts";
export { type LocalMaximaBands, localMaximaBands } from "../segment/localMaximaBands.ts";
export { localThresholdBands } from "../segment/localThresholdBands.ts";
export { type MarkerWatershedBandsOptions, markerWatershedBands } from "../segment/markerWatershedBands.ts";
export { type MeasureCrackBandsOptions, measureCrackBands } from "../segment/measureCrackBands.ts";
export { type MergedRegionBands, mergeByBoundaryBands } from "../segment/mergeByBoundaryBands.ts";
export { type MergedTwinBands, mergeTwinBands } from "../segment/mergeTwinBands.ts";
export type { ColourRows } from "../segment/perceptualChannels.ts";
export { reconstructByDilationBands, reconstructByErosionBands } from "../segment/reconstructByDilationBands.ts";
export { regionalMaximaBands, regionalMinimaBands } from "../segment/regionalMaximaBands.ts";
export { clearBorderBands, removeSmallHoleBands, removeSmallObjectBands } from "../segment/removeSmallBands.ts";
export { type ColourGrainBands, segmentColourGrainBands } from "../segment/segmentColourGrainBands.ts";
export { type ContrastGrainBands, segmentContrastGrainBands } from "../segment/segmentContrastGrainBands.ts";
export { type GrainBands, segmentGrainBands } from "../segment/segmentGrainBands.ts";
export { type SegmentedLayerBands, segmentLayerBands } from "../segment/segmentLayerBands.ts";
export {
  type MicrographBands,
  type MicrographRows,
  type SegmentMicrographBandsOptions,
  segmentMicrographBands,
} from "../segment/segmentMicrographBands.ts";
export {
  type SegmentedParticleBands,
  type SegmentParticleBandsOptions,
  segmentParticleBands,
} from "../segment/segmentParticleBands.ts";
export {
  type SegmentedPoreBands,
  type SegmentPoreBandsOptions,
  segmentPoreBands,
} from "../segment/segmentPoreBands.ts";
export { skeletonizeBands } from "../segment/skeletonizeBands.ts";
export { type SuperpixelBands, slicSuperpixelBands } from "../segment/slicSuperpixelBands.ts";
export { type ClassifiedBands, type ClassifyBandsOptions, classifyBands } from "./classifyBands.ts";
export {
  type DigitizedMosaic,
  type DigitizeMosaicOptions,
  digitizeMosaic,
  type MosaicOutputs,
} from "./digitizeMosaic.ts";
export { type BandMeasurement, type MeasureBandsOptions, measureBands } from "./measureBands.ts";
export type { MosaicRecord } from "./mosaicTask.ts";
export { openMosaic, type StoredMosaic, storeMosaic } from "./openMosaic.ts";
export { type SegmentedTiles, type SegmentTilesOptions, segmentTiles } from "./segmentTiles.ts";
export { type ParticleBands, type SplitParticleBandsOptions, splitParticleBands } from "./splitParticleBands.ts";
export { type ThresholdBandsOptions, type ThresholdedBands, thresholdBands } from "./thresholdBands.ts";
export { type TiffLayout, TiffRowWriter } from "./tiffRowWriter.ts";
