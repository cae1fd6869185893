export type { BoundaryPolarity } from "./chooseRidgeScale.ts";
export {
  type GrainSegmentation,
  type SegmentGrainsDiagnostics,
  type SegmentGrainsOptions,
  segmentGrains,
} from "./segmentGrains.ts";
