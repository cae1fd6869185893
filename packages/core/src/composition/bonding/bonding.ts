import type { CompositionFeaturizer } from "../compositionFeaturizer.ts";
import { missingProperties } from "../elementAmounts.ts";
import type { OxidationStatesOptions } from "../guessOxidationStates.ts";
import { MAGPIE_CITATION } from "../magpie.ts";
import type { Composition } from "../parseFormula.ts";
import { type BondingFeature, bondedComposition } from "./bondedComposition.ts";
import { CHARGE_FEATURES } from "./chargeFeatures.ts";
import { CLASS_FEATURES } from "./classFeatures.ts";
import { ELECTRON_FEATURES } from "./electronFeatures.ts";
import { outermostLevel } from "./frontierLevels.ts";
import { ION_FEATURES } from "./ionFeatures.ts";
import { LEVEL_FEATURES } from "./levelFeatures.ts";

const FEATURES: readonly BondingFeature[] = [
  ...CHARGE_FEATURES,
  ...ION_FEATURES,
  ...ELECTRON_FEATURES,
  ...CLASS_FEATURES,
  ...LEVEL_FEATURES,
];

/** `mixedValence` as for `guessOxidationStates`. */
export type BondingOptions = Pick<OxidationStatesOptions, "mixedValence">;

/**
 * What tells compounds from each other and metals from non-metals, 28 numbers:
 *
 * - Oxidation states q_i, as `guessOxidationStates` assigns them, common ones before observed ones: whether either list makes the
 *   composition neutral (1 or 0), the least |Σ x_i q_i| otherwise, highest, lowest and mean absolute state, fraction of anions.
 *   Where no assignment is neutral (alloys), in a single element, and for noble gases the states are 0.
 * - Means over the anions (q_i < 0) and over the cations (q_i > 0), weighted by charge x_i |q_i|: electronegativity, period, highest
 *   orbital level of the free atom. Without ions the most electronegative element stands for the anions and all others for
 *   the cations; a single element for both.
 * - Electrons by the octet rule: Σ x_i e_i per atom and per anion, with the group number (less ten from group 11 on) as e_i, 3 for
 *   lanthanides; the octet balance Σ x_i e_i − 8 x_anions (2 for hydrogen), 0 in normal valence compounds such as NaCl, GaAs
 *   and Mg2Si; d electrons on cations of groups 3 to 12, min(d, 10 − d) of them in open shells; electrons of lone pairs on cations of
 *   groups 13 to 17; parity of all electrons of the reduced formula (1 odd, 0 even, 0.5 without whole numbers).
 * - Fractions of metals, metalloids, transition metals (groups 3 to 11) and f-block metals.
 * - Highest occupied and lowest unoccupied level, in eV, and the gap between: the free atoms' orbitals filled from the lowest on with
 *   all electrons.
 *
 * They are guesses from the formula alone and know neither structure nor polymorph.
 *
 * @see Mooser and Pearson, Phys. Rev. 101, 1608 (1956), doi:10.1103/PhysRev.101.1608 (octet rule of semiconductors)
 * @see Kotochigova et al., Phys. Rev. A 55, 191 (1997), doi:10.1103/PhysRevA.55.191 (orbital levels)
 * @example
 * bondingFeaturizer(); // of NaCl: neutral, states 1 and −1, octet balance 0, levels Cl 3p and Na 3s: gap 5.90 eV
 */
export function bondingFeaturizer(options: BondingOptions = {}): CompositionFeaturizer {
  return {
    name: "bonding",
    features: FEATURES.map(({ name, unit }) => ({ name, unit })),
    citations: [
      "octet rule: Mooser and Pearson, Phys. Rev. 101, 1608 (1956), doi:10.1103/PhysRev.101.1608",
      "orbital levels: Kotochigova et al., Phys. Rev. A 55, 191 (1997), doi:10.1103/PhysRevA.55.191",
      MAGPIE_CITATION,
    ],
    featurize(composition: Composition, out: Float64Array, offset: number): void {
      const bonded = bondedComposition(composition, options);
      for (const [k, feature] of FEATURES.entries()) out[offset + k] = feature.value(bonded);
    },
    missing(composition: Composition): readonly string[] {
      const { why, atoms, levels } = bondedComposition(composition, options);
      const reasons = missingProperties(composition, ["Electronegativity", "Row", "Column"]);
      if (why !== undefined) reasons.push(why);
      if (Number.isNaN(levels.highestOccupied)) {
        const beyond = atoms.filter(({ symbol }) => Number.isNaN(outermostLevel(symbol))).map(({ symbol }) => symbol);
        reasons.push(`no orbital levels are known for ${beyond.join(", ")}`);
      }
      return reasons;
    },
  };
}
