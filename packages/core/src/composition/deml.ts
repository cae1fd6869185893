import { DataError } from "../errors/errors.ts";
import { combineFeaturizers } from "./combineFeaturizers.ts";
import type { CompositionFeaturizer } from "./compositionFeaturizer.ts";
import { readAmounts } from "./elementAmounts.ts";
import { elementProperty } from "./elements.ts";
import { guessOxidationStates, type OxidationStatesOptions } from "./guessOxidationStates.ts";
import type { Composition } from "./parseFormula.ts";
import { propertyStatisticsFeaturizer } from "./propertyStatistics.ts";

export interface DemlOptions extends OxidationStatesOptions {
  /** What an element without a value contributes to the property statistics, as for `MagpieOptions`. @defaultValue "none" */
  readonly impute?: "none" | "mean" | undefined;
}

const CITATION = "Deml et al., Phys. Rev. B 93, 085142 (2016), doi:10.1103/PhysRevB.93.085142";

const PROPERTIES = [
  "Number",
  "AtomicWeight",
  "Row",
  "Column",
  "AtomicRadius",
  "GSvolume_pa",
  "MeltingT",
  "FirstIonisationEnergy",
  "Electronegativity",
] as const;

const ION_FEATURES = [
  "minimum oxidation state",
  "maximum oxidation state",
  "range oxidation state",
  "std_dev oxidation state",
  "minimum cation electronegativity difference",
  "maximum cation electronegativity difference",
  "range cation electronegativity difference",
  "mean cation electronegativity difference",
  "std_dev cation electronegativity difference",
  "mean anion electron affinity",
] as const;

/**
 * Descriptors in the style of Deml et al. for compounds of metals and nonmetals, 55 in all: minimum, maximum, range, mean
 * and standard deviation (over atomic fractions) of nine element properties (the volume per atom is that of Magpie, since
 * gases have no molar volume); the same of the oxidation states (without
 * the mean, which is 0) and of the difference between the mean electronegativity of the anions and that of each cation;
 * and the mean of electron affinity × charge over the anions, in eV.
 *
 * Oxidation states are guessed from the formula (`guessOxidationStates`); where no neutral assignment exists, or all
 * elements are neutral, the ten numbers that need it are NaN. Left out, for want of tables with a source: heats of fusion,
 * boiling points, heat capacities, polarisabilities, GGA+U total energies and FERE values of the elements, crystal-field
 * splittings, magnetic moments and spin-orbit couplings of the ions. Electron affinities are unknown for some anions, N
 * among them.
 *
 * @see Deml et al., Phys. Rev. B 93, 085142 (2016), doi:10.1103/PhysRevB.93.085142
 * @example
 * demlFeaturizer().features.length; // 55
 */
export function demlFeaturizer(options: DemlOptions = {}): CompositionFeaturizer {
  return combineFeaturizers("deml", [
    propertyStatisticsFeaturizer({
      name: "deml",
      properties: PROPERTIES,
      statistics: ["minimum", "maximum", "range", "mean", "std_dev"],
      impute: options.impute ?? "none",
      citations: [CITATION],
    }),
    ionStatistics(options),
  ]);
}

function ionStatistics(options: OxidationStatesOptions): CompositionFeaturizer {
  return {
    name: "deml",
    features: ION_FEATURES.map((name) => ({ name, unit: name === "mean anion electron affinity" ? "eV" : "" })),
    citations: [CITATION],
    featurize(composition: Composition, out: Float64Array, offset: number): void {
      readAmounts("deml", composition); // refuses what is no composition
      const { ions } = ionsOf(composition, options);
      if (ions === undefined) {
        out.fill(Number.NaN, offset, offset + ION_FEATURES.length);
        return;
      }
      const cations = ions.filter((ion) => ion.charge > 0);
      const anions = ions.filter((ion) => ion.charge < 0);
      const anionChi = describe(anions.map(({ chi, amount }) => ({ x: chi, amount }))).mean;
      const charge = describe(ions.map((ion) => ({ x: ion.charge, amount: ion.amount })));
      const chi = describe(cations.map((ion) => ({ x: anionChi - ion.chi, amount: ion.amount })));
      const affinity = describe(anions.map((ion) => ({ x: ion.affinity * ion.charge, amount: ion.amount })));
      out.set([charge.minimum, charge.maximum, charge.range, charge.deviation], offset);
      out.set([chi.minimum, chi.maximum, chi.range, chi.mean, chi.deviation, affinity.mean], offset + 4);
    },
    missing(composition: Composition): readonly string[] {
      const { ions, why } = ionsOf(composition, options);
      if (ions === undefined) return [why];
      const none = (what: string, found: readonly Ion[]): string[] =>
        found.length === 0 ? [] : [`no ${what} is known for ${found.map((ion) => ion.symbol).join(", ")}`];
      return [
        ...none(
          "Electronegativity",
          ions.filter((ion) => Number.isNaN(ion.chi)),
        ),
        ...none(
          "ElectronAffinity",
          ions.filter((ion) => ion.charge < 0 && Number.isNaN(ion.affinity)),
        ),
      ];
    },
  };
}

interface Ion {
  readonly symbol: string;
  readonly amount: number;
  readonly charge: number;
  readonly chi: number;
  readonly affinity: number;
}

function ionsOf(
  composition: Composition,
  options: OxidationStatesOptions,
): { readonly ions: readonly Ion[]; readonly why?: undefined } | { readonly ions?: undefined; readonly why: string } {
  try {
    const charges = guessOxidationStates(composition, options);
    if (charges === undefined) return { why: "no neutral assignment of oxidation states exists" };
    const ions = [...charges].map(([symbol, charge]) => ({
      symbol,
      amount: composition.get(symbol) ?? Number.NaN,
      charge,
      chi: elementProperty(symbol, "Electronegativity"),
      affinity: elementProperty(symbol, "ElectronAffinity"),
    }));
    return ions.some((ion) => ion.charge < 0) ? { ions } : { why: "there are no ions: all elements are neutral" };
  } catch (error) {
    if (error instanceof DataError) return { why: error.message };
    throw error;
  }
}

/** Weighted statistics; NaN in all where a value is NaN. */
function describe(
  values: readonly { readonly x: number; readonly amount: number }[],
): Readonly<Record<"minimum" | "maximum" | "range" | "mean" | "deviation", number>> {
  let total = 0;
  let sum = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (const { x, amount } of values) {
    total += amount;
    sum += amount * x;
    minimum = Math.min(minimum, x);
    maximum = Math.max(maximum, x);
  }
  const average = sum / total;
  const mean = minimum === maximum && !Number.isNaN(average) ? minimum : average; // not a rounding of it
  let squares = 0;
  for (const { x, amount } of values) squares += amount * (x - mean) ** 2;
  return { minimum, maximum, range: maximum - minimum, mean, deviation: Math.sqrt(squares / total) };
}
