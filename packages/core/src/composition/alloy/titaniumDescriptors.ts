import {
  chosenFormulas,
  type FormulasOptions,
  formulaFeaturizer,
  type MassFormula,
  type RangedFeaturizer,
} from "./massFormula.ts";

const TI = ["Ti"] as const;

const FORMULAS: readonly MassFormula[] = [
  {
    name: "Mo equivalent (Bania)",
    unit: "wt%",
    citation: "Bania, in Beta Titanium Alloys in the 1990's, TMS (1993), p. 3",
    bases: TI,
    value: (w) =>
      w("Mo") +
      0.67 * w("V") +
      0.44 * w("W") +
      0.28 * w("Nb") +
      0.22 * w("Ta") +
      2.9 * w("Fe") +
      1.6 * w("Cr") -
      w("Al"),
  },
  {
    name: "Al equivalent (Rosenberg)",
    unit: "wt%",
    citation: "Rosenberg, in The Science, Technology and Application of Titanium, Pergamon (1970), p. 851",
    bases: TI,
    value: (w) => w("Al") + w("Sn") / 3 + w("Zr") / 6 + 10 * w("O"),
  },
];

/**
 * Stabilisers of titanium alloys in mass percent: molybdenum equivalent (β, less the aluminium) by Bania, aluminium
 * equivalent (α) by Rosenberg. NaN where the largest part by mass is not titanium.
 *
 * @throws DataError for a formula that is not known
 * @example
 * const out = new Float64Array(2);
 * titaniumDescriptors().featurize(resolveGrade("Ti-6Al-4V").composition, out, 0); // Mo equivalent −2.9, Al equivalent 7.1
 */
export function titaniumDescriptors(options: FormulasOptions = {}): RangedFeaturizer {
  return formulaFeaturizer("titanium", chosenFormulas("titaniumDescriptors", FORMULAS, options));
}
