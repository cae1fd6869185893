export {
  type BoxCounting,
  type BoxSizesOptions,
  boxCounting,
  type Lacunarity,
  lacunarity,
} from "./boxCounting.ts";
export { type ChordLengths, type ChordLengthsOptions, chordLengths } from "./chordLengths.ts";
export { type ClusterFunctionOptions, clusterFunction } from "./clusterFunction.ts";
export { type CorrelationLengths, correlationLengths } from "./correlationLengths.ts";
export { type DescribeStructureOptions, describeStructure, type StructureDescription } from "./describeStructure.ts";
export {
  type EmbedMicrographsOptions,
  embedMicrographs,
  type MicrographEmbedding,
  projectMicrographs,
  scoreTable,
} from "./embedMicrographs.ts";
export { type Granulometry, type GranulometryOptions, granulometry } from "./granulometry.ts";
export { type GreyCooccurrence, type GreyCooccurrenceOptions, greyCooccurrence } from "./greyCooccurrence.ts";
export { type HaralickFeatures, haralickFeatures } from "./haralickFeatures.ts";
export { type LinealPath, type LinealPathOptions, linealPath } from "./linealPath.ts";
export type { LineDirection } from "./lineDirections.ts";
export {
  type LocalBinaryPatterns,
  type LocalBinaryPatternsOptions,
  localBinaryPatterns,
} from "./localBinaryPatterns.ts";
export {
  type MinkowskiFunctionals,
  type MinkowskiFunctionalsOptions,
  minkowskiFunctionals,
} from "./minkowskiFunctionals.ts";
export { type AxialTexture, type OrientationTensor, orientationTensor } from "./orientationTensor.ts";
export { phaseIndicator } from "./phaseIndicator.ts";
export { type RadialAverage, type RadialAverageOptions, radialAverage } from "./radialAverage.ts";
export { specificSurface } from "./specificSurface.ts";
export {
  type StructureTensorTexture,
  type StructureTensorTextureOptions,
  structureTensorTexture,
} from "./structureTensorTexture.ts";
export {
  type TwoPointCorrelation,
  type TwoPointCorrelationOptions,
  twoPointCorrelation,
} from "./twoPointCorrelation.ts";
