export { createElementAttention, type ElementAttentionOptions } from "./attention/createElementAttention.ts";
export { countClassTrials } from "./auto/countClassTrials.ts";
export { type CountTrialsOptions, countTrials } from "./auto/countTrials.ts";
export { type Auto, type AutoOptions, createAuto } from "./auto/createAuto.ts";
export { type AutoClassifierOptions, createAutoClassifier } from "./auto/createAutoClassifier.ts";
export type { AutoCandidate, AutoCriterion } from "./auto/families.ts";
export type { CountedTrials } from "./auto/fillTime.ts";
export {
  createGradientBoosting,
  type GradientBoosting,
  type GradientBoostingOptions,
} from "./boosting/createGradientBoosting.ts";
export {
  createGradientBoostingClassifier,
  type GradientBoostingClassifier,
  type GradientBoostingClassifierOptions,
} from "./boosting/createGradientBoostingClassifier.ts";
export type { BoostingLoss } from "./boosting/regressionLoss.ts";
export { type Chain, type ChainOptions, createChain } from "./chain/createChain.ts";
export { type LinkOptions, type TrainChainOptions, type TrainedChain, trainChain } from "./chain/trainChain.ts";
export { type ConstantOptions, createConstant } from "./constant/createConstant.ts";
export { type IsolationForestOptions, isolationScores } from "./domain/isolationForest.ts";
export { type Leverages, leverages } from "./domain/leverages.ts";
export { localOutlierFactor } from "./domain/localOutlierFactor.ts";
export {
  fitNeighbourDomain,
  type NeighbourDomain,
  type NeighbourDomainOptions,
  readNeighbourDomain,
} from "./domain/neighbourDomain.ts";
export {
  type AccumulatedLocalEffects,
  type AccumulatedLocalEffectsOptions,
  accumulatedLocalEffects,
} from "./explain/accumulatedLocalEffects.ts";
export type { TreeShapMethod } from "./explain/addTreeShap.ts";
export type { ClassColumnEffect } from "./explain/classColumnEffect.ts";
export {
  type ClassElementEffect,
  type ClassElementEffectsOptions,
  type ClassFormulaElements,
  classElementEffects,
} from "./explain/classElementEffects.ts";
export { type ClassErrorIncrease, type ClassImportance, classImportance } from "./explain/classImportance.ts";
export { type ClassShapleyValues, classShapleyValues } from "./explain/classShapleyValues.ts";
export {
  type ClassScale,
  type ClassSubject,
  type ClassSubjectOptions,
  classSubject,
} from "./explain/classSubject.ts";
export type { DerivedPart, InputParts } from "./explain/derivedParts.ts";
export {
  type ElementEffect,
  type ElementEffectsOptions,
  elementEffects,
  type FormulaElements,
} from "./explain/elementEffects.ts";
export type { ElementAmounts } from "./explain/elementMoves.ts";
export type { ErrorIncrease } from "./explain/errorIncrease.ts";
export {
  type ClassExplanation,
  type ExplainClassesOptions,
  explainClasses,
} from "./explain/explainClasses.ts";
export { type ColumnEffect, type ExplainTableOptions, type Explanation, explainTable } from "./explain/explainTable.ts";
export {
  type InteractionStrength,
  type InteractionStrengthsOptions,
  interactionStrengths,
} from "./explain/interactionStrengths.ts";
export { type KernelShapOptions, kernelShap } from "./explain/kernelShap.ts";
export { type MatrixSubjectOptions, matrixSubject } from "./explain/matrixSubject.ts";
export {
  type PartialDependence,
  type PartialDependenceOptions,
  partialDependence,
} from "./explain/partialDependence.ts";
export {
  type PermutationImportance,
  type PermutationImportanceOptions,
  permutationImportance,
} from "./explain/permutationImportance.ts";
export type { Player } from "./explain/players.ts";
export { type ShapleyValues, shapleyValues } from "./explain/shapleyValues.ts";
export type { EncodedInputs, ExplainRun, Setting, Subject, SubjectInput, WideSubject } from "./explain/subject.ts";
export { type TableSubject, type TableSubjectOptions, tableSubject } from "./explain/tableSubject.ts";
export { type TreeShapOptions, treeShap } from "./explain/treeShap.ts";
export type { Covariance, Hyperparameter } from "./gaussianProcess/covariance.ts";
export {
  createGaussianProcess,
  type GaussianProcess,
  type GaussianProcessModel,
  type GaussianProcessOptions,
} from "./gaussianProcess/createGaussianProcess.ts";
export { createProcessByEvidence } from "./gaussianProcess/createProcessByEvidence.ts";
export { createHurdle, type HurdleOptions } from "./hurdle/createHurdle.ts";
export type { HurdleStatistic } from "./hurdle/hurdlePredictor.ts";
export { createImputed } from "./imputed/createImputed.ts";
export { createImputedClassifier } from "./imputed/createImputedClassifier.ts";
export type { ChoiceRule } from "./learner/chooseByFolds.ts";
export type { ClassificationModel, OutOfBag } from "./learner/classificationModel.ts";
export type { Classifier } from "./learner/classifier.ts";
export type { ClassWeights } from "./learner/classWeights.ts";
export type { Estimates, Predictor } from "./learner/predictor.ts";
export { readClassifier, readLearner } from "./learner/readLearner.ts";
export type { ForwardModel, HeldOut } from "./learner/regressionModel.ts";
export type { ForwardLearner } from "./learner/regressor.ts";
export { type BayesianRidgeOptions, createBayesianRidge } from "./linear/createBayesianRidge.ts";
export { createElasticNet, type ElasticNetOptions } from "./linear/createElasticNet.ts";
export { createHuber, type HuberOptions } from "./linear/createHuber.ts";
export { createLogistic, type LogisticOptions } from "./linear/createLogistic.ts";
export {
  createPartialLeastSquares,
  type PartialLeastSquaresOptions,
} from "./linear/createPartialLeastSquares.ts";
export { createRidge, type Ridge, type RidgeOptions } from "./linear/createRidge.ts";
export { createLogarithmic, type LogarithmicOptions } from "./logarithmic/createLogarithmic.ts";
export { createMlp, type MlpOptions } from "./mlp/createMlp.ts";
export { createMlpClassifier, type MlpClassifierOptions } from "./mlp/createMlpClassifier.ts";
export { createMlpEnsemble, type MlpEnsembleOptions } from "./mlp/createMlpEnsemble.ts";
export { createMlpMultiTask, type MlpMultiTask } from "./mlp/createMlpMultiTask.ts";
export type { NetOptions, NetRegressionOptions } from "./mlp/mlpSettings.ts";
export type { CovarianceName } from "./neighbours/covariance.ts";
export { createKernelRidge, type KernelRidgeOptions } from "./neighbours/createKernelRidge.ts";
export { createNearestNeighbours, type NearestNeighboursOptions } from "./neighbours/createNearestNeighbours.ts";
export {
  createSupportVectorClassifier,
  type SupportVectorClassifier,
  type SupportVectorClassifierOptions,
} from "./neighbours/createSupportVectorClassifier.ts";
export {
  createSupportVectorRegression,
  type SupportVectorRegressionOptions,
} from "./neighbours/createSupportVectorRegression.ts";
export type { NeighbourWeights } from "./neighbours/neighbourPredictor.ts";
export { type ExportOnnxOptions, exportOnnx, type OnnxExportable } from "./onnx/exportOnnx.ts";
export {
  createResidualLearner,
  type ResidualLearnerOptions,
  type StartParameter,
} from "./physics/createResidualLearner.ts";
export type { SearchCut } from "./property/budgetKeeper.ts";
export { CLASS_MODEL_NAMES, type ClassModelName, classLearnerByName } from "./property/classLearnerByName.ts";
export type { ClassBaseline, ClassTargetMetrics, PropertyClassMetrics } from "./property/classMetrics.ts";
export type { PropertyClassModel } from "./property/classModel.ts";
export type { CoveragePoint } from "./property/coveragePoints.ts";
export type { GroupErrors, TargetDiagnostics } from "./property/diagnostics.ts";
export type { HeldOutDomain } from "./property/foldDomains.ts";
export {
  HEED_CRITERION,
  learnerByName,
  MODEL_NAMES,
  type ModelName,
  type NamedLearnerOptions,
} from "./property/learnerByName.ts";
export {
  type MatchedTable,
  type MatchInputUnitsOptions,
  matchInputUnits,
  type UnitConversion,
} from "./property/matchInputUnits.ts";
export type { PropertyMetrics, TargetMetrics } from "./property/metrics.ts";
export { findMissingInputs, type MissingInputs } from "./property/missingInputs.ts";
export type { PropertyModel } from "./property/propertyModel.ts";
export type { Rival } from "./property/scoreRivals.ts";
export type { SearchBudget, SearchLimits } from "./property/searchBudget.ts";
export type { LearningPoint, TargetLearningCurve } from "./property/targetLearningCurve.ts";
export type { TargetUncertainty } from "./property/targetNoise.ts";
export {
  type ClassInputImportance,
  type OutOfFoldClasses,
  type TrainClassModelOptions,
  type TrainedClassModel,
  trainClassModel,
} from "./property/trainClassModel.ts";
export {
  type InputImportance,
  type OutOfFold,
  type TrainedPropertyModel,
  type TrainPropertyModelOptions,
  trainPropertyModel,
} from "./property/trainPropertyModel.ts";
export { createQuotients, type QuotientOptions } from "./quotients/createQuotients.ts";
export { createRanked } from "./ranked/createRanked.ts";
export { reader } from "./readForward.ts";
export { createStack, type StackOptions } from "./stack/createStack.ts";
export { createSymbolicLaw, type SymbolicLawOptions } from "./symbolic/createSymbolicLaw.ts";
export { type LawConstant, type SymbolicLaw, symbolicLawOf } from "./symbolic/symbolicLaw.ts";
export { createMultiFidelity, type MultiFidelityOptions } from "./tasks/createMultiFidelity.ts";
export { createMultiTask, type MultiTask, type MultiTaskOptions } from "./tasks/createMultiTask.ts";
export {
  createStackedTargets,
  type StackedTargets,
  type StackedTargetsModel,
  type StackedTargetsOptions,
} from "./tasks/createStackedTargets.ts";
export type { MultiTaskModel } from "./tasks/multiTaskModel.ts";
export { createTransfer, type TransferOptions, type TransferReport } from "./transfer/createTransfer.ts";
export type { TransferWay } from "./transfer/sourceMembers.ts";
export type { Sampling } from "./tree/bag.ts";
export {
  createRandomForest,
  type RandomForest,
  type RandomForestModel,
  type RandomForestOptions,
} from "./tree/createRandomForest.ts";
export {
  createRandomForestClassifier,
  type RandomForestClassifier,
  type RandomForestClassifierOptions,
} from "./tree/createRandomForestClassifier.ts";
export type { ConformalModel, ConformalScore } from "./uncertainty/conformalModel.ts";
export { type Conformal, type ConformalOptions, createConformal } from "./uncertainty/createConformal.ts";
export {
  type InputScatter,
  type PropagatedScatter,
  type PropagateScatterOptions,
  propagateScatter,
  type QuantileValue,
  type ScatteredProperty,
} from "./uncertainty/propagateScatter.ts";
export {
  areaUnderRoc,
  type ClassificationMetrics,
  type ClassMetrics,
  classificationMetrics,
} from "./validation/classificationMetrics.ts";
export {
  type ComparedModels,
  type CompareModelsOptions,
  compareModels,
  type ModelComparison,
} from "./validation/compareModels.ts";
export {
  type CoverageByRegion,
  type CoverageByRegionOptions,
  coverageByRegion,
  type RegionCoverage,
} from "./validation/coverageByRegion.ts";
export {
  type CrossValidateOptions,
  type CrossValidation,
  type CrossValidationRepeat,
  crossValidate,
  type FoldScores,
  type HeldOutFold,
} from "./validation/crossValidate.ts";
export {
  type ClassLearner,
  type ClassValidation,
  crossValidateClassifier,
} from "./validation/crossValidateClassifier.ts";
export { type CalibrationCurve, calibrationCurve, continuousRankedScore } from "./validation/distributionScores.ts";
export { type ColumnDrift, type DriftCheckOptions, type DriftReport, driftCheck } from "./validation/driftCheck.ts";
export type { HeldOutDetails } from "./validation/heldOutDetails.ts";
export {
  type LearningCurve,
  type LearningCurveOptions,
  type LearningCurvePoint,
  learningCurve,
} from "./validation/learningCurve.ts";
export {
  type LeaveOneElementOutOptions,
  leaveOneClusterOut,
  leaveOneElementOut,
  leaveOneGroupOut,
} from "./validation/leaveOut.ts";
export {
  type ExtrapolationOptions,
  type ExtrapolationSide,
  extrapolation,
  type TimeOrderedOptions,
  timeOrdered,
} from "./validation/ordered.ts";
export {
  type ComparePredictionsOptions,
  comparePredictions,
  correctedResampledT,
  type Forecast,
  type PairedDifference,
  type PairedErrors,
  type ResampledDifference,
} from "./validation/pairedTests.ts";
export { type RegressionMetrics, regressionMetrics } from "./validation/regressionMetrics.ts";
export { repeated } from "./validation/repeated.ts";
export { type HeldOutRows, type ScoreOptions, type Scores, scoreHeldOut } from "./validation/scores.ts";
export { type FindSplitLeakageOptions, findSplitLeakage, type SplitLeakage } from "./validation/splitLeakage.ts";
export {
  type FoldSplitter,
  groupKFold,
  type HoldOut,
  kFold,
  type SplitPlan,
  type SplitRows,
  type Splitter,
} from "./validation/splitter.ts";
export { type StratifyOptions, stratifiedGroupKFold, stratifiedKFold } from "./validation/stratifiedKFold.ts";
