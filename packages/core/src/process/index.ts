export { equivalentTime } from "./arrhenius.ts";
export {
  engineeringStrain,
  rollingStrain,
  rollingStrainRate,
  sectionStrain,
  trueStrain,
  upsettingStrain,
  zenerHollomon,
} from "./deformation.ts";
export { filmThickness, homologousTemperature, meltingByMixture } from "./deposition.ts";
export {
  arealEnergyDensity,
  type BeamMaterial,
  buildRate,
  linearEnergyDensity,
  normalisedEnthalpy,
  volumetricEnergyDensity,
} from "./energyDensity.ts";
export {
  coolingTime,
  meanCoolingRate,
  meanHeatingRate,
  peakTemperature,
  profileDuration,
  timeAbove,
} from "./profileMeasures.ts";
export { QUENCH_SEVERITY_SOURCE, quenchSeverity } from "./quenchSeverity.ts";
export { createSchedule, readSchedule, type Schedule, type ScheduleProblem } from "./schedule.ts";
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
