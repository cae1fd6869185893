import { ATOMIC_ORBITALS } from "./atomicOrbitals.ts";
import type { BondingAtom } from "./bondingAtoms.ts";

const HARTREE_EV = 27.211386;
/** Electrons per atom below which an orbital counts as full or empty. */
const NEGLIGIBLE = 1e-9;
const ROOM: Readonly<Record<string, number>> = { s: 2, p: 6, d: 10, f: 14 };

interface Orbital {
  /** eV */
  readonly energy: number;
  readonly electrons: number;
  readonly room: number;
}

const orbitals: ReadonlyMap<string, readonly Orbital[]> = new Map(ATOMIC_ORBITALS.trim().split("\n").map(readAtom));

function readAtom(line: string): [string, readonly Orbital[]] {
  const [symbol = "", ...shells] = line.split(" ");
  const own = shells.map((shell) => {
    const [name = "", electrons, energy] = shell.split(":");
    return {
      energy: HARTREE_EV * Number(energy),
      electrons: Number(electrons),
      room: ROOM[name.at(-1) ?? ""] ?? Number.NaN,
    };
  });
  return [symbol, own];
}

/** Energies in eV against the vacuum. */
export interface FrontierLevels {
  readonly highestOccupied: number;
  readonly lowestUnoccupied: number;
}

/**
 * Levels between which the electrons of a composition end if the orbitals of its free atoms, each as often as the atom, are filled
 * from the lowest on: in NaCl Cl 3p and Na 3s. Both are the same level where it is filled in part, and where all orbitals of the
 * table are full, as in Mg.
 *
 * @returns NaN for an element that is not in the table (beyond uranium)
 */
export function frontierLevels(atoms: readonly BondingAtom[]): FrontierLevels {
  const levels: { readonly energy: number; readonly room: number }[] = [];
  let left = 0;
  for (const { symbol, fraction } of atoms) {
    const own = orbitals.get(symbol);
    if (own === undefined) return { highestOccupied: Number.NaN, lowestUnoccupied: Number.NaN };
    for (const { energy, electrons, room } of own) {
      levels.push({ energy, room: fraction * room });
      left += fraction * electrons;
    }
  }
  levels.sort((a, b) => a.energy - b.energy);
  let highest = Number.NaN;
  for (const { energy, room } of levels) {
    if (left <= NEGLIGIBLE) return { highestOccupied: highest, lowestUnoccupied: energy };
    highest = energy;
    if (left < room - NEGLIGIBLE) break;
    left -= room;
  }
  return { highestOccupied: highest, lowestUnoccupied: highest };
}

/** The highest level that the electrons of a free atom reach, in eV; NaN where the table has none. */
export function outermostLevel(symbol: string): number {
  const own = orbitals.get(symbol);
  return own === undefined ? Number.NaN : Math.max(...own.map(({ energy }) => energy));
}
