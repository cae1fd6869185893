export {
  type CompositionsFromColumnsOptions,
  compositionsFromColumns,
  elementColumns,
} from "../table/compositionsFromColumns.ts";
export { compositionsOf } from "../table/compositionsOf.ts";
export {
  type AlloyDescriptorsOptions,
  type AlloyPreset,
  alloyDescriptors,
  type RadiusSet,
} from "./alloy/alloyDescriptors.ts";
export { type GlassDescriptorsOptions, glassDescriptors } from "./alloy/glassDescriptors.ts";
export type { FormulasOptions, RangedFeaturizer } from "./alloy/massFormula.ts";
export { binaryMixingEnthalpy, MIEDEMA_ELEMENTS } from "./alloy/miedema.ts";
export { clusterPacking } from "./alloy/packing.ts";
export { steelDescriptors } from "./alloy/steelDescriptors.ts";
export { titaniumDescriptors } from "./alloy/titaniumDescriptors.ts";
export { type BondingOptions, bondingFeaturizer } from "./bonding/bonding.ts";
export {
  atomicFractions,
  atomicFractionsFromMass,
  compositionKey,
  massFractions,
  withBalance,
} from "./composition.ts";
export type { CompositionFeature, CompositionFeaturizer } from "./compositionFeaturizer.ts";
export { type AmountUnit, compositionFromAmounts, convertAmounts } from "./convertAmounts.ts";
export { type DemlOptions, demlFeaturizer } from "./deml.ts";
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
export { featurizeCompositions } from "./featurizeCompositions.ts";
export {
  type CompositionFeaturizerName,
  type CompositionFeaturizerOptions,
  compositionFeaturizer,
  compositionFeaturizers,
} from "./featurizerRegistry.ts";
export { type FractionsOptions, fractionsFeaturizer } from "./fractions.ts";
export { GRADES, type Grade, type GradeLimits } from "./grades/grade.ts";
export { resolveGrade, tryResolveGrade } from "./grades/resolveGrade.ts";
export { guessOxidationStates, type OxidationStatesOptions } from "./guessOxidationStates.ts";
export { type IonicOptions, ionicFeaturizer } from "./ionic.ts";
export {
  MAGPIE_STATISTICS,
  type MagpieOptions,
  type MagpieStatistic,
  magpieFeaturizer,
} from "./magpie.ts";
export { type MeredigOptions, meredigFeaturizer } from "./meredig.ts";
export { type Normalise, type NormaliseOptions, normaliseFractions } from "./normaliseFractions.ts";
export {
  elementsFromOxides,
  molarMass,
  type OxideAnalysis,
  type OxidesOptions,
  oxidesFromElements,
} from "./oxides.ts";
export {
  type AlloyNotation,
  type AlloyNotationOptions,
  parseAlloyNotation,
  tryParseAlloyNotation,
} from "./parseAlloyNotation.ts";
export { type Composition, parseFormula, tryParseFormula } from "./parseFormula.ts";
export type { PropertyStatistic } from "./propertyStatistics.ts";
export { type StoichiometryOptions, stoichiometryFeaturizer } from "./stoichiometry.ts";
export { type ValenceOptions, valenceFeaturizer } from "./valence.ts";
export { type WardOptions, wardFeaturizer } from "./ward.ts";
