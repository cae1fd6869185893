import { combineFeaturizers } from "./combineFeaturizers.ts";
import type { CompositionFeaturizer } from "./compositionFeaturizer.ts";
import { ELEMENT_SYMBOLS } from "./elements.ts";
import { fractionsFeaturizer } from "./fractions.ts";
import type { Composition } from "./parseFormula.ts";
import { propertyStatisticsFeaturizer } from "./propertyStatistics.ts";
import { valenceFeaturizer } from "./valence.ts";

export interface MeredigOptions {
  /** What an element without a value contributes, as for `MagpieOptions`. @defaultValue "none" */
  readonly impute?: "none" | "mean" | undefined;
}

const CITATION = "Meredig et al., Phys. Rev. B 89, 094104 (2014), doi:10.1103/PhysRevB.89.094104";
const LAWRENCIUM = 103;

/**
 * The 120 features of Meredig et al.: atomic fractions of the elements H to Lr; means of atomic weight, column and row;
 * range and mean of atomic number, atomic radius (Slater) and electronegativity; means and fractions of s, p, d and f
 * valence electrons. The property tables are ours (see `ELEMENT_PROPERTY_INFO`), so numbers differ from those of other
 * tables, and noble gases, of which Slater gives no radius, have none here. The heuristic of the paper, an estimate from
 * binary compounds, is not included: it needs a data set of formation energies.
 *
 * @see Meredig et al., Phys. Rev. B 89, 094104 (2014), doi:10.1103/PhysRevB.89.094104
 * @example
 * meredigFeaturizer().features.length; // 120
 */
export function meredigFeaturizer(options: MeredigOptions = {}): CompositionFeaturizer {
  const impute = options.impute ?? "none";
  const statistics = (
    properties: readonly ("AtomicWeight" | "Column" | "Row" | "Number" | "AtomicRadius" | "Electronegativity")[],
    names: readonly ("range" | "mean")[],
  ): CompositionFeaturizer =>
    propertyStatisticsFeaturizer({ name: "meredig", properties, statistics: names, impute, citations: [CITATION] });
  return combineFeaturizers("meredig", [
    lightFractions(),
    statistics(["AtomicWeight", "Column", "Row"], ["mean"]),
    statistics(["Number", "AtomicRadius", "Electronegativity"], ["range", "mean"]),
    valenceFeaturizer({ impute }),
  ]);
}

/** Fractions of H … Lr; all NaN where an element beyond is present, since the rest would not sum to 1. */
function lightFractions(): CompositionFeaturizer {
  const elements = ELEMENT_SYMBOLS.slice(0, LAWRENCIUM);
  const whole = fractionsFeaturizer({ elements });
  const scratch = new Float64Array(LAWRENCIUM + 1);
  return {
    ...whole,
    features: whole.features.slice(0, LAWRENCIUM),
    featurize(composition: Composition, out: Float64Array, offset: number): void {
      whole.featurize(composition, scratch, 0);
      if ((scratch[LAWRENCIUM] ?? 0) > 0) out.fill(Number.NaN, offset, offset + LAWRENCIUM);
      else out.set(scratch.subarray(0, LAWRENCIUM), offset);
    },
    missing(composition: Composition): readonly string[] {
      const heavy = [...composition.keys()].filter((element) => !elements.includes(element));
      return heavy.length === 0 ? [] : [`the set has no fraction of ${heavy.join(", ")}`];
    },
  };
}
