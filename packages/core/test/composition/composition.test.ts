import { DataError, readTable, UnitError } from "@materiome/core";
import {
  atomicFractions,
  atomicFractionsFromMass,
  atomicWeight,
  compositionsFromColumns,
  massFractions,
  parseFormula,
  withBalance,
} from "@materiome/core/composition";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** Atomic fraction of 0.8 wt% C in Fe, with the weights of the element table. */
const carbon = 0.8 / 12.0107 / (0.8 / 12.0107 + 99.2 / 55.845);

describe("fractions", () => {
  it("turn mass into atoms and back", () => {
    const atoms = atomicFractionsFromMass(new Map([["Fe", 99.2], ["C", 0.8]])); // biome-ignore format: one pair each
    expect(atoms.get("C")).toBeCloseTo(carbon, 12);
    expect(massFractions(atoms).get("C")).toBeCloseTo(0.008, 12);
    expect(massFractions(parseFormula("H2O")).get("O")).toBeCloseTo(15.9994 / (15.9994 + 2 * 1.00794), 12);
  });

  it("sum to one and do not depend on the scale", () => {
    const amount = fc.double({ min: 1e-6, max: 100, noNaN: true });
    fc.assert(
      fc.property(amount, amount, amount, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (fe, c, ni, k) => {
        const one = atomicFractionsFromMass(new Map(Object.entries({ Fe: fe, C: c, Ni: ni })));
        const scaled = atomicFractionsFromMass(new Map(Object.entries({ Fe: k * fe, C: k * c, Ni: k * ni })));
        expect([...one.values()].reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
        for (const [element, x] of one) expect(scaled.get(element)).toBeCloseTo(x, 12);
      }),
      { seed: 1 },
    );
  });

  it("refuse what is no composition", () => {
    expect(() => atomicFractions(new Map([["Fe", -1]]))).toThrow(/amount of Fe is -1/);
    expect(() => atomicFractions(new Map([["Fe", 0]]))).toThrow(DataError);
    expect(() => atomicWeight("Og")).toThrow(/no atomic weight/);
    expect(() => atomicWeight("Xx")).toThrow(/no element "Xx"/);
  });

  it("leave the rest to the balance element", () => {
    expect(withBalance(new Map([["C", 0.0035]]), "Fe").get("Fe")).toBeCloseTo(0.9965, 12);
    expect(() => withBalance(new Map([["C", 1.5]]), "Fe")).toThrow(/are they in %/);
    expect(() => withBalance(new Map([["Fe", 0.5]]), "Fe")).toThrow(/already has an amount/);
  });
});

describe("compositionsFromColumns", () => {
  it("reads mixed mass units with a balance", () => {
    const table = readTable("C wt%,Mn (wt%),O content (wppm),Hardness\n0.8,0,0,200\n0.4,1,50,250\n,,,1\n");
    const [first, second, none] = compositionsFromColumns(table, { balance: "Fe" });
    expect(first?.get("C")).toBeCloseTo(carbon, 12);
    expect(first?.has("Mn")).toBe(false);
    const masses = massFractions(second ?? new Map());
    expect(masses.get("O")).toBeCloseTo(50e-6, 12);
    expect(masses.get("Fe")).toBeCloseTo(1 - 0.014 - 50e-6, 12);
    expect(none).toBeUndefined();
  });

  it("asks for the unit where none is stated, and takes no mixture of mass and atoms", () => {
    const bare = readTable("C,Mn\n0.8,1\n0.4,1\n");
    expect(() => compositionsFromColumns(bare, { balance: "Fe" })).toThrow(UnitError);
    expect(compositionsFromColumns(bare, { balance: "Fe", unit: "wt%" })[0]?.get("Fe")).toBeGreaterThan(0.9);
    const mixed = readTable("C wt%,Mn at%\n0.8,1\n0.4,1\n");
    expect(() => compositionsFromColumns(mixed)).toThrow(/mass and atomic/);
    const over = readTable("C wt%,Mn wt%\n0.8,1\n60,50\n");
    expect(() => compositionsFromColumns(over, { balance: "Fe" })).toThrow(/row 3.*sum to 110 %.*columns "C", "Mn"/);
  });
});
