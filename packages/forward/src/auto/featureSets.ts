import type { Feature } from "@materiome/core";

/** Some of the features, as columns of the matrix, ascending. */
export interface FeatureSet {
  readonly name: "all" | "amounts";
  readonly columns: Int32Array;
}

/**
 * Sets of features to choose among: all of them, and `amounts`, which leaves out what is computed from element amounts that
 * are features themselves (means of element properties and the like). With few rows those many columns hide the few.
 */
export function featureSets(features: readonly Feature[]): FeatureSet[] {
  const own = new Set(features.flatMap((feature) => (isAmount(feature) ? feature.source : [])));
  const columns = Array.from(features.keys());
  const kept = columns.filter((f) => {
    const feature = features[f] as Feature; // f < features
    return isAmount(feature) || !(feature.source.length > 0 && feature.source.every((source) => own.has(source)));
  });
  const all: FeatureSet = { name: "all", columns: Int32Array.from(columns) };
  return kept.length === columns.length || kept.length === 0
    ? [all]
    : [all, { name: "amounts", columns: Int32Array.from(kept) }];
}

/** An element's share of one column: of a formula, or a column of its own that holds nothing else. */
function isAmount({ unit, source }: Feature): boolean {
  return source.length === 1 && AMOUNT_UNITS.has(unit);
}

const AMOUNT_UNITS: ReadonlySet<string> = new Set(["atomic fraction", "mass fraction", "wt%", "at%", "wppm", "appm"]);
