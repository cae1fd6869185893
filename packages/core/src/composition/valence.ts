import { DataError } from "../errors/errors.ts";
import type { CompositionFeaturizer } from "./compositionFeaturizer.ts";
import { missingProperties, propertyMatrix, readAmounts } from "./elementAmounts.ts";
import { MAGPIE_CITATION } from "./magpie.ts";
import type { Composition } from "./parseFormula.ts";

const ORBITALS = ["s", "p", "d", "f"] as const;
const PROPERTIES = ["NsValence", "NpValence", "NdValence", "NfValence"] as const;

export interface ValenceOptions {
  /** `"mean"`: valence electrons per atom in each orbital; `"fraction"`: their share of all. @defaultValue both */
  readonly statistics?: readonly ("mean" | "fraction")[] | undefined;
  /** What an element without a value contributes, as for `MagpieOptions`. @defaultValue "none" */
  readonly impute?: "none" | "mean" | undefined;
}

/**
 * Valence electrons in s, p, d and f orbitals: `"mean <orbital> valence electrons"` is N_o = Σ x_i N_o,i over the atomic
 * fractions x_i, `"fraction of <orbital> valence electrons"` is N_o / (N_s + N_p + N_d + N_f).
 *
 * @throws DataError for an unknown statistic
 * @see Ward et al., npj Comput. Mater. 2, 16028 (2016), doi:10.1038/npjcompumats.2016.28
 * @example
 * valenceFeaturizer({ statistics: ["fraction"] }); // of NaCl (s: 1 and 2, p: 0 and 5): 3/8, 5/8, 0, 0
 */
export function valenceFeaturizer(options: ValenceOptions = {}): CompositionFeaturizer {
  const statistics = options.statistics ?? ["mean", "fraction"];
  for (const statistic of statistics) {
    if (statistic !== "mean" && statistic !== "fraction") {
      throw new DataError(`valenceFeaturizer: no statistic "${statistic as string}"; known are mean and fraction`);
    }
  }
  const impute = options.impute ?? "none";
  const table = propertyMatrix(PROPERTIES, impute);
  const sums = new Float64Array(ORBITALS.length);
  return {
    name: "valence",
    features: statistics.flatMap((statistic) =>
      ORBITALS.map((orbital) => ({
        name: `${statistic === "mean" ? "mean" : "fraction of"} ${orbital} valence electrons`,
        unit: "",
      })),
    ),
    citations: [MAGPIE_CITATION],
    featurize(composition: Composition, out: Float64Array, offset: number): void {
      const { n, total, rows, amounts } = readAmounts("valence", composition);
      sums.fill(0);
      for (let i = 0; i < n; i++) {
        const row = 4 * (rows[i] ?? 0);
        const fraction = (amounts[i] ?? 0) / total;
        for (let o = 0; o < 4; o++) sums[o] = (sums[o] ?? 0) + fraction * (table[row + o] ?? 0);
      }
      const all = sums.reduce((a, b) => a + b, 0);
      let k = offset;
      for (const statistic of statistics) {
        for (const sum of sums) out[k++] = statistic === "mean" ? sum : sum / all;
      }
    },
    missing: (composition: Composition): readonly string[] =>
      impute === "mean" ? [] : missingProperties(composition, PROPERTIES),
  };
}
