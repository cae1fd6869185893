import { DataError } from "../errors/errors.ts";
import { ELEMENT_PROPERTY_INFO, type ElementProperty, MAGPIE_PROPERTIES } from "./elementProperties.ts";
import { ELEMENT_SYMBOLS, elementProperty } from "./elements.ts";
import type { Composition } from "./parseFormula.ts";

/** The six statistics of each element property, in the order of the Magpie set. */
export const MAGPIE_STATISTICS = ["minimum", "maximum", "range", "mean", "avg_dev", "mode"] as const;
export type MagpieStatistic = (typeof MAGPIE_STATISTICS)[number];

export interface MagpieOptions {
  /** Element properties to use. @defaultValue all 22 */
  readonly properties?: readonly ElementProperty[] | undefined;
  /** Statistics of each property. @defaultValue all six */
  readonly statistics?: readonly MagpieStatistic[] | undefined;
  /**
   * What an element without a value contributes: `"mean"` is the plain mean of the property over all elements that have
   * it, as in the published set; `"none"` makes every statistic of that property NaN. @defaultValue "none"
   */
  readonly impute?: "none" | "mean" | undefined;
}

/** Names of the features, `"<statistic> <property>"`, in the order that {@link magpieFeatures} returns. */
export function magpieFeatureNames(options: MagpieOptions = {}): string[] {
  const { properties, statistics } = resolve(options);
  return properties.flatMap((property) => statistics.map((statistic) => `${statistic} ${property}`));
}

/** Units of the features, in the same order. */
export function magpieFeatureUnits(options: MagpieOptions = {}): string[] {
  const { properties, statistics } = resolve(options);
  return properties.flatMap((property) => statistics.map(() => ELEMENT_PROPERTY_INFO[property].unit));
}

/**
 * Statistics of element properties over a composition.
 *
 * With property values x_i and amounts w_i (any scale): minimum and maximum over the elements present, range = maximum −
 * minimum, mean = Σ w x / Σ w, avg_dev = Σ w |x − mean| / Σ w, mode = the smallest x among the elements whose amount equals
 * the largest (within 1e-8 + 1e-5 · largest).
 *
 * @returns one number per name of {@link magpieFeatureNames}
 * @throws DataError for an empty composition or an unknown element
 * @see Ward et al., npj Comput. Mater. 2, 16028 (2016), doi:10.1038/npjcompumats.2016.28
 * @example
 * magpieFeatures(parseFormula("Fe2O3"), { properties: ["Number"] }); // [8, 26, 18, 15.2, 8.64, 8]
 */
export function magpieFeatures(composition: Composition, options: MagpieOptions = {}): Float64Array {
  const { properties, statistics, impute } = resolve(options);
  if (composition.size === 0) throw new DataError("magpieFeatures: the composition is empty");
  const amounts = Float64Array.from(composition.values());
  const elements = [...composition.keys()];
  const out = new Float64Array(properties.length * statistics.length);
  let k = 0;
  for (const property of properties) {
    const x = Float64Array.from(elements, (element) => {
      const value = elementProperty(element, property);
      return Number.isNaN(value) && impute === "mean" ? propertyMean(property) : value;
    });
    const all = describe(x, amounts);
    for (const statistic of statistics) out[k++] = all[statistic];
  }
  return out;
}

function describe(x: Float64Array, w: Float64Array): Readonly<Record<MagpieStatistic, number>> {
  const n = x.length;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  let sumW = 0;
  let sumWx = 0;
  let largest = 0;
  for (let i = 0; i < n; i++) {
    const value = x[i] as number; // i < n
    const weight = w[i] as number;
    minimum = Math.min(minimum, value); // NaN wins, as it must
    maximum = Math.max(maximum, value);
    sumW += weight;
    sumWx += weight * value;
    largest = Math.max(largest, weight);
  }
  const mean = sumWx / sumW;
  let deviation = 0;
  let mode = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    const value = x[i] as number; // i < n
    const weight = w[i] as number;
    deviation += weight * Math.abs(value - mean);
    if (Math.abs(weight - largest) <= 1e-8 + 1e-5 * largest) mode = Math.min(mode, value);
  }
  if (Number.isNaN(mean)) mode = Number.NaN;
  return { minimum, maximum, range: maximum - minimum, mean, avg_dev: deviation / sumW, mode };
}

const means = new Map<ElementProperty, number>();

function propertyMean(property: ElementProperty): number {
  const known = means.get(property);
  if (known !== undefined) return known;
  const values = ELEMENT_SYMBOLS.map((symbol) => elementProperty(symbol, property)).filter((x) => !Number.isNaN(x));
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  means.set(property, mean);
  return mean;
}

function resolve(options: MagpieOptions): {
  readonly properties: readonly ElementProperty[];
  readonly statistics: readonly MagpieStatistic[];
  readonly impute: "none" | "mean";
} {
  return {
    properties: options.properties ?? MAGPIE_PROPERTIES,
    statistics: options.statistics ?? MAGPIE_STATISTICS,
    impute: options.impute ?? "none",
  };
}
