import type { CompositionFeaturizer } from "./compositionFeaturizer.ts";
import type { Composition } from "./parseFormula.ts";

/**
 * One featurizer of the features of several, in their order.
 *
 * @example
 * combineFeaturizers("mine", [stoichiometryFeaturizer(), valenceFeaturizer()]);
 */
export function combineFeaturizers(name: string, parts: readonly CompositionFeaturizer[]): CompositionFeaturizer {
  return {
    name,
    features: parts.flatMap((part) => part.features),
    citations: [...new Set(parts.flatMap((part) => part.citations))],
    featurize(composition: Composition, out: Float64Array, offset: number): void {
      let at = offset;
      for (const part of parts) {
        part.featurize(composition, out, at);
        at += part.features.length;
      }
    },
    missing: (composition: Composition): readonly string[] => [
      ...new Set(parts.flatMap((part) => part.missing(composition))),
    ],
  };
}
