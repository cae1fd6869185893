import { DataError, UnitError } from "../errors/errors.ts";
import { suggestionText } from "../text/suggestionText.ts";
import { atomicFractions, atomicFractionsFromMass, massFractions } from "./composition.ts";
import { isElement, unknownElement } from "./elements.ts";
import { type NormaliseOptions, normaliseFractions } from "./normaliseFractions.ts";
import type { Composition } from "./parseFormula.ts";

/** Units of amounts of elements: parts of all atoms, or parts of the whole mass. */
export type AmountUnit = "atomic fraction" | "at%" | "appm" | "appb" | "mass fraction" | "wt%" | "wppm" | "wppb";

const SCALES: ReadonlyMap<string, { readonly factor: number; readonly isMass: boolean }> = new Map([
  ["atomic fraction", { factor: 1, isMass: false }],
  ["at%", { factor: 100, isMass: false }],
  ["appm", { factor: 1e6, isMass: false }],
  ["appb", { factor: 1e9, isMass: false }],
  ["mass fraction", { factor: 1, isMass: true }],
  ["wt%", { factor: 100, isMass: true }],
  ["wppm", { factor: 1e6, isMass: true }],
  ["wppb", { factor: 1e9, isMass: true }],
]);

/**
 * Amounts of elements in another unit: at% ↔ wt% ↔ parts per million or billion, by atoms or by mass.
 *
 * First the amounts are made fractions of the whole by the rule `normalise` (see {@link normaliseFractions}). Between
 * atoms and mass, x_i = (w_i / M_i) / Σ (w_j / M_j) and w_i = x_i M_i / Σ x_j M_j with the atomic weights M; the result then
 * sums to the whole exactly. Within one kind only the scale changes.
 *
 * @param amounts - of all elements, or of all but the balance element, in one unit
 * @throws UnitError for an unknown unit
 * @throws DataError for amounts that are negative, not finite or all zero, or that break the rule of normalisation
 * @example
 * const steel = new Map([["C", 0.8], ["Mn", 0.7]]);
 * convertAmounts(steel, "wt%", "at%", { normalise: "balance", balance: "Fe" }).get("C"); // 3.61…
 */
export function convertAmounts(
  amounts: Composition,
  from: AmountUnit,
  to: AmountUnit,
  options: NormaliseOptions = {},
): Composition {
  const source = scaleOf(from);
  const target = scaleOf(to);
  const fractions = normaliseFractions(divided(amounts, source.factor), options);
  const converted =
    source.isMass === target.isMass
      ? fractions
      : source.isMass
        ? atomicFractionsFromMass(fractions)
        : massFractions(fractions);
  return new Map([...converted].map(([element, fraction]) => [element, fraction * target.factor]));
}

/**
 * Atomic fractions (sum 1) of amounts in any unit: {@link convertAmounts} with zero amounts left out.
 *
 * @throws UnitError and DataError as {@link convertAmounts}
 * @example
 * compositionFromAmounts(new Map([["Al", 6], ["V", 4]]), "wt%", { normalise: "balance", balance: "Ti" });
 */
export function compositionFromAmounts(
  amounts: Composition,
  unit: AmountUnit,
  options: NormaliseOptions = {},
): Composition {
  const fractions = atomicFractions(convertAmounts(amounts, unit, "atomic fraction", options));
  return new Map([...fractions].filter(([, fraction]) => fraction > 0));
}

function scaleOf(unit: string): { readonly factor: number; readonly isMass: boolean } {
  const scale = SCALES.get(unit);
  if (scale !== undefined) return scale;
  const hint = suggestionText(unit, [...SCALES.keys()], "known are");
  throw new UnitError(`convertAmounts: "${unit}" is no unit of amounts; ${hint}`);
}

function divided(amounts: Composition, factor: number): Composition {
  const out = new Map<string, number>();
  for (const [element, amount] of amounts) {
    if (!(amount >= 0 && amount < Number.POSITIVE_INFINITY)) {
      throw new DataError(`convertAmounts: amount of ${element} is ${amount}; amounts must be finite and not negative`);
    }
    if (!isElement(element)) throw unknownElement("convertAmounts", element);
    out.set(element, amount / factor);
  }
  return out;
}
