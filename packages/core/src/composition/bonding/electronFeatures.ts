import { type BondedComposition, type BondingFeature, perAtom } from "./bondedComposition.ts";
import { electronParity } from "./electronParity.ts";
import { dElectrons, fullShell, lonePairElectrons, valenceCount } from "./valenceCount.ts";

/** Electrons counted by the octet rule, and those that stay on the cations. */
export const ELECTRON_FEATURES: readonly BondingFeature[] = [
  { name: "bonding electrons per atom", unit: "", value: (bonded) => perAtom(bonded, valenceCount) },
  {
    name: "bonding electrons per anion",
    unit: "",
    value: (bonded) => perAtom(bonded, valenceCount) / perAnion(bonded, () => 1),
  },
  {
    name: "octet balance",
    unit: "",
    value: (bonded) => perAtom(bonded, valenceCount) - perAnion(bonded, fullShell),
  },
  {
    name: "d electrons of cations",
    unit: "",
    value: (bonded) => perAtom(bonded, (atom, i) => dElectrons(atom, bonded.balance.states[i] ?? Number.NaN)),
  },
  {
    name: "open d shells of cations",
    unit: "",
    value: (bonded) =>
      perAtom(bonded, (atom, i) => {
        const electrons = dElectrons(atom, bonded.balance.states[i] ?? Number.NaN);
        return Math.min(electrons, 10 - electrons);
      }),
  },
  {
    name: "lone-pair electrons of cations",
    unit: "",
    value: (bonded) => perAtom(bonded, (atom, i) => lonePairElectrons(atom, bonded.balance.states[i] ?? Number.NaN)),
  },
  { name: "electron parity", unit: "", value: ({ atoms }) => electronParity(atoms) },
];

function perAnion(bonded: BondedComposition, value: Parameters<typeof perAtom>[1]): number {
  const { isAnion, anions } = bonded.ions;
  if (anions.some(Number.isNaN)) return Number.NaN;
  return perAtom(bonded, (atom, i) => (isAnion[i] === true ? value(atom, i) : 0));
}
