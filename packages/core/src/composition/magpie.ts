import type { CompositionFeaturizer } from "./compositionFeaturizer.ts";
import { type ElementProperty, MAGPIE_PROPERTIES } from "./elementProperties.ts";
import { type PropertyStatistic, propertyStatisticsFeaturizer } from "./propertyStatistics.ts";

/** The six statistics of each element property, in the order of the Magpie set. */
export const MAGPIE_STATISTICS = ["minimum", "maximum", "range", "mean", "avg_dev", "mode"] as const;
export type MagpieStatistic = (typeof MAGPIE_STATISTICS)[number];

export interface MagpieOptions {
  /** Element properties to use. @defaultValue the 22 of the Magpie set */
  readonly properties?: readonly ElementProperty[] | undefined;
  /** Statistics of each property. @defaultValue the six of the Magpie set */
  readonly statistics?: readonly PropertyStatistic[] | undefined;
  /**
   * What an element without a value contributes: `"mean"` is the plain mean of the property over all elements that have
   * it, as in the published set; `"none"` makes every statistic of that property NaN. @defaultValue "none"
   */
  readonly impute?: "none" | "mean" | undefined;
}

/** DOI of the Magpie set. */
export const MAGPIE_CITATION =
  "Ward, Agrawal, Choudhary, Wolverton, npj Comput. Mater. 2, 16028 (2016), doi:10.1038/npjcompumats.2016.28";

/**
 * Statistics of element properties over a composition: the 132 features of the Magpie set, unless told otherwise.
 *
 * With property values x_i and amounts w_i (any scale): minimum and maximum over the elements present, range = maximum −
 * minimum, mean = Σ w x / Σ w, avg_dev = Σ w |x − mean| / Σ w, mode = the smallest x among the elements whose amount equals
 * the largest (within 1e-8 + 1e-5 · largest), std_dev = √(Σ w (x − mean)² / Σ w).
 *
 * @throws DataError for a property or statistic that does not exist
 * @see Ward et al., npj Comput. Mater. 2, 16028 (2016), doi:10.1038/npjcompumats.2016.28
 * @example
 * const featurizer = magpieFeaturizer({ impute: "mean" });
 * const row = new Float64Array(featurizer.features.length); // 132
 * featurizer.featurize(parseFormula("Fe2O3"), row, 0);
 */
export function magpieFeaturizer(options: MagpieOptions = {}): CompositionFeaturizer {
  return propertyStatisticsFeaturizer({
    name: "magpie",
    properties: options.properties ?? MAGPIE_PROPERTIES,
    statistics: options.statistics ?? MAGPIE_STATISTICS,
    impute: options.impute ?? "none",
    citations: [MAGPIE_CITATION],
  });
}
