import { readAmounts } from "../elementAmounts.ts";
import { ELEMENT_SYMBOLS, elementProperty } from "../elements.ts";
import type { Composition } from "../parseFormula.ts";

/** One element of a composition. */
export interface BondingAtom {
  readonly symbol: string;
  readonly number: number;
  /** Atomic fraction. */
  readonly fraction: number;
  /** Group of the periodic table, 1 to 18; undefined in the f block (cerium to lutetium, thorium to lawrencium). */
  readonly group: number | undefined;
  readonly period: number;
  /** Pauling electronegativity, NaN where none is known. */
  readonly electronegativity: number;
}

/**
 * The elements of a composition, in order of atomic number.
 *
 * @throws DataError for what is no composition, as `readAmounts`
 */
export function bondingAtoms(composition: Composition): readonly BondingAtom[] {
  const { n, total, rows, amounts } = readAmounts("bonding", composition);
  return Array.from({ length: n }, (_, i) => atomOf(rows[i] ?? 0, (amounts[i] ?? 0) / total)).sort(
    (a, b) => a.number - b.number,
  );
}

function atomOf(row: number, fraction: number): BondingAtom {
  const symbol = ELEMENT_SYMBOLS[row] ?? "";
  const number = row + 1;
  const inner = (number > 57 && number < 72) || (number > 89 && number < 104);
  return {
    symbol,
    number,
    fraction,
    group: inner ? undefined : elementProperty(symbol, "Column"),
    period: elementProperty(symbol, "Row"),
    electronegativity: elementProperty(symbol, "Electronegativity"),
  };
}
