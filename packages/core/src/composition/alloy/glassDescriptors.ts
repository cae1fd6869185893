import type { CompositionFeaturizer } from "../compositionFeaturizer.ts";
import { type RadiusSet, radiusTable } from "./alloyDescriptors.ts";
import { type Descriptor, descriptorFeaturizer } from "./descriptorFeaturizer.ts";
import { mixtureDescriptors } from "./mixtureDescriptors.ts";
import { packingMisfits } from "./packing.ts";

export interface GlassDescriptorsOptions {
  /** @defaultValue "miracle2010", assessed for metallic glasses */
  readonly radii?: RadiusSet | undefined;
}

const LAWS = "Laws, Miracle, Ferry, Nat. Commun. 6, 8123 (2015), doi:10.1038/ncomms9123";

/**
 * Descriptors of glass formation: how well the atoms pack, how strongly they attract, how unlike they are.
 *
 * Packing: around each element stands a shell of the alloy's mean radius; its misfit is 1 − R*⁄R with R the ratio of the
 * radii and R* the ideal ratio of the coordination number (3 to 24) that fits best ({@link clusterPacking}). Given are the
 * mean misfit and mean absolute misfit over the elements, each weighted by its atomic fraction. The others are those of
 * {@link alloyDescriptors} that speak of glasses (δ, Δχ, ΔH_mix, ΔS_mix, Ω, Λ, γ, local mismatches, δG).
 *
 * @throws DataError for radii that are not known
 * @example
 * const featurizer = glassDescriptors();
 * const out = new Float64Array(featurizer.features.length);
 * featurizer.featurize(parseFormula("Cu50Zr50"), out, 0); // mean packing misfit 2.3e-4, mean absolute 3.5e-3, …
 */
export function glassDescriptors(options: GlassDescriptorsOptions = {}): CompositionFeaturizer {
  const { radii = "miracle2010" } = options;
  const radius = radiusTable("glassDescriptors", radii);
  const packing = (name: string, magnitude: (misfit: number) => number): Descriptor => ({
    name,
    unit: "",
    citation: LAWS,
    tables: [radius],
    value: (alloy) => {
      let sum = 0;
      for (const [i, misfit] of packingMisfits(alloy, radius).entries()) {
        sum += (alloy.fractions[i] as number) * magnitude(misfit); // one misfit a fraction
      }
      return sum;
    },
  });
  const all = mixtureDescriptors(radius);
  const chosen = ["delta", "gamma", "radiusLocal", "lambda", "enthalpy", "entropy", "omega", "chiPauling", "chiLocal"];
  return descriptorFeaturizer("glass", [
    packing("mean packing misfit", (misfit) => misfit),
    packing("mean absolute packing misfit", Math.abs),
    ...[...chosen, "shear", "shearMismatch"].map((key) => all[key] as Descriptor), // keys of the record
  ]);
}
