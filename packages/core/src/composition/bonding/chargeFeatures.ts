import { type BondedComposition, type BondingFeature, perAtom } from "./bondedComposition.ts";

/** Oxidation states of the composition, and how near it comes to neutral. */
export const CHARGE_FEATURES: readonly BondingFeature[] = [
  {
    name: "neutral by common oxidation states",
    unit: "",
    value: ({ balance }) => flag(balance.from === "common", balance.imbalance),
  },
  {
    name: "neutral by observed oxidation states",
    unit: "",
    value: ({ balance }) => flag(balance.from !== "none", balance.imbalance),
  },
  { name: "least charge per atom", unit: "", value: ({ balance }) => balance.imbalance },
  { name: "highest oxidation state", unit: "", value: ({ balance }) => Math.max(...balance.states) },
  { name: "lowest oxidation state", unit: "", value: ({ balance }) => Math.min(...balance.states) },
  {
    name: "mean absolute oxidation state",
    unit: "",
    value: (bonded) => perAtom(bonded, (_, i) => Math.abs(bonded.balance.states[i] ?? Number.NaN)),
  },
  { name: "fraction of anions", unit: "", value: fractionOfAnions },
];

/** Share of atoms in negative oxidation states: 0 where no assignment is neutral. */
function fractionOfAnions(bonded: BondedComposition): number {
  return perAtom(bonded, (_, i) => {
    const state = bonded.balance.states[i] ?? Number.NaN;
    return Number.isNaN(state) ? state : Number(state < 0);
  });
}

/** 1 or 0; NaN where the oxidation states are unknown. */
function flag(is: boolean, imbalance: number): number {
  return Number.isNaN(imbalance) ? imbalance : Number(is);
}
