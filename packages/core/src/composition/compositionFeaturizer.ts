import type { Composition } from "./parseFormula.ts";

/** Name and unit ("" for none) of one number that a composition is turned into. */
export interface CompositionFeature {
  readonly name: string;
  readonly unit: string;
}

/**
 * Turns one composition into a fixed list of numbers.
 *
 * A number that cannot be computed (no value known for an element, or a quantity that is not defined there) is NaN, and
 * `missing` says why; nothing is imputed unless the options of the featurizer say so.
 */
export interface CompositionFeaturizer {
  /** Short literal name, also used to store it: "magpie", "fractions", "alloy", … */
  readonly name: string;
  /** Shape [nFeatures]. */
  readonly features: readonly CompositionFeature[];
  /** Sources, with DOI or standard clause. */
  readonly citations: readonly string[];
  /** Writes `features.length` numbers to `out` from `offset` on. */
  featurize(composition: Composition, out: Float64Array, offset: number): void;
  /** Why numbers of this composition are NaN, one sentence per cause; empty if none is. */
  missing(composition: Composition): readonly string[];
}
