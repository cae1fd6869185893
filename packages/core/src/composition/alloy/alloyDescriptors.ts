import { DataError } from "../../errors/errors.ts";
import type { CompositionFeaturizer } from "../compositionFeaturizer.ts";
import { type Descriptor, descriptorFeaturizer } from "./descriptorFeaturizer.ts";
import type { ElementTable } from "./elementTable.ts";
import { RADIUS_GUO, RADIUS_MIRACLE } from "./elementTables.ts";
import { mixtureDescriptors } from "./mixtureDescriptors.ts";

/** Metallic radii to use: of Guo and Liu (2011), as most papers on high-entropy alloys, or of Miracle et al. (2010). */
export type RadiusSet = "guo2011" | "miracle2010";

/**
 * Selections of descriptors that papers work with. `wen2019` leaves out the paper's e/a, work function, Peierls–Nabarro
 * factor and energies of lattice distortion.
 */
export type AlloyPreset = "all" | "guo2011" | "yang2012" | "wen2019";

export interface AlloyDescriptorsOptions {
  /** @defaultValue "guo2011" */
  readonly radii?: RadiusSet | undefined;
  /** Which descriptors. @defaultValue "all" */
  readonly preset?: AlloyPreset | undefined;
}

const RADII: Readonly<Record<RadiusSet, ElementTable>> = { guo2011: RADIUS_GUO, miracle2010: RADIUS_MIRACLE };

/** @internal */
export function radiusTable(where: string, radii: RadiusSet): ElementTable {
  return oneOf(where, "radii", radii, RADII);
}

function oneOf<T>(where: string, option: string, name: string, known: Readonly<Record<string, T>>): T {
  const found = Object.hasOwn(known, name) ? known[name] : undefined;
  if (found !== undefined) return found;
  throw new DataError(`${where}: ${option} "${name}" is not known; there are ${Object.keys(known).join(", ")}`);
}

const PRESETS: Readonly<Record<AlloyPreset, readonly string[]>> = {
  all: Object.keys(mixtureDescriptors(RADIUS_GUO)),
  guo2011: ["delta", "enthalpy", "entropy", "chiPauling", "vec", "ea"],
  yang2012: ["delta", "omega"],
  wen2019: [
    ...["delta", "radiusLocal", "gamma", "lambda", "entropy", "omega", "enthalpy", "chiRelative", "chiLocal", "vec"],
    ...["cohesive", "shear", "shearMismatch", "shearLocal", "shearStrength"],
  ],
};

/**
 * Thermodynamic and mismatch descriptors of (high-entropy) alloys, in atomic fractions c.
 *
 * δ = 100 √Σ c (1 − r/r̄)²; Δχ = √Σ c (χ − χ̄)² with Pauling's and Allen's electronegativity, δχ the same relative to χ̄;
 * ΔS_mix = −R Σ c ln c; ΔH_mix = Σ_{i<j} 4 H_ij c_i c_j with {@link binaryMixingEnthalpy}; Ω = T̄_m ΔS_mix / |ΔH_mix|;
 * Λ = ΔS_mix / δ² (δ in %); γ = ω(smallest radius) / ω(largest), ω(r) = 1 − √((r + r̄)² − r̄²) / (r + r̄); VEC counts d
 * electrons (group number, less 10 from group 13 on, 3 for lanthanides), e/a only s and p electrons of the free atom; local
 * mismatches Σ_i Σ_{j≠i} c_i c_j |x_i − x_j|; η = Σ t / (1 + |t|/2), t = 2 c (G − Ḡ)/(G + Ḡ); means are Σ c x, the density
 * is that of added volumes.
 *
 * δ, γ and Λ depend strongly on the radii: the alloy CoCrFeMnNi has δ = 3.27 % with those of Guo and Liu, 2.25 % with those
 * of Miracle; say which.
 *
 * A descriptor is NaN where a property of an element is not known, and where it is not defined (Ω and Λ of a pure element,
 * Ω of an alloy without mixing enthalpy, Λ of one without size mismatch); `missing` says which and why.
 *
 * @throws DataError for radii or a preset that is not known
 * @example
 * const featurizer = alloyDescriptors({ preset: "guo2011" });
 * const out = new Float64Array(featurizer.features.length);
 * featurizer.featurize(parseFormula("CoCrFeMnNi"), out, 0); // δ 3.27 %, ΔH −4.2 kJ/mol, ΔS 13.38 J/(mol·K), …
 */
export function alloyDescriptors(options: AlloyDescriptorsOptions = {}): CompositionFeaturizer {
  const { radii = "guo2011", preset = "all" } = options;
  const descriptors = mixtureDescriptors(radiusTable("alloyDescriptors", radii));
  return descriptorFeaturizer(
    "alloy",
    oneOf("alloyDescriptors", "preset", preset, PRESETS).map((key) => descriptors[key] as Descriptor), // keys of the record
  );
}
