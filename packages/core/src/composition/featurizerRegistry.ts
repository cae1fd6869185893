import { DataError } from "../errors/errors.ts";
import { suggestionText } from "../text/suggestionText.ts";
import { type AlloyDescriptorsOptions, alloyDescriptors } from "./alloy/alloyDescriptors.ts";
import { type GlassDescriptorsOptions, glassDescriptors } from "./alloy/glassDescriptors.ts";
import type { FormulasOptions } from "./alloy/massFormula.ts";
import { steelDescriptors } from "./alloy/steelDescriptors.ts";
import { titaniumDescriptors } from "./alloy/titaniumDescriptors.ts";
import { type BondingOptions, bondingFeaturizer } from "./bonding/bonding.ts";
import type { CompositionFeaturizer } from "./compositionFeaturizer.ts";
import { type DemlOptions, demlFeaturizer } from "./deml.ts";
import { type FractionsOptions, fractionsFeaturizer } from "./fractions.ts";
import { type IonicOptions, ionicFeaturizer } from "./ionic.ts";
import { type MagpieOptions, magpieFeaturizer } from "./magpie.ts";
import { type MeredigOptions, meredigFeaturizer } from "./meredig.ts";
import { type StoichiometryOptions, stoichiometryFeaturizer } from "./stoichiometry.ts";
import { type ValenceOptions, valenceFeaturizer } from "./valence.ts";
import { type WardOptions, wardFeaturizer } from "./ward.ts";

/** Options of each featurizer that has a name. A new one is added here and in the table below. */
export interface CompositionFeaturizerOptions {
  readonly magpie: MagpieOptions;
  readonly fractions: FractionsOptions;
  readonly stoichiometry: StoichiometryOptions;
  readonly valence: ValenceOptions;
  readonly ionic: IonicOptions;
  readonly bonding: BondingOptions;
  readonly meredig: MeredigOptions;
  readonly deml: DemlOptions;
  readonly ward: WardOptions;
  readonly alloy: AlloyDescriptorsOptions;
  readonly glass: GlassDescriptorsOptions;
  readonly steel: FormulasOptions;
  readonly titanium: FormulasOptions;
}

export type CompositionFeaturizerName = keyof CompositionFeaturizerOptions;

interface Entry<Options> {
  /** One line for lists. */
  readonly description: string;
  readonly create: (options?: Options) => CompositionFeaturizer;
  /** Published settings by name. */
  readonly presets: Readonly<Record<string, Options>>;
}

const FEATURIZERS: { readonly [N in CompositionFeaturizerName]: Entry<CompositionFeaturizerOptions[N]> } = {
  magpie: {
    description: "132 statistics of element properties",
    create: magpieFeaturizer,
    presets: { ward2016: {}, matminer: { impute: "mean" } },
  },
  fractions: { description: "atomic fraction of each element", create: fractionsFeaturizer, presets: {} },
  stoichiometry: {
    description: "norms of the atomic fractions",
    create: stoichiometryFeaturizer,
    presets: { ward2016: { norms: [0, 2, 3, 5, 7, 10] } },
  },
  valence: {
    description: "s, p, d and f valence electrons: means and fractions",
    create: valenceFeaturizer,
    presets: { ward2016: { statistics: ["fraction"] }, meredig2014: { statistics: ["mean", "fraction"] } },
  },
  ionic: {
    description: "neutral compound possible, ionic character",
    create: ionicFeaturizer,
    presets: { ward2016: { states: "common", mixedValence: false }, matminer: { states: "common", impute: "mean" } },
  },
  bonding: {
    description: "28 numbers on the bonds of compounds: oxidation states, ions, electron counts, orbital levels",
    create: bondingFeaturizer,
    presets: {},
  },
  meredig: { description: "120 features of Meredig et al. 2014", create: meredigFeaturizer, presets: {} },
  deml: { description: "55 descriptors in the style of Deml et al. 2016", create: demlFeaturizer, presets: {} },
  ward: {
    description: "145 features of Ward et al. 2016",
    create: wardFeaturizer,
    presets: { matminer: { impute: "mean" } },
  },
  alloy: {
    description: "size, electronegativity and modulus mismatch, mixing enthalpy and entropy, Ω, Λ, VEC of alloys",
    create: alloyDescriptors,
    presets: { guo2011: { preset: "guo2011" }, yang2012: { preset: "yang2012" }, wen2019: { preset: "wen2019" } },
  },
  glass: { description: "packing and mixing descriptors of metallic glasses", create: glassDescriptors, presets: {} },
  steel: {
    description: "transformation temperatures, carbon, Cr and Ni equivalents, PREN of steels and welds",
    create: steelDescriptors,
    presets: {},
  },
  titanium: { description: "Mo and Al equivalents of titanium alloys", create: titaniumDescriptors, presets: {} },
};

/** Names that {@link compositionFeaturizer} knows, with a line on each and their presets. */
export function compositionFeaturizers(): {
  readonly name: CompositionFeaturizerName;
  readonly description: string;
  readonly presets: readonly string[];
}[] {
  return (Object.keys(FEATURIZERS) as CompositionFeaturizerName[]).map((name) => ({
    name,
    description: FEATURIZERS[name].description,
    presets: Object.keys(FEATURIZERS[name].presets),
  }));
}

/**
 * A featurizer of compositions by name.
 *
 * @param options - options of that featurizer, or the name of one of its presets (published settings)
 * @throws DataError for an unknown name or preset, with what was likely meant
 * @example
 * compositionFeaturizer("magpie").features.length; // 132
 * compositionFeaturizer("magpie", "matminer"); // imputes means, as matminer's preset does
 */
export function compositionFeaturizer<Name extends CompositionFeaturizerName>(
  name: Name,
  options?: CompositionFeaturizerOptions[Name] | string,
): CompositionFeaturizer {
  if (!Object.hasOwn(FEATURIZERS, name)) {
    const hint = suggestionText(name, Object.keys(FEATURIZERS), "known are");
    throw new DataError(`compositionFeaturizer: no featurizer "${name}"; ${hint}`);
  }
  const { create, presets } = FEATURIZERS[name];
  if (typeof options !== "string") return create(options);
  const preset = Object.hasOwn(presets, options) ? presets[options] : undefined;
  if (preset !== undefined) return create(preset);
  const known = Object.keys(presets);
  throw new DataError(
    `compositionFeaturizer: "${name}" has no preset "${options}"; ${known.length === 0 ? "it has none" : suggestionText(options, known, "known are")}`,
  );
}
