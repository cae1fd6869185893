import { DataError } from "../../errors/errors.ts";
import type { OxidationStatesOptions } from "../guessOxidationStates.ts";
import type { Composition } from "../parseFormula.ts";
import { type BondingAtom, bondingAtoms } from "./bondingAtoms.ts";
import { type ChargeBalance, chargeBalance } from "./chargeBalance.ts";
import { type FrontierLevels, frontierLevels } from "./frontierLevels.ts";
import { type Ions, ionsOf } from "./ions.ts";

/** What the features of bonding are computed from. */
export interface BondedComposition {
  readonly atoms: readonly BondingAtom[];
  readonly balance: ChargeBalance;
  readonly ions: Ions;
  readonly levels: FrontierLevels;
  /** Why no oxidation states could be assigned, where the search was too long; the balance and the ions are then NaN. */
  readonly why?: string | undefined;
}

/** One number of a composition; NaN where what it needs is not known. */
export interface BondingFeature {
  readonly name: string;
  readonly unit: string;
  value(bonded: BondedComposition): number;
}

export function bondedComposition(
  composition: Composition,
  options: Pick<OxidationStatesOptions, "mixedValence"> = {},
): BondedComposition {
  const atoms = bondingAtoms(composition);
  const levels = frontierLevels(atoms);
  try {
    const balance = chargeBalance(composition, atoms, options);
    return { atoms, balance, ions: ionsOf(atoms, balance), levels };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const unknown = atoms.map(() => Number.NaN);
    return {
      atoms,
      balance: { states: unknown, from: "none", imbalance: Number.NaN },
      ions: { isAnion: atoms.map(() => false), anions: unknown, cations: unknown },
      levels,
      why: error.message,
    };
  }
}

/** Σ x_i f_i over the atoms. */
export function perAtom({ atoms }: BondedComposition, value: (atom: BondingAtom, i: number) => number): number {
  return atoms.reduce((sum, atom, i) => sum + atom.fraction * value(atom, i), 0);
}
