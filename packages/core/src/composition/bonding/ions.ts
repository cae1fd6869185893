import type { BondingAtom } from "./bondingAtoms.ts";
import type { ChargeBalance } from "./chargeBalance.ts";

/** Which atoms of a composition act as anions and cations. */
export interface Ions {
  readonly isAnion: readonly boolean[];
  /** Weights of the atoms as anions and as cations, in means over either; not normalised. */
  readonly anions: readonly number[];
  readonly cations: readonly number[];
}

/**
 * Anions are the atoms in negative oxidation states, cations those in positive ones, each weighted by its charge x_i |q_i|. Where no
 * assignment is neutral (alloys), the most electronegative element stands for the anions and all others for the cations,
 * weighted by x_i; a single element stands for both.
 *
 * Without ions and without an electronegativity of each element all weights are NaN.
 */
export function ionsOf(atoms: readonly BondingAtom[], { states, from }: ChargeBalance): Ions {
  if (from !== "none") {
    return {
      isAnion: states.map((q) => q < 0),
      anions: atoms.map(({ fraction }, i) => fraction * Math.max(0, -(states[i] ?? 0))),
      cations: atoms.map(({ fraction }, i) => fraction * Math.max(0, states[i] ?? 0)),
    };
  }
  const highest = Math.max(...atoms.map(({ electronegativity }) => electronegativity));
  if (Number.isNaN(highest)) {
    const unknown = atoms.map(() => Number.NaN);
    return { isAnion: atoms.map(() => false), anions: unknown, cations: unknown };
  }
  const isAnion = atoms.map(({ electronegativity }) => electronegativity === highest);
  const isAlone = isAnion.every(Boolean);
  return {
    isAnion,
    anions: atoms.map(({ fraction }, i) => (isAnion[i] === true ? fraction : 0)),
    cations: atoms.map(({ fraction }, i) => (isAnion[i] === true && !isAlone ? 0 : fraction)),
  };
}

/** Weighted mean; NaN if a value that has a weight is NaN. */
export function weightedMean(weights: readonly number[], values: readonly number[]): number {
  let total = 0;
  let sum = 0;
  for (const [i, weight] of weights.entries()) {
    if (weight === 0) continue;
    total += weight;
    sum += weight * (values[i] ?? Number.NaN);
  }
  return sum / total;
}
