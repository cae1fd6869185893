export { type InvertOptions, invert } from "./invert/invert.ts";
export type {
  Candidate,
  InversionDiagnostics,
  InversionResult,
  Limiting,
  NearestSample,
  PredictedTarget,
  Refusal,
  Relaxation,
  Sensitivity,
} from "./invert/result.ts";
export type { Objective } from "./objective/objective.ts";
export { encodePoints } from "./space/encodePoints.ts";
export { type InferredStep, inferStep } from "./space/inferStep.ts";
export { type Point, pointDistance, settingsOf } from "./space/points.ts";
export {
  createSpace,
  type FixedInput,
  type SearchSpace,
  type Setting,
  type SumConstraint,
} from "./space/searchSpace.ts";
export { type SpaceFromTableOptions, spaceFromTable } from "./space/spaceFromTable.ts";
export { readSpace, writeSpace } from "./space/spaceJson.ts";
export type { CategoryVariable, ContinuousVariable, IntegerVariable, Variable } from "./space/variable.ts";
export type { VariableBounds } from "./space/variableFromColumn.ts";
export { parseSpec } from "./spec/parseSpec.ts";
export { describeSpec, type Spec } from "./spec/spec.ts";
export type { ExpectedOutcome, Observations, Suggestion } from "./suggest/suggestion.ts";
export type { SurrogateLearner, SurrogateModel } from "./surrogate/surrogate.ts";
