import { combineFeaturizers } from "./combineFeaturizers.ts";
import type { CompositionFeaturizer } from "./compositionFeaturizer.ts";
import { ionicFeaturizer } from "./ionic.ts";
import { magpieFeaturizer } from "./magpie.ts";
import { stoichiometryFeaturizer } from "./stoichiometry.ts";
import { valenceFeaturizer } from "./valence.ts";

export interface WardOptions {
  /** What an element without a value contributes, as for `MagpieOptions`. @defaultValue "none" */
  readonly impute?: "none" | "mean" | undefined;
}

/**
 * The whole set of 145 features of Ward et al.: 6 stoichiometric norms, the 132 property statistics, 4 fractions of valence
 * electrons, 3 numbers on ionic bonding (with the common oxidation states, one to each element, as the
 * paper says; matminer by default also lets the atoms of one element differ).
 *
 * @see Ward et al., npj Comput. Mater. 2, 16028 (2016), doi:10.1038/npjcompumats.2016.28
 * @example
 * wardFeaturizer().features.length; // 145
 */
export function wardFeaturizer(options: WardOptions = {}): CompositionFeaturizer {
  const impute = options.impute ?? "none";
  return combineFeaturizers("ward", [
    stoichiometryFeaturizer(),
    magpieFeaturizer({ impute }),
    valenceFeaturizer({ statistics: ["fraction"], impute }),
    ionicFeaturizer({ states: "common", mixedValence: false, impute }),
  ]);
}
