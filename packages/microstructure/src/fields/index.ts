export {
  type BoundsOptions,
  conductionBounds,
  type ElasticBounds,
  elasticBounds,
  type PropertyBounds,
} from "./bounds.ts";
export { type ConductionField, type ConductionFieldOptions, conductionField } from "./conductionField.ts";
export {
  type EffectiveConductivity,
  type EffectiveConductivityOptions,
  effectiveConductivity,
} from "./effectiveConductivity.ts";
export { type EffectiveStiffness, type EffectiveStiffnessOptions, effectiveStiffness } from "./effectiveStiffness.ts";
export { type ElasticField, type ElasticFieldOptions, elasticField, type PlaneStrain } from "./elasticField.ts";
export type { PhaseProperty } from "./phaseProperty.ts";
export type { FieldSolverOptions } from "./solverOptions.ts";
