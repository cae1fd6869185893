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
export { type SizeDistribution, sizeDistribution } from "./sizeDistribution.ts";
