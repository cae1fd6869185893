import type { BondingFeature } from "./bondedComposition.ts";

/** Levels between which the electrons of the free atoms' orbitals end. */
export const LEVEL_FEATURES: readonly BondingFeature[] = [
  { name: "highest occupied level", unit: "eV", value: ({ levels }) => levels.highestOccupied },
  { name: "lowest unoccupied level", unit: "eV", value: ({ levels }) => levels.lowestUnoccupied },
  { name: "level gap", unit: "eV", value: ({ levels }) => levels.lowestUnoccupied - levels.highestOccupied },
];
