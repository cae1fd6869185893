import { bondingFeaturizer, type Composition, parseFormula } from "@materiome/core/composition";
import { describe, expect, it } from "vitest";

const featurizer = bondingFeaturizer();
const HARTREE_EV = 27.211386;

function features(composition: Composition | string): Record<string, number> {
  const out = new Float64Array(featurizer.features.length);
  featurizer.featurize(typeof composition === "string" ? parseFormula(composition) : composition, out, 0);
  return Object.fromEntries(featurizer.features.map(({ name }, k) => [name, out[k]]));
}

describe("bondingFeaturizer", () => {
  // Worked by hand from groups, oxidation states, Pauling's electronegativities and the orbital energies of NIST.
  const cases: Record<string, Record<string, number>> = {
    NaCl: {
      "neutral by common oxidation states": 1,
      "neutral by observed oxidation states": 1,
      "least charge per atom": 0,
      "highest oxidation state": 1,
      "lowest oxidation state": -1,
      "mean absolute oxidation state": 1,
      "fraction of anions": 1 / 2,
      "electronegativity difference of ions": 3.16 - 0.93,
      "period of anions": 3,
      "period of cations": 3,
      "orbital level of anions": -0.32038 * HARTREE_EV,
      "orbital level of cations": -0.103415 * HARTREE_EV,
      "bonding electrons per atom": 8 / 2,
      "bonding electrons per anion": 8,
      "octet balance": 0,
      "electron parity": 0,
      "fraction of metals": 1 / 2,
      "highest occupied level": -0.32038 * HARTREE_EV,
      "lowest unoccupied level": -0.103415 * HARTREE_EV,
      "level gap": (0.32038 - 0.103415) * HARTREE_EV,
    },
    // Fe³⁺ is d⁵; 2 · 8 + 3 · 6 electrons, 3 · 8 of them on oxygen.
    Fe2O3: {
      "highest oxidation state": 3,
      "octet balance": 10 / 5,
      "bonding electrons per anion": 34 / 3,
      "d electrons of cations": (2 * 5) / 5,
      "open d shells of cations": (2 * 5) / 5,
      "fraction of transition metals": 2 / 5,
    },
    // Iron at 8/3, mixed of common states.
    Fe3O4: {
      "neutral by common oxidation states": 1,
      "highest oxidation state": 8 / 3,
      "d electrons of cations": (3 * (8 - 8 / 3)) / 7,
      "open d shells of cations": (3 * (10 - (8 - 8 / 3))) / 7,
    },
    TiO2: { "octet balance": 0, "d electrons of cations": 0, "mean absolute oxidation state": 8 / 3 },
    // O 2p and Ti 3d, as pymatgen documents for its molecular orbitals.
    SrTiO3: {
      "highest occupied level": -0.338381 * HARTREE_EV,
      "lowest unoccupied level": -0.17001 * HARTREE_EV,
      "period of cations": (2 * 5 + 4 * 4) / 6,
    },
    // Four of the eight outer electrons fill As 4p in part.
    GaAs: {
      "highest oxidation state": 3,
      "octet balance": 0,
      "electron parity": 0,
      "fraction of metalloids": 1 / 2,
      "highest occupied level": -0.197497 * HARTREE_EV,
      "level gap": 0,
    },
    Mg2Si: { "lowest oxidation state": -4, "octet balance": 0, "fraction of anions": 1 / 3 },
    // Eighteen electrons: octet balance ten. Zr³⁺ d¹ and Ni⁺ d⁹, by observed states alone.
    ZrNiSn: {
      "neutral by common oxidation states": 0,
      "neutral by observed oxidation states": 1,
      "octet balance": 10 / 3,
      "d electrons of cations": 10 / 3,
      "open d shells of cations": 2 / 3,
    },
    Cu: {
      "neutral by observed oxidation states": 0,
      "least charge per atom": 0,
      "highest oxidation state": 0,
      "fraction of anions": 0,
      "electronegativity difference of ions": 0,
      "octet balance": 1 - 8,
      "electron parity": 1,
      "fraction of metals": 1,
      "highest occupied level": -0.172056 * HARTREE_EV,
      "level gap": 0,
    },
    CuS: {
      "octet balance": -1 / 2,
      "d electrons of cations": 9 / 2,
      "open d shells of cations": 1 / 2,
      "electron parity": 1,
    },
    // Copper at 7/3.
    YBa2Cu3O7: {
      "neutral by common oxidation states": 0,
      "neutral by observed oxidation states": 1,
      "octet balance": (3 + 2 * 2 + 3 * 1 + 7 * 6 - 7 * 8) / 13,
      "d electrons of cations": (3 * (11 - 7 / 3)) / 13,
      "open d shells of cations": (3 * (7 / 3 - 1)) / 13,
      "electron parity": 0,
    },
    // Pb²⁺ keeps two 6s electrons; four of these formulas are one of whole numbers, with 1350 electrons.
    "Ag0.5Ge1Pb1.75S4": {
      "neutral by common oxidation states": 1,
      "lone-pair electrons of cations": (1.75 * 2) / 7.25,
      "electron parity": (2 * 47 + 4 * 32 + 7 * 82 + 16 * 16) % 2,
    },
    // No negative state at all: Al³⁺, Co⁺, Cr²⁺, Fe²⁺, Ni⁺ are the nearest to neutral. Ni is the most electronegative.
    "Al0.3CoCrFeNi": {
      "neutral by observed oxidation states": 0,
      "least charge per atom": (0.3 * 3 + 1 + 2 + 2 + 1) / 4.3,
      "mean absolute oxidation state": 0,
      "orbital level of anions": -0.210764 * HARTREE_EV,
      "bonding electrons per atom": (0.3 * 3 + 9 + 6 + 8 + 10) / 4.3,
      "octet balance": (0.3 * 3 + 9 + 6 + 8 + 10 - 8) / 4.3,
      "electron parity": (3 * 13 + 10 * (27 + 24 + 26 + 28)) % 2,
      "fraction of metals": 1,
    },
    LaH3: { "octet balance": 0, "lowest oxidation state": -1 }, // hydride: shells of two
    CeO2: { "fraction of f-block metals": 1 / 3, "octet balance": (3 + 12 - 16) / 3 }, // 4f¹ bonds here, against the rule
    ThO2: { "octet balance": 0 },
    XeF2: { "neutral by observed oxidation states": 0, "highest oxidation state": 0, "least charge per atom": 2 / 3 },
  };

  it.each(Object.entries(cases))("of %s", (formula, expected) => {
    const ours = features(formula);
    for (const [name, value] of Object.entries(expected)) {
      expect(ours, name).toHaveProperty([name]);
      expect(ours[name], name).toBeCloseTo(value, 10);
    }
  });

  it("leaves the parity of electrons undecided without whole numbers", () => {
    expect(
      features(
        new Map([
          ["Fe", Math.PI],
          ["Ni", 1],
        ]),
      )["electron parity"],
    ).toBe(0.5); // 355/113 has too many atoms
    expect(features("Fe0.953C0.047")["electron parity"]).toBe(0.5);
  });

  it("leaves no number open but where an electronegativity or an orbital is unknown", () => {
    for (const formula of ["Mg", "Zn", "Cs3Sb", "KrF2", "CH3NH3PbI3", "Zr55Cu30Al10Ni5"]) {
      expect(featurizer.missing(parseFormula(formula))).toEqual([]);
      expect(Object.values(features(formula)).every(Number.isFinite), formula).toBe(true);
    }
    expect(features("Mg")["level gap"]).toBe(0);
    const plutonia = features("PuO2");
    expect(plutonia["level gap"]).toBeNaN();
    expect(plutonia["octet balance"]).toBeCloseTo((8 + 2 * 6 - 2 * 8) / 3, 12);
    expect(featurizer.missing(parseFormula("PuO2"))).toEqual(["no orbital levels are known for Pu"]);
    expect(featurizer.missing(parseFormula("ArF2"))).toEqual(["no Electronegativity is known for Ar"]);
  });

  it("has names and units once each, and sources", () => {
    expect(new Set(featurizer.features.map(({ name }) => name)).size).toBe(featurizer.features.length);
    expect(featurizer.features.filter(({ unit }) => unit === "eV").map(({ name }) => name)).toEqual([
      "orbital level of anions",
      "orbital level of cations",
      "highest occupied level",
      "lowest unoccupied level",
      "level gap",
    ]);
    expect(featurizer.citations.join()).toMatch(/PhysRevA\.55\.191/);
  });
});
