import { DataError } from "../errors/errors.ts";
import type { CompositionFeaturizer } from "./compositionFeaturizer.ts";
import { missingProperties, propertyMatrix, readAmounts } from "./elementAmounts.ts";
import { guessOxidationStates, type OxidationStatesOptions } from "./guessOxidationStates.ts";
import { MAGPIE_CITATION } from "./magpie.ts";
import type { Composition } from "./parseFormula.ts";

export interface IonicOptions extends OxidationStatesOptions {
  /** What an element without electronegativity contributes, as for `MagpieOptions`. @defaultValue "none" */
  readonly impute?: "none" | "mean" | undefined;
}

const ELECTRONEGATIVITY = ["Electronegativity"] as const;

/**
 * Three numbers on ionic bonding:
 *
 * - `compound possible`: 1 if a charge-neutral assignment of oxidation states exists (see `guessOxidationStates`; a single
 *   element counts as neutral), else 0; NaN where no state of an element is known;
 * - `maximum ionic character`: the largest I_ij = 1 − exp(−(χ_i − χ_j)²/4) over pairs of elements, by Pauling;
 * - `mean ionic character`: Σ_{i<j} x_i x_j I_ij over the atomic fractions x_i, each pair once.
 *
 * @see Ward et al., npj Comput. Mater. 2, 16028 (2016), doi:10.1038/npjcompumats.2016.28
 * @example
 * ionicFeaturizer(); // of NaCl: 1, 1 − exp(−(3.16 − 0.93)²/4) = 0.7115…, a quarter of that
 */
export function ionicFeaturizer(options: IonicOptions = {}): CompositionFeaturizer {
  const impute = options.impute ?? "none";
  const chi = propertyMatrix(ELECTRONEGATIVITY, impute);
  return {
    name: "ionic",
    features: ["compound possible", "maximum ionic character", "mean ionic character"].map((name) => ({
      name,
      unit: "",
    })),
    citations: [MAGPIE_CITATION, "Pauling, The Nature of the Chemical Bond, Cornell University Press"],
    featurize(composition: Composition, out: Float64Array, offset: number): void {
      const { n, total, rows, amounts } = readAmounts("ionic", composition);
      let maximum = 0;
      let mean = 0;
      for (let i = 0; i < n; i++) {
        const a = chi[rows[i] ?? 0] ?? Number.NaN;
        for (let j = 0; j < i; j++) {
          const d = a - (chi[rows[j] ?? 0] ?? Number.NaN);
          const character = 1 - Math.exp(-0.25 * d * d);
          maximum = Math.max(maximum, character); // NaN wins, as it must
          mean += ((amounts[i] ?? 0) / total) * ((amounts[j] ?? 0) / total) * character;
        }
      }
      const isElement = n === 1;
      out[offset + 1] = maximum;
      out[offset + 2] = mean;
      out[offset] = isElement ? 1 : possible(composition, options).value;
    },
    missing(composition: Composition): readonly string[] {
      if (readAmounts("ionic", composition).n === 1) return [];
      const why = possible(composition, options).why;
      const unknown = impute === "mean" ? [] : missingProperties(composition, ELECTRONEGATIVITY);
      return why === undefined ? unknown : [...unknown, why];
    },
  };
}

function possible(
  composition: Composition,
  options: IonicOptions,
): { readonly value: number; readonly why?: string | undefined } {
  try {
    return { value: guessOxidationStates(composition, options) === undefined ? 0 : 1 };
  } catch (error) {
    if (error instanceof DataError) return { value: Number.NaN, why: error.message };
    throw error;
  }
}
