import { DataError } from "../errors/errors.ts";
import type { CompositionFeaturizer } from "./compositionFeaturizer.ts";
import { readAmounts } from "./elementAmounts.ts";
import { MAGPIE_CITATION } from "./magpie.ts";
import type { Composition } from "./parseFormula.ts";

export interface StoichiometryOptions {
  /** Orders p of the norms: 0, or at least 1. @defaultValue 0, 2, 3, 5, 7, 10, as in the Magpie set */
  readonly norms?: readonly number[] | undefined;
}

/**
 * Norms of the atomic fractions, `"<p>-norm"`: (Σ x_i^p)^(1/p), and for p = 0 the number of elements. They tell how evenly
 * the atoms are shared, whatever the elements are.
 *
 * @throws DataError for an order that is neither 0 nor at least 1
 * @see Ward et al., npj Comput. Mater. 2, 16028 (2016), doi:10.1038/npjcompumats.2016.28
 * @example
 * stoichiometryFeaturizer({ norms: [0, 2] }); // of Fe2O3: 2, √(0.4² + 0.6²) = 0.7211…
 */
export function stoichiometryFeaturizer(options: StoichiometryOptions = {}): CompositionFeaturizer {
  const norms = options.norms ?? [0, 2, 3, 5, 7, 10];
  for (const p of norms) {
    if (p !== 0 && !(p >= 1 && p < Number.POSITIVE_INFINITY)) {
      throw new DataError(`stoichiometryFeaturizer: the order of a norm must be 0 or at least 1, got ${p}`);
    }
  }
  return {
    name: "stoichiometry",
    features: norms.map((p) => ({ name: `${p}-norm`, unit: "" })),
    citations: [MAGPIE_CITATION],
    featurize(composition: Composition, out: Float64Array, offset: number): void {
      const { n, total, amounts } = readAmounts("stoichiometry", composition);
      for (const [k, p] of norms.entries()) {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += ((amounts[i] ?? 0) / total) ** p;
        out[offset + k] = p === 0 ? n : sum ** (1 / p);
      }
    },
    missing: (): readonly string[] => [],
  };
}
