export {
  type CountIntersectionsOptions,
  type CurveIntersections,
  countIntersections,
  type IntersectionCount,
} from "./countIntersections.ts";
export { grainSizeFromCount, grainSizeFromIntercept } from "./grainSizeNumber.ts";
export { grainTableCsv } from "./grainTableCsv.ts";
export {
  type DirectionalIntercept,
  type InterceptGrainSize,
  type InterceptGrainSizeOptions,
  interceptGrainSize,
} from "./interceptGrainSize.ts";
export {
  type PlanimetricGrainSize,
  type PlanimetricGrainSizeOptions,
  planimetricGrainSize,
} from "./planimetricGrainSize.ts";
export {
  type CurveSegments,
  type SegmentLengthOptions,
  type SegmentLengths,
  segmentLength,
} from "./segmentLength.ts";
export { type SizeDistribution, sizeDistribution } from "./sizeDistribution.ts";
export { type TestCircle, type TestCurve, type TestLine, testCurveLength } from "./testCurve.ts";
export { abramsCircles, e112Pattern, type HeynLinesOptions, heynLines, hilliardCircle } from "./testPatterns.ts";
export { type BoundaryChains, type TraceBoundariesOptions, traceBoundaries } from "./traceBoundaries.ts";
