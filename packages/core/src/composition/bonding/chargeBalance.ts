import { DataError } from "../../errors/errors.ts";
import { oxidationStates } from "../elements.ts";
import { guessOxidationStates, type OxidationStatesOptions } from "../guessOxidationStates.ts";
import type { Composition } from "../parseFormula.ts";
import type { BondingAtom } from "./bondingAtoms.ts";

export interface ChargeBalance {
  /** Oxidation state of each atom; all 0 where no assignment is neutral, as in alloys, and in a single element. */
  readonly states: readonly number[];
  /** The narrowest list of oxidation states that a neutral assignment can be made from. */
  readonly from: "common" | "observed" | "none";
  /** Least |Σ x_i q_i| over the observed states, one to each element; 0 where an assignment is neutral and for one element. */
  readonly imbalance: number;
}

/**
 * The oxidation states that `guessOxidationStates` gives, of the common ones or else of the observed ones, and how far from
 * neutral a composition stays that has no such assignment. Elements without known oxidation states (noble gases) take 0.
 *
 * @throws DataError where the search is too long to finish
 */
export function chargeBalance(
  composition: Composition,
  atoms: readonly BondingAtom[],
  options: Pick<OxidationStatesOptions, "mixedValence"> = {},
): ChargeBalance {
  const none = atoms.map(() => 0);
  if (atoms.length === 1) return { states: none, from: "none", imbalance: 0 };
  if (atoms.some(({ symbol }) => oxidationStates(symbol).length === 0)) {
    return { states: none, from: "none", imbalance: leastCharge(atoms) };
  }
  for (const from of ["common", "observed"] as const) {
    const found = guessOxidationStates(composition, { ...options, states: from });
    if (found === undefined) continue;
    return { states: atoms.map(({ symbol }) => found.get(symbol) ?? Number.NaN), from, imbalance: 0 };
  }
  return { states: none, from: "none", imbalance: leastCharge(atoms) };
}

/** Assignments that are tried before the search is given up, as in `guessOxidationStates`. */
const MOST_TRIED = 2_000_000;

function leastCharge(atoms: readonly BondingAtom[]): number {
  const charges = atoms
    .map(({ symbol, fraction }) => {
      const states = oxidationStates(symbol, "observed");
      return states.length === 0 ? [0] : states.map((state) => fraction * state);
    })
    .sort((a, b) => span(b) - span(a)); // wide spans first: the bounds of what remains are then tight
  const least = sums(charges.map((of) => of[0] ?? 0));
  const greatest = sums(charges.map((of) => of.at(-1) ?? 0));
  let best = Number.POSITIVE_INFINITY;
  let tried = 0;
  const descend = (i: number, charge: number): void => {
    if (++tried > MOST_TRIED) {
      throw new DataError(
        `the oxidation states of ${atoms.length} elements allow too many assignments to try them all`,
      );
    }
    const nearest = Math.max(0, charge + (least[i] ?? 0), -charge - (greatest[i] ?? 0));
    if (nearest >= best) return;
    const own = charges[i];
    if (own === undefined) best = Math.abs(charge);
    else for (const q of own) descend(i + 1, charge + q);
  };
  descend(0, 0);
  return best;
}

function span(charges: readonly number[]): number {
  return (charges.at(-1) ?? 0) - (charges[0] ?? 0);
}

/** Sum of the values from each place on. */
function sums(values: readonly number[]): readonly number[] {
  return values.map((_, i) => values.slice(i).reduce((a, b) => a + b, 0));
}
