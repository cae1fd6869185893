import { DataError } from "../errors/errors.ts";
import { elementStatistics } from "../kernels/index.ts";
import { suggestionText } from "../text/suggestionText.ts";
import type { CompositionFeaturizer } from "./compositionFeaturizer.ts";
import { missingProperties, propertyMatrix, propertyUnit, readAmounts } from "./elementAmounts.ts";
import { ELEMENT_PROPERTIES, type ElementProperty } from "./elementProperties.ts";
import type { Composition } from "./parseFormula.ts";

/** Statistics of an element property over a composition, in the order that the kernel knows them by. */
export const PROPERTY_STATISTICS = ["minimum", "maximum", "range", "mean", "avg_dev", "mode", "std_dev"] as const;
export type PropertyStatistic = (typeof PROPERTY_STATISTICS)[number];

export interface PropertyStatisticsSettings {
  readonly name: string;
  readonly properties: readonly ElementProperty[];
  readonly statistics: readonly PropertyStatistic[];
  readonly impute: "none" | "mean";
  readonly citations: readonly string[];
}

/**
 * Featurizer of statistics of element properties, `"<statistic> <property>"`, property by property.
 *
 * With property values x_i and amounts w_i (any scale): minimum and maximum over the elements present, range = maximum −
 * minimum, mean = Σ w x / Σ w, avg_dev = Σ w |x − mean| / Σ w, mode = the smallest x among the elements whose amount equals
 * the largest (within 1e-8 + 1e-5 · largest), std_dev = √(Σ w (x − mean)² / Σ w).
 *
 * @throws DataError for a property or statistic that does not exist
 */
export function propertyStatisticsFeaturizer(settings: PropertyStatisticsSettings): CompositionFeaturizer {
  const { name, properties, statistics, impute, citations } = settings;
  known(name, "element property", properties, ELEMENT_PROPERTIES);
  known(name, "statistic", statistics, PROPERTY_STATISTICS);
  if (impute !== "none" && impute !== "mean") {
    throw new DataError(`${name}: impute must be "none" or "mean", got ${JSON.stringify(impute)}`);
  }
  const table = propertyMatrix(properties, impute);
  const codes = Int32Array.from(statistics, (statistic) => PROPERTY_STATISTICS.indexOf(statistic));
  const scratch = new Float64Array(PROPERTY_STATISTICS.length);
  return {
    name,
    features: properties.flatMap((property) =>
      statistics.map((statistic) => ({
        name: `${statistic} ${property}`,
        unit: propertyUnit(property),
      })),
    ),
    citations,
    featurize(composition: Composition, out: Float64Array, offset: number): void {
      const { n, rows, amounts } = readAmounts(name, composition);
      const nProperties = properties.length;
      elementStatistics(n, rows, amounts, nProperties, table, codes.length, codes, scratch, out, offset);
    },
    missing: (composition: Composition): readonly string[] =>
      impute === "mean" ? [] : missingProperties(composition, properties),
  };
}

function known(name: string, what: string, given: readonly string[], all: readonly string[]): void {
  for (const text of given) {
    if (all.includes(text)) continue;
    throw new DataError(`${name}: no ${what} "${text}"; ${suggestionText(text, all, "known are")}`);
  }
}
