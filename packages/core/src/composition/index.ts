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
  ELEMENT_PROPERTIES,
  ELEMENT_PROPERTY_INFO,
  type ElementProperty,
  type ElementPropertyInfo,
  MAGPIE_PROPERTIES,
  type MagpieProperty,
} from "./elementProperties.ts";
export {
  atomicNumber,
  atomicWeight,
  ELEMENT_SYMBOLS,
  elementProperty,
  elementsWithout,
  isElement,
  oxidationStates,
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
