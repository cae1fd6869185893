export { acceptEdits } from "./campaign/acceptEdits.ts";
export { type AskEntryOptions, type Asked, type AskOptions, askCampaign, decideAsk } from "./campaign/askCampaign.ts";
export { type Campaign, openCampaign } from "./campaign/campaign.ts";
export {
  type CampaignState,
  campaignState,
  type Experiment,
  type Outcome,
  outcomesOf,
  type Run,
  runsOf,
} from "./campaign/campaignState.ts";
export { type CampaignWindowOptions, campaignWindow } from "./campaign/campaignWindow.ts";
export { type CampaignChange, changeCampaign } from "./campaign/changeCampaign.ts";
export { type CampaignDefinition, createCampaign } from "./campaign/createCampaign.ts";
export type {
  AcceptEntry,
  AskEntry,
  AskedExperiment,
  ChangeEntry,
  EntryBody,
  ExperimentStatus,
  JournalEntry,
  RepairEntry,
  StartEntry,
  TellEntry,
  ToldResult,
  Values,
} from "./campaign/entry.ts";
export { experimentsTable } from "./campaign/experimentsTable.ts";
export { holdsNumbers } from "./campaign/holdsNumbers.ts";
export { type JournalWriteOptions, readJournal } from "./campaign/journalFile.ts";
export type { JournalEdit, JournalText } from "./campaign/journalText.ts";
export type { LockOptions } from "./campaign/lockFile.ts";
export { type ReplicateNoise, replicateNoise } from "./campaign/noise.ts";
export { type CampaignObservations, observationsOf } from "./campaign/observationsOf.ts";
export { openOutside } from "./campaign/openOutside.ts";
export { parseConstraint } from "./campaign/parseConstraint.ts";
export { parseFixed, parseVariable } from "./campaign/parseVariable.ts";
export { type ProgressStep, progressOf, type SettingsMean, settingsMeans } from "./campaign/progress.ts";
export type { NewResult } from "./campaign/results.ts";
export { type ResultsFromTableOptions, resultsFromTable, type TableResults } from "./campaign/resultsFromTable.ts";
export { changedSinceAsk, type StopAdvice, stopAdvice } from "./campaign/stopAdvice.ts";
export { type TellOptions, type Told, tellCampaign } from "./campaign/tellCampaign.ts";
export { type DecidedTell, decideTell, type TellEntryOptions } from "./campaign/tellEntry.ts";
export { boxBehnken } from "./designs/boxBehnken.ts";
export { type CentralComposite, type CentralCompositeOptions, centralComposite } from "./designs/centralComposite.ts";
export {
  haltonDesign,
  type LatinHypercubeDesignOptions,
  latinHypercubeDesign,
  sobolDesign,
} from "./designs/cubeDesigns.ts";
export type { Design } from "./designs/design.ts";
export { type DesignPointsOptions, designPoints } from "./designs/designPoints.ts";
export { aliasMatrix, type DesignQuality, type DesignQualityOptions, designQuality } from "./designs/designQuality.ts";
export { type ExtremeVerticesOptions, extremeVertices } from "./designs/extremeVertices.ts";
export { foldOver } from "./designs/foldOver.ts";
export {
  type FractionalFactorial,
  type FractionalFactorialOptions,
  fractionalFactorial,
} from "./designs/fractionalFactorial.ts";
export { fullFactorial } from "./designs/fullFactorial.ts";
export { type DesignFactor, modelMatrix } from "./designs/modelMatrix.ts";
export { type ModelKind, type ModelTerm, modelTerms } from "./designs/modelTerms.ts";
export { noncentralFisherCdf } from "./designs/noncentralFisher.ts";
export { type OptimalDesign, type OptimalDesignOptions, optimalDesign } from "./designs/optimalDesign.ts";
export { plackettBurman } from "./designs/plackettBurman.ts";
export { simplexCentroid, simplexLattice } from "./designs/simplexDesigns.ts";
export { type SpaceFillingDesignOptions, spaceFillingDesign } from "./designs/spaceFillingDesign.ts";
export type { SettingCost } from "./invert/cost/createCost.ts";
export type { Footprint, FootprintOptions } from "./invert/cost/footprint.ts";
export { type InvertOptions, invert } from "./invert/invert.ts";
export type { CalibrationSlope } from "./invert/optimism/calibrationSlope.ts";
export type { Optimism } from "./invert/optimism/optimismOf.ts";
export { type Convergence, convergenceOf } from "./invert/posterior/convergence.ts";
export type { CategoryWindow, NumberWindow, ProcessWindow } from "./invert/posterior/processWindow.ts";
export type {
  Candidate,
  Criterion,
  InversionDiagnostics,
  InversionResult,
  Limiting,
  NearestSample,
  PredictedTarget,
  Refusal,
  Relaxation,
  Route,
  RouteRange,
  Sensitivity,
  Tolerance,
} from "./invert/result.ts";
export type {
  CategoryTolerance,
  DriftStop,
  NumberTolerance,
  SettingTolerance,
} from "./invert/tolerance/driftAt.ts";
export type { SettingScatter } from "./invert/tolerance/missedSettings.ts";
export type { ScatterOutcome } from "./invert/tolerance/scatterAt.ts";
export type { Fidelity } from "./objective/fidelity.ts";
export type { Objective } from "./objective/objective.ts";
export { parseFidelity } from "./objective/parseFidelity.ts";
export { parseObjective } from "./objective/parseObjective.ts";
export {
  type BoxDecomposition,
  decomposeNonDominated,
} from "./pareto/boxDecomposition.ts";
export { type ScalariseChebyshevOptions, scalariseChebyshev, simplexDirections } from "./pareto/chebyshev.ts";
export { crowdingDistance } from "./pareto/crowdingDistance.ts";
export { type DesirabilityGoal, desirability, overallDesirability } from "./pareto/desirability.ts";
export {
  type EvaluatedPoints,
  type EvolvedFront,
  type EvolveFrontOptions,
  evolveFront,
} from "./pareto/evolveFront.ts";
export {
  expectedHypervolumeImprovement,
  logExpectedHypervolumeImprovement,
  type OutcomeAcquisition,
} from "./pareto/expectedHypervolumeImprovement.ts";
export { hypervolume } from "./pareto/hypervolume.ts";
export { hypervolumeContributions } from "./pareto/hypervolumeContributions.ts";
export { minimisedValues } from "./pareto/minimisedValues.ts";
export { nonDominatedSort } from "./pareto/nonDominatedSort.ts";
export { paretoFront } from "./pareto/paretoFront.ts";
export { referencePointOf } from "./pareto/referencePoint.ts";
export { checkFeasible } from "./space/checkFeasible.ts";
export type {
  Clause,
  Constraint,
  ExpressionConstraint,
  ForbiddenCombination,
  LinearConstraint,
  LinearTerm,
  OrderConstraint,
  PresenceConstraint,
  RatioConstraint,
} from "./space/constraint.ts";
export { constraintTexts } from "./space/constraintTexts.ts";
export { createSpace } from "./space/createSpace.ts";
export { type DeadLevel, deadLevels } from "./space/deadLevels.ts";
export { encodePoints } from "./space/encodePoints.ts";
export { type InferredStep, inferStep } from "./space/inferStep.ts";
export { type KeepTogetherOptions, keepTogether } from "./space/keepTogether.ts";
export { type NeighbourOfOptions, neighbourOf } from "./space/neighbourOf.ts";
export { type Kept, parseKeep } from "./space/parseKeep.ts";
export { type GivenSettings, pointFromSettings } from "./space/pointFromSettings.ts";
export { type Point, pointDistance, settingsOf } from "./space/points.ts";
export { readPoints } from "./space/readPoints.ts";
export { type SampleSpaceOptions, sampleSpace } from "./space/sampleSpace.ts";
export type { FixedInput, SearchSpace, Setting, SumConstraint } from "./space/searchSpace.ts";
export { type SpaceFromTableOptions, spaceFromTable } from "./space/spaceFromTable.ts";
export { readSpace, writeSpace } from "./space/spaceJson.ts";
export { undeclaredSumNotes } from "./space/undeclaredSums.ts";
export type {
  CategoryVariable,
  Condition,
  ContinuousVariable,
  IntegerVariable,
  OrdinalVariable,
  Variable,
} from "./space/variable.ts";
export type { VariableBounds } from "./space/variableFromColumn.ts";
export { isAllowedPoint, violationsOf } from "./space/violations.ts";
export { parseSpec } from "./spec/parseSpec.ts";
export { describeSpec, type Spec } from "./spec/spec.ts";
export { describeDisturbance } from "./suggest/disturbance.ts";
export type { Disturbance, SuggestMethod, SuggestOptions, SuggestResult } from "./suggest/options.ts";
export { suggest } from "./suggest/suggest.ts";
export type { ExpectedOutcome, Observations, ScatteredOutcome, Suggestion } from "./suggest/suggestion.ts";
export { averageSurrogates } from "./surrogate/averageSurrogates.ts";
export type { SurrogateLearner, SurrogateModel } from "./surrogate/surrogate.ts";
