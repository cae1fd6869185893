import type { BondedComposition, BondingFeature } from "./bondedComposition.ts";
import { outermostLevel } from "./frontierLevels.ts";
import { weightedMean } from "./ions.ts";

/** Means over anions and over cations. */
export const ION_FEATURES: readonly BondingFeature[] = [
  { name: "electronegativity of anions", unit: "", value: (bonded) => electronegativity(bonded, "anions") },
  { name: "electronegativity of cations", unit: "", value: (bonded) => electronegativity(bonded, "cations") },
  {
    name: "electronegativity difference of ions",
    unit: "",
    value: (bonded) => electronegativity(bonded, "anions") - electronegativity(bonded, "cations"),
  },
  { name: "period of anions", unit: "", value: (bonded) => period(bonded, "anions") },
  { name: "period of cations", unit: "", value: (bonded) => period(bonded, "cations") },
  { name: "orbital level of anions", unit: "eV", value: (bonded) => level(bonded, "anions") },
  { name: "orbital level of cations", unit: "eV", value: (bonded) => level(bonded, "cations") },
];

type Side = "anions" | "cations";

function electronegativity({ atoms, ions }: BondedComposition, side: Side): number {
  return weightedMean(
    ions[side],
    atoms.map((atom) => atom.electronegativity),
  );
}

function period({ atoms, ions }: BondedComposition, side: Side): number {
  return weightedMean(
    ions[side],
    atoms.map((atom) => atom.period),
  );
}

function level({ atoms, ions }: BondedComposition, side: Side): number {
  return weightedMean(
    ions[side],
    atoms.map((atom) => outermostLevel(atom.symbol)),
  );
}
