import type { CompositionFeaturizer } from "../composition/compositionFeaturizer.ts";
import { magpieFeatureNames, magpieFeatures, magpieFeatureUnits } from "../composition/magpie.ts";
import { DataError } from "../errors/errors.ts";
import { nearestNames } from "../text/nearestNames.ts";
import type { FormulaFeatures, TableEncoderOptions } from "./encodedInput.ts";

/** The features of formulas that the encoder computes itself: they depend on the elements met while fitting. */
export const FRACTIONS = "fractions";

/** Names that `features` of a table featurizer may hold. */
export function formulaFeatureNames(): readonly string[] {
  return [FRACTIONS, "magpie"];
}

/** The composition featurizers of `features`, without the fractions. */
export function formulaFeaturizers(
  features: readonly FormulaFeatures[],
  magpieImpute: TableEncoderOptions["magpieImpute"],
): readonly CompositionFeaturizer[] {
  return features.flatMap((entry) => {
    const { name } = typeof entry === "string" ? { name: entry } : entry;
    if (name === FRACTIONS) return [];
    if (name !== "magpie") {
      const near = nearestNames(name, formulaFeatureNames(), 1)[0];
      throw new DataError(
        `there are no composition features "${name}"; ${near === undefined ? `there are ${formulaFeatureNames().join(", ")}` : `did you mean "${near}"?`}`,
      );
    }
    const units = magpieFeatureUnits();
    return [
      {
        name,
        features: magpieFeatureNames().map((feature, k) => ({ name: feature, unit: units[k] ?? "" })),
        citations: ["doi:10.1038/npjcompumats.2016.28"],
        featurize: (composition, out, offset) => out.set(magpieFeatures(composition, { impute: magpieImpute }), offset),
        missing: () => [],
      } satisfies CompositionFeaturizer,
    ];
  });
}

export function hasFractions(features: readonly FormulaFeatures[]): boolean {
  return features.some((entry) => (typeof entry === "string" ? entry : entry.name) === FRACTIONS);
}

/** Featurizers of the alloy that element columns describe. */
export function alloyFeaturizers(options: TableEncoderOptions): readonly CompositionFeaturizer[] {
  if (options.elementColumns === undefined) return [];
  const own = options.elementColumns.features ?? options.features;
  const featurizers = formulaFeaturizers(own, options.magpieImpute);
  return featurizers.length > 0 ? featurizers : formulaFeaturizers(["magpie"], options.magpieImpute);
}
