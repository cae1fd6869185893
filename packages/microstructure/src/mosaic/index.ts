export { type Band, type BandSpace, type BandSpaceOptions, bandSpace } from "../bands/bandSpace.ts";
export { distanceBands } from "../bands/distanceBands.ts";
export { floodBands } from "../bands/floodBands.ts";
export { type BandLabels, labelBands, renumberBands } from "../bands/labelBands.ts";
export { maximaBands } from "../bands/maximaBands.ts";
export { fileStore, memoryStore, type RowReader, type RowStore, type StoreTypes } from "../bands/rowStore.ts";
export { type GrainBands, segmentGrainBands } from "../segment/segmentGrainBands.ts";
export {
  type DigitizedMosaic,
  type DigitizeMosaicOptions,
  digitizeMosaic,
  type MosaicOutputs,
} from "./digitizeMosaic.ts";
export { type BandMeasurement, measureBands } from "./measureBands.ts";
export { openMosaic, storeGrey } from "./openMosaic.ts";
export { type SegmentedTiles, type SegmentTilesOptions, segmentTiles } from "./segmentTiles.ts";
export { type ParticleBands, type SplitParticleBandsOptions, splitParticleBands } from "./splitParticleBands.ts";
export { type ThresholdBandsOptions, type ThresholdedBands, thresholdBands } from "./thresholdBands.ts";
export { type TiffLayout, TiffRowWriter } from "./tiffRowWriter.ts";
