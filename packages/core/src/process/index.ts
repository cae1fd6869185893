export { equivalentTime } from "./arrhenius.ts";
export {
  cumulativeStrain,
  engineeringStrain,
  rollingStrain,
  rollingStrainRate,
  sectionStrain,
  trueStrain,
  upsettingStrain,
  zenerHollomon,
} from "./deformation.ts";
export { filmThickness, homologousTemperature, meltingByMixture } from "./deposition.ts";
export { EMISSION_FACTORS, type EmissionFactor, type EmissionUnit, readEmissionFactors } from "./emissionFactors.ts";
export {
  arealEnergyDensity,
  type BeamMaterial,
  buildRate,
  linearEnergyDensity,
  normalisedEnthalpy,
  volumetricEnergyDensity,
} from "./energyDensity.ts";
export { type EnergyAssumptions, type EnergyEstimate, estimateEnergy, type StepEnergy } from "./energyEstimate.ts";
export { type FurnaceLog, type FurnaceLogOptions, type LogChannel, type LogGap, readFurnaceLog } from "./furnaceLog.ts";
export {
  coolingTime,
  meanCoolingRate,
  meanHeatingRate,
  peakTemperature,
  profileDuration,
  timeAbove,
} from "./profileMeasures.ts";
export { quenchSeverity } from "./quenchSeverity.ts";
export { createSchedule, readSchedule, type Schedule, type ScheduleProblem } from "./schedule.ts";
export {
  type MissingFeature,
  readScheduleEncoder,
  type ScheduleEncoder,
} from "./scheduleEncoder.ts";
export { type ScheduleFeaturizer, type ScheduleFeaturizerOptions, scheduleFeaturizer } from "./scheduleFeaturizer.ts";
export {
  type ColumnField,
  type MappedStep,
  readScheduleMapping,
  type ScheduleMapping,
  writeScheduleMapping,
} from "./scheduleMapping.ts";
export {
  type RowProblem,
  type RowSchedules,
  type SchedulesFromTableOptions,
  schedulesFromTable,
} from "./schedulesFromTable.ts";
export { scheduleTable } from "./scheduleTable.ts";
export {
  boundsOfSchedules,
  type ScheduleOrder,
  type ScheduleVariable,
  type ScheduleVariables,
  scheduleVariables,
  type VariableBounds,
  withVariables,
} from "./scheduleVariables.ts";
export {
  type ProfileSegment,
  type SegmentedProfile,
  type SegmentProfileOptions,
  scheduleFromProfile,
  segmentProfile,
} from "./segmentProfile.ts";
export type {
  Agitation,
  CoolStep,
  CureStep,
  DeformStep,
  DepositStep,
  DryStep,
  HeatStep,
  HoldStep,
  MillStep,
  MixStep,
  PrintStep,
  QuenchMedium,
  QuenchStep,
  SinterStep,
  Step,
  StepKind,
  Treatment,
} from "./step.ts";
export { hollomonJaffe, hollomonJaffeOf, larsonMiller, type ProfileTempering } from "./temperingParameter.ts";
export { createProfile, type ThermalProfile, type ThermalProfileOptions, thermalProfile } from "./thermalProfile.ts";
