export { type ArealGrainSize, type ArealGrainSizeOptions, arealGrainSize } from "./arealGrainSize.ts";
export {
  type CountIntersectionsOptions,
  type CurveIntersections,
  countIntersections,
  type IntersectionCount,
} from "./countIntersections.ts";
export {
  type DuplexGrainSize,
  type DuplexGrainSizeOptions,
  type DuplexKind,
  duplexGrainSize,
  type GrainClass,
} from "./duplexGrainSize.ts";
export { type FieldsNeededOptions, fieldsNeeded } from "./fieldsNeeded.ts";
export { type FindStringersOptions, findStringers, type Stringer } from "./findStringers.ts";
export { type FitSizeDistributionOptions, type FittedSizes, fitSizeDistribution } from "./fitSizeDistribution.ts";
export type { GrainArrangement } from "./grainArrangement.ts";
export {
  type GrainSizeEquivalents,
  grainSizeEquivalents,
  grainSizeFromArea,
  grainSizeFromCount,
  grainSizeFromIntercept,
} from "./grainSizeNumber.ts";
export { type GrainTableCsvOptions, grainTableCsv } from "./grainTableCsv.ts";
export {
  type DirectionalIntercept,
  type InterceptGrainSize,
  type InterceptGrainSizeOptions,
  interceptGrainSize,
} from "./interceptGrainSize.ts";
export { type LargestExtreme, type LargestExtremeOptions, largestExtreme } from "./largestExtreme.ts";
export { type LargestGrain, type LargestGrainOptions, largestGrain } from "./largestGrain.ts";
export { type MatrixIntercept, type MatrixInterceptOptions, matrixIntercept } from "./matrixIntercept.ts";
export { type MeanInterval, type MeanIntervalOptions, meanInterval } from "./meanInterval.ts";
export {
  type NonEquiaxedGrainSize,
  nonEquiaxedGrainSize,
  type PrincipalPlane,
  type PrincipalPlanes,
} from "./nonEquiaxedGrainSize.ts";
export {
  jeffriesMultiplier,
  type PlanimetricGrainSize,
  type PlanimetricGrainSizeOptions,
  planimetricGrainSize,
} from "./planimetricGrainSize.ts";
export { type PointCount, type PointCountOptions, pointCount, pointsNeeded } from "./pointCount.ts";
export { type Porosity, type PorosityOptions, porosity } from "./porosity.ts";
export {
  type SecondPhaseStatistics,
  type SecondPhaseStatisticsOptions,
  secondPhaseStatistics,
} from "./secondPhaseStatistics.ts";
export {
  type CurveSegments,
  type SegmentLengthOptions,
  type SegmentLengths,
  segmentLength,
} from "./segmentLength.ts";
export { type SizeDistribution, sizeDistribution } from "./sizeDistribution.ts";
export type { SizeFamilyName } from "./sizeFamilies.ts";
export { type TestCircle, type TestCurve, type TestLine, testCurveLength } from "./testCurve.ts";
export { abramsCircles, e112Pattern, type HeynLinesOptions, heynLines, hilliardCircle } from "./testPatterns.ts";
export { type BoundaryChains, type TraceBoundariesOptions, traceBoundaries } from "./traceBoundaries.ts";
export {
  type SphereClass,
  type UnfoldedSpheres,
  type UnfoldSpheresOptions,
  unfoldSpheres,
} from "./unfoldSpheres.ts";
