import type { BondingAtom } from "./bondingAtoms.ts";

/** Most atoms of a formula of whole numbers. */
const MOST_ATOMS = 400;
/** How far an amount may lie from a whole number. */
const WHOLE = 1e-3;

/**
 * 1 where the least formula of whole numbers has an odd number of electrons, 0 where it has an even one, and 0.5, undecided,
 * where no formula of at most 400 atoms has whole numbers (within 0.001).
 *
 * An odd number per primitive cell leaves a band half full, or a spin unpaired: it cannot be a band insulator; an even number
 * decides nothing, nor does an odd one where the cell holds two formulas.
 */
export function electronParity(atoms: readonly BondingAtom[]): number {
  const least = Math.min(...atoms.map(({ fraction }) => fraction));
  for (let rarest = 1; rarest <= (MOST_ATOMS + 0.5) * least; rarest++) {
    const amounts = atoms.map(({ fraction }) => (rarest * fraction) / least);
    if (!amounts.every((amount) => Math.abs(amount - Math.round(amount)) <= WHOLE)) continue;
    return atoms.reduce((sum, { number }, i) => sum + number * Math.round(amounts[i] ?? 0), 0) % 2;
  }
  return 0.5;
}
