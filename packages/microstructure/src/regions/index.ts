export { absorbBoundaries } from "./absorbBoundaries.ts";
export {
  type ApplyEditsOptions,
  applyEdits,
  type EditedRegions,
  type EditRecord,
  replayEdits,
} from "./applyEdits.ts";
export { type ApplyBorderRuleOptions, applyBorderRule, type BorderRule, type CountedRegions } from "./borderRule.ts";
export {
  type BoundaryCurvature,
  type BoundaryCurvatureOptions,
  type BoundaryPiece,
  boundaryCurvature,
} from "./boundaryCurvature.ts";
export { boundaryMask } from "./boundaryMask.ts";
export { type ConnectedRegions, type ConnectedRegionsOptions, connectedRegions } from "./connectedRegions.ts";
export { expandRegions } from "./expandRegions.ts";
export { type FillRegionHolesOptions, fillRegionHoles } from "./fillRegionHoles.ts";
export { labelMapHash, type RegionPhases } from "./labelMapHash.ts";
export { type MeasureRegionsOptions, measureRegions, type RegionMeasure } from "./measureRegions.ts";
export { type PhaseRule, phasesByRules, type RulePhases, readPhaseRule } from "./phaseRules.ts";
export { type RegionBoundary, regionBoundaries } from "./regionBoundaries.ts";
export {
  type ClassifiedRegions,
  type ClassifyRegionsOptions,
  classifyRegions,
  type NamedRegions,
  type RegionClassifier,
  type RegionLearner,
  type TrainRegionClassifierOptions,
  trainRegionClassifier,
} from "./regionClassifier.ts";
export { type EditAuthor, type EditPoints, type RegionEdit, readRegionEdit } from "./regionEdit.ts";
export { type Region, regionTable } from "./regionTable.ts";
export { type RelabelledRegions, relabelSequentially } from "./relabelSequentially.ts";
export { keepLargestRegions, removeSmallRegions } from "./removeRegions.ts";
export { type TripleJunction, type TripleJunctionsOptions, tripleJunctions } from "./tripleJunctions.ts";
