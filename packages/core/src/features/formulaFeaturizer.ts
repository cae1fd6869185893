import type { CompositionFeaturizer } from "../composition/compositionFeaturizer.ts";
import {
  type CompositionFeaturizerName,
  compositionFeaturizer,
  compositionFeaturizers,
} from "../composition/featurizerRegistry.ts";
import { DataError } from "../errors/errors.ts";
import { nearestNames } from "../text/nearestNames.ts";
import type { FormulaFeatures, TableEncoderOptions } from "./encodedInput.ts";

/** The features of formulas that the encoder computes itself: the elements met while fitting, and all others as one. */
const FRACTIONS = "fractions";

/** The composition featurizers of `features`, without the fractions that the encoder computes itself. */
export function formulaFeaturizers(
  features: readonly FormulaFeatures[],
  magpieImpute: TableEncoderOptions["magpieImpute"],
): readonly CompositionFeaturizer[] {
  return features.flatMap((entry) => {
    if (isFractions(entry)) return [];
    const [name = "", preset] = typeof entry === "string" ? entry.split(":") : [entry.name];
    const options = preset ?? (typeof entry === "string" ? undefined : entry.options);
    const known = compositionFeaturizers().map((featurizer) => featurizer.name as string);
    if (!known.includes(name)) {
      const near = nearestNames(name, known);
      throw new DataError(
        `there are no composition features "${name}"; ${near.length > 0 ? `did you mean ${near.map((n) => `"${n}"`).join(" or ")}?` : `there are ${known.join(", ")}`}`,
      );
    }
    const own = name === "magpie" && options === undefined ? { impute: magpieImpute } : options;
    return [compositionFeaturizer(name as CompositionFeaturizerName, own)];
  });
}

export function hasFractions(features: readonly FormulaFeatures[]): boolean {
  return features.some(isFractions);
}

/** Featurizers of the alloy that element columns describe. */
export function alloyFeaturizers(options: TableEncoderOptions): readonly CompositionFeaturizer[] {
  if (options.elementColumns === undefined) return [];
  const own = options.elementColumns.features ?? options.features;
  const featurizers = formulaFeaturizers(own, options.magpieImpute);
  return featurizers.length > 0 ? featurizers : formulaFeaturizers(["magpie"], options.magpieImpute);
}

/** With options, fractions are those of the composition featurizer: of a fixed list of elements. */
function isFractions(entry: FormulaFeatures): boolean {
  return entry === FRACTIONS || (typeof entry !== "string" && entry.name === FRACTIONS && entry.options === undefined);
}
