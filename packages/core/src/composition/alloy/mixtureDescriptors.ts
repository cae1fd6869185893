import {
  type Alloy,
  deviationOf,
  localMismatchOf,
  meanOf,
  mixingEnthalpyOf,
  mixingEntropyOf,
  relativeDeviationOf,
  valuesOf,
} from "./alloy.ts";
import type { Descriptor } from "./descriptorFeaturizer.ts";
import type { ElementTable } from "./elementTable.ts";
import {
  ALLEN,
  ATOMIC_WEIGHT,
  BULK_MODULUS,
  COHESIVE_ENERGY,
  DENSITY,
  MELTING_POINT,
  PAULING,
  SHEAR_MODULUS,
  SP_ELECTRONS,
  VALENCE_ELECTRONS,
  YOUNGS_MODULUS,
} from "./elementTables.ts";

const GUO = "Guo and Liu, Prog. Nat. Sci.: Mater. Int. 21, 433 (2011), doi:10.1016/S1002-0071(12)60080-X";
const YANG = "Yang and Zhang, Mater. Chem. Phys. 132, 233 (2012), doi:10.1016/j.matchemphys.2011.11.021";
const TAKEUCHI = "Takeuchi and Inoue, Mater. Trans. 46, 2817 (2005), doi:10.2320/matertrans.46.2817";
const SINGH = "Singh et al., Intermetallics 53, 112 (2014), doi:10.1016/j.intermet.2014.04.019";
const WANG = "Wang et al., Scr. Mater. 94, 28 (2015), doi:10.1016/j.scriptamat.2014.09.010";
const WEN = "Wen et al., Acta Mater. 170, 109 (2019), doi:10.1016/j.actamat.2019.03.010";
const MIXTURE = "rule of mixtures in atomic fractions";

const single = (alloy: Alloy): string | undefined =>
  alloy.symbols.length < 2 ? "a pure element has no mixing, 0/0" : undefined;

function mean(name: string, table: ElementTable, unit: string, citation: string = MIXTURE): Descriptor {
  return { name, unit, citation, tables: [table], value: (alloy) => meanOf(alloy, table) };
}

/** Every descriptor of mixtures, under the key that presets name. */
export function mixtureDescriptors(radius: ElementTable): Readonly<Record<string, Descriptor>> {
  const delta = (alloy: Alloy): number => 100 * relativeDeviationOf(alloy, radius);
  return {
    delta: { name: "atomic size mismatch δ", unit: "%", citation: GUO, tables: [radius], value: delta },
    gamma: {
      name: "solid angle parameter γ",
      unit: "",
      citation: WANG,
      tables: [radius],
      value: (alloy) => {
        const shell = meanOf(alloy, radius);
        const radii = valuesOf(alloy, radius);
        const uncovered = (r: number): number => 1 - Math.sqrt((r + shell) ** 2 - shell ** 2) / (r + shell);
        return uncovered(Math.min(...radii)) / uncovered(Math.max(...radii));
      },
    },
    radiusLocal: {
      name: "local radius mismatch",
      unit: "pm",
      citation: WEN,
      tables: [radius],
      value: (alloy) => localMismatchOf(alloy, radius),
    },
    chiPauling: {
      name: "electronegativity difference Δχ (Pauling)",
      unit: "",
      citation: GUO,
      tables: [PAULING],
      value: (alloy) => deviationOf(alloy, PAULING),
    },
    chiAllen: {
      name: "electronegativity difference Δχ (Allen)",
      unit: "",
      citation: GUO,
      tables: [ALLEN],
      value: (alloy) => deviationOf(alloy, ALLEN),
    },
    chiRelative: {
      name: "relative electronegativity difference δχ (Pauling)",
      unit: "",
      citation: WEN,
      tables: [PAULING],
      value: (alloy) => relativeDeviationOf(alloy, PAULING),
    },
    chiLocal: {
      name: "local electronegativity mismatch (Pauling)",
      unit: "",
      citation: WEN,
      tables: [PAULING],
      value: (alloy) => localMismatchOf(alloy, PAULING),
    },
    entropy: {
      name: "mixing entropy ΔS_mix",
      unit: "J/mol/K",
      citation: GUO,
      tables: [],
      value: mixingEntropyOf,
    },
    enthalpy: {
      name: "mixing enthalpy ΔH_mix",
      unit: "kJ/mol",
      citation: TAKEUCHI,
      tables: [],
      mixes: true,
      value: mixingEnthalpyOf,
    },
    omega: {
      name: "Ω",
      unit: "",
      citation: YANG,
      tables: [MELTING_POINT],
      mixes: true,
      undefinedFor: (alloy) =>
        single(alloy) ?? (mixingEnthalpyOf(alloy) === 0 ? "the mixing enthalpy is 0, ΔS/0" : undefined),
      value: (alloy) =>
        (meanOf(alloy, MELTING_POINT) * mixingEntropyOf(alloy)) / (1000 * Math.abs(mixingEnthalpyOf(alloy))),
    },
    lambda: {
      name: "Λ",
      unit: "J/mol/K",
      citation: SINGH,
      tables: [radius],
      undefinedFor: (alloy) =>
        single(alloy) ?? (delta(alloy) === 0 ? "the elements have the same radius, ΔS/0" : undefined),
      value: (alloy) => mixingEntropyOf(alloy) / delta(alloy) ** 2,
    },
    vec: mean("valence electron concentration VEC", VALENCE_ELECTRONS, "", GUO),
    ea: mean("s and p electrons per atom e/a", SP_ELECTRONS, "", GUO),
    melting: mean("mean melting point", MELTING_POINT, "K", YANG),
    meltingSpread: {
      name: "relative melting point difference",
      unit: "",
      citation: "√Σ c (1 − T/T̄)² of the melting points, as δ of the radii",
      tables: [MELTING_POINT],
      value: (alloy) => relativeDeviationOf(alloy, MELTING_POINT),
    },
    weight: mean("mean atomic weight", ATOMIC_WEIGHT, "g/mol"),
    density: {
      name: "density of the mixture",
      unit: "kg/m3",
      citation: "ρ = Σ c M / Σ (c M / ρ_i): volumes of the pure elements add up",
      tables: [DENSITY, ATOMIC_WEIGHT],
      value: (alloy) => {
        const weights = valuesOf(alloy, ATOMIC_WEIGHT);
        const densities = valuesOf(alloy, DENSITY);
        let mass = 0;
        let volume = 0;
        for (const [i, fraction] of alloy.fractions.entries()) {
          const own = fraction * (weights[i] as number);
          mass += own;
          volume += own / (densities[i] as number);
        }
        return mass / volume;
      },
    },
    cohesive: mean("mean cohesive energy", COHESIVE_ENERGY, "eV/atom", WEN),
    shear: mean("mean shear modulus", SHEAR_MODULUS, "GPa", WEN),
    shearMismatch: {
      name: "shear modulus mismatch δG",
      unit: "%",
      citation: WEN,
      tables: [SHEAR_MODULUS],
      value: (alloy) => 100 * relativeDeviationOf(alloy, SHEAR_MODULUS),
    },
    shearLocal: {
      name: "local shear modulus mismatch",
      unit: "GPa",
      citation: WEN,
      tables: [SHEAR_MODULUS],
      value: (alloy) => localMismatchOf(alloy, SHEAR_MODULUS),
    },
    shearStrength: {
      name: "modulus mismatch in strengthening η",
      unit: "",
      citation: WEN,
      tables: [SHEAR_MODULUS],
      value: (alloy) => {
        const shear = valuesOf(alloy, SHEAR_MODULUS);
        const average = meanOf(alloy, SHEAR_MODULUS);
        let sum = 0;
        for (const [i, fraction] of alloy.fractions.entries()) {
          const own = shear[i] as number; // one value a fraction
          const term = (2 * fraction * (own - average)) / (own + average);
          sum += term / (1 + 0.5 * Math.abs(term));
        }
        return sum;
      },
    },
    bulk: mean("mean bulk modulus", BULK_MODULUS, "GPa"),
    young: mean("mean Young's modulus", YOUNGS_MODULUS, "GPa"),
  };
}
