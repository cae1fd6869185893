import { type BondedComposition, type BondingFeature, perAtom } from "./bondedComposition.ts";
import { type ElementClass, elementClass } from "./elementClass.ts";

/** Shares of atoms by kind of element. */
export const CLASS_FEATURES: readonly BondingFeature[] = [
  { name: "fraction of metals", unit: "", value: (bonded) => fractionOf(bonded, "metal") },
  { name: "fraction of metalloids", unit: "", value: (bonded) => fractionOf(bonded, "metalloid") },
  {
    name: "fraction of transition metals",
    unit: "",
    value: (bonded) => perAtom(bonded, ({ group = 0 }) => Number(group > 2 && group < 12)),
  },
  {
    name: "fraction of f-block metals",
    unit: "",
    value: (bonded) => perAtom(bonded, ({ group }) => Number(group === undefined)),
  },
];

function fractionOf(bonded: BondedComposition, kind: ElementClass): number {
  return perAtom(bonded, ({ symbol }) => Number(elementClass(symbol) === kind));
}
