export {
  type CompositionsFromColumnsOptions,
  compositionsFromColumns,
  elementColumns,
} from "../table/compositionsFromColumns.ts";
export { compositionsOf } from "../table/compositionsOf.ts";
export {
  atomicFractions,
  atomicFractionsFromMass,
  compositionKey,
  massFractions,
  withBalance,
} from "./composition.ts";
export type { CompositionFeature, CompositionFeaturizer } from "./compositionFeaturizer.ts";
export {
  atomicWeight,
  ELEMENT_PROPERTIES,
  ELEMENT_PROPERTY_UNITS,
  ELEMENT_SYMBOLS,
  type ElementProperty,
  elementProperty,
  isElement,
} from "./elements.ts";
export {
  MAGPIE_STATISTICS,
  type MagpieOptions,
  type MagpieStatistic,
  magpieFeatureNames,
  magpieFeatures,
  magpieFeatureUnits,
} from "./magpie.ts";
export { type Composition, parseFormula, tryParseFormula } from "./parseFormula.ts";
