import { chosenFormulas, type FormulasOptions, formulaFeaturizer, type RangedFeaturizer } from "./massFormula.ts";
import { STEEL_FORMULAS } from "./steelFormulas.ts";

/**
 * Empirical formulas of steels and their welds, in mass percent: transformation temperatures (Ms by Andrews, Steven and
 * Haynes, Capdevila; Bs by Steven and Haynes; Ac1 and Ac3 by Andrews; Md30 by Angel and Nohara), carbon equivalents (IIW,
 * Pcm, CET, CEN), pitting resistance, chromium and nickel equivalents (Schaeffler, DeLong, WRC-1992, Hammar and Svensson),
 * and the stacking fault energy of austenitic stainless steels at room temperature by Schramm and Reed.
 *
 * Temperatures are in °C. An element that the composition does not list counts as 0. Each formula speaks of one kind of
 * steel (low-alloy, austenitic): `validity` says where a composition lies outside the data of a formula whose source gives a
 * range, and is silent on the others (an Md30 of a low-alloy steel means nothing). Numbers are NaN where the largest part by
 * mass is not iron (PREN: iron or nickel).
 *
 * @throws DataError for a formula that is not known
 * @example
 * const featurizer = steelDescriptors();
 * const out = new Float64Array(featurizer.features.length);
 * featurizer.featurize(resolveGrade("4140").composition, out, 0); // Ms 328 °C by Andrews' linear formula, …
 */
export function steelDescriptors(options: FormulasOptions = {}): RangedFeaturizer {
  return formulaFeaturizer("steel", chosenFormulas("steelDescriptors", STEEL_FORMULAS, options));
}
