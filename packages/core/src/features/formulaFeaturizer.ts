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

/**
 * The composition featurizers of `features`, without the fractions that the encoder computes itself. A feature whose name
 * an earlier set has taken carries its set behind the name: `atomic size mismatch δ (glass)` is that of other radii.
 */
export function formulaFeaturizers(
  features: readonly FormulaFeatures[],
  magpieImpute: TableEncoderOptions["magpieImpute"],
): readonly CompositionFeaturizer[] {
  const before: FeatureSet[] = [];
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
    const featurizer = compositionFeaturizer(name as CompositionFeaturizerName, own);
    const set = { label: typeof entry === "string" ? entry : name, names: featurizer.features.map((f) => f.name) };
    const distinct = withOwnNames(featurizer, set, before);
    before.push(set);
    return [distinct];
  });
}

interface FeatureSet {
  readonly label: string;
  readonly names: readonly string[];
}

function withOwnNames(
  featurizer: CompositionFeaturizer,
  set: FeatureSet,
  before: readonly FeatureSet[],
): CompositionFeaturizer {
  for (const other of before) {
    const [part, whole] = set.names.length < other.names.length ? [set, other] : [other, set];
    if (!part.names.every((name) => whole.names.includes(name))) continue;
    throw new DataError(
      `all features of "${part.label}" are among those of "${whole.label}"; leave "${part.label}" out`,
    );
  }
  const taken = new Set(before.flatMap(({ names }) => names));
  if (!set.names.some((name) => taken.has(name))) return featurizer;
  const features = featurizer.features.map(({ name, unit }) => ({
    name: taken.has(name) ? `${name} (${set.label})` : name,
    unit,
  }));
  return { ...featurizer, features };
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
