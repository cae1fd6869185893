import { DataError, MateriomeError } from "../errors/errors.ts";
import type { FeatureMatrix } from "../matrix/matrix.ts";
import type { CompositionFeaturizer } from "./compositionFeaturizer.ts";
import type { Composition } from "./parseFormula.ts";

/**
 * Features of many compositions as one matrix, one row each; a row without a composition is NaN throughout.
 *
 * @param source - names of the table columns that the compositions came from, to trace the features by
 * @returns shape [compositions.length, featurizer.features.length]
 * @throws DataError where the featurizer refuses a composition, naming its index
 * @example
 * featurizeCompositions(magpieFeaturizer(), [parseFormula("Fe2O3"), parseFormula("NaCl")]).rows; // 2
 */
export function featurizeCompositions(
  featurizer: CompositionFeaturizer,
  compositions: readonly (Composition | undefined)[],
  source: readonly string[] = [],
): FeatureMatrix {
  const columns = featurizer.features.length;
  const data = new Float64Array(compositions.length * columns);
  for (const [i, composition] of compositions.entries()) {
    if (composition === undefined) {
      data.fill(Number.NaN, i * columns, (i + 1) * columns);
      continue;
    }
    try {
      featurizer.featurize(composition, data, i * columns);
    } catch (cause) {
      if (!(cause instanceof MateriomeError)) throw cause;
      throw new DataError(`composition ${i} (counted from 0): ${cause.message}`, { cause });
    }
  }
  const features = featurizer.features.map(({ name, unit }) => ({ name, unit, source }));
  return { data, rows: compositions.length, columns, features };
}
