import { elementProperty } from "../elements.ts";
import type { BondingAtom } from "./bondingAtoms.ts";

/**
 * Electrons that an atom brings to its bonds, as the octet rule counts them: the group number in groups 1 to 10, the group
 * number less ten (a full d shell) from group 11 on, 2 for helium, 3 for lanthanides (their 4f electrons do not bond), all
 * outside the radon core for actinides.
 */
export function valenceCount({ symbol, number, group }: BondingAtom): number {
  if (symbol === "He") return 2;
  if (group !== undefined) return group > 10 ? group - 10 : group;
  if (number < 72) return 3;
  return (
    elementProperty(symbol, "NsValence") + elementProperty(symbol, "NdValence") + elementProperty(symbol, "NfValence")
  );
}

/** Electrons of a full valence shell: 2 for hydrogen, else 8. */
export function fullShell({ number }: BondingAtom): number {
  return number === 1 ? 2 : 8;
}

/** d electrons that an atom of groups 3 to 12 keeps in a positive oxidation state: d⁶ of Fe²⁺; 0 for other atoms. */
export function dElectrons({ group }: BondingAtom, state: number): number {
  if (group === undefined || group < 3 || group > 12 || state <= 0) return 0;
  return Math.min(10, Math.max(0, group - state));
}

/** s and p electrons that an atom of groups 13 to 17 keeps in a positive oxidation state: the lone pair of Pb²⁺; 0 for others. */
export function lonePairElectrons({ group }: BondingAtom, state: number): number {
  if (group === undefined || group < 13 || group > 17 || state <= 0) return 0;
  return Math.max(0, group - 10 - state);
}
