import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import {
  atomicNumber,
  ELEMENT_PROPERTIES,
  ELEMENT_PROPERTY_INFO,
  ELEMENT_SYMBOLS,
  elementProperty,
  elementsWithout,
  MAGPIE_PROPERTIES,
  oxidationStates,
} from "@materiome/core/composition";
import { describe, expect, it } from "vitest";

describe("element table", () => {
  it("has 118 elements, and a description and a source for each property", () => {
    expect(ELEMENT_SYMBOLS).toHaveLength(118);
    expect(new Set(ELEMENT_SYMBOLS).size).toBe(118);
    expect([atomicNumber("H"), atomicNumber("Fe"), atomicNumber("Og")]).toEqual([1, 26, 118]);
    expect(MAGPIE_PROPERTIES).toHaveLength(22);
    for (const property of ELEMENT_PROPERTIES) {
      expect(ELEMENT_PROPERTY_INFO[property].description, property).not.toBe("");
      expect(ELEMENT_PROPERTY_INFO[property].source, property).not.toBe("");
    }
  });

  // Facts to be found in any handbook, so that a shifted row or column shows.
  it.each([
    ["H", "AtomicWeight", 1.00794],
    ["Fe", "MeltingT", 1811],
    ["F", "Electronegativity", 3.98],
    ["Si", "CovalentRadius", 111],
    ["Cu", "Column", 11],
    ["U", "NfValence", 3],
    ["Fe", "FirstIonisationEnergy", 7.9024681],
    ["Cl", "ElectronAffinity", 3.6127253],
    ["Cu", "Density", 8.96],
    ["Cs", "AtomicRadius", 260],
    ["Al", "MolarVolume", 26.9815386 / 2.6989],
  ] as const)("%s: %s is %d", (symbol, property, value) => {
    expect(elementProperty(symbol, property)).toBeCloseTo(value, 12);
  });

  it("holds the tables of the source, byte for byte", () => {
    const module = readFileSync(new URL("../../src/composition/elementData.ts", import.meta.url), "utf8");
    const lines = /`\n([\s\S]*)\n`;/.exec(module)?.[1].split("\n") ?? [];
    const csv = [`Z,element,${MAGPIE_PROPERTIES.join(",")}`, ...lines.map((line, i) => `${i + 1},${line}`), ""].join(
      "\n",
    );
    // Of the table put together from matminer's files at commit 8ddb18c, one column for each.
    const sha256 = "50390fc047fcf95b77530ed58767a9a5e5665f03491ea984421c30119cb035d2";
    expect(createHash("sha256").update(csv).digest("hex")).toBe(sha256);
  });

  it("says what is missing", () => {
    expect(elementsWithout("Electronegativity").slice(0, 3)).toEqual(["He", "Ne", "Ar"]);
    expect(elementsWithout("Number")).toEqual(["Nh", "Fl", "Mc", "Lv", "Ts", "Og"]);
    expect(elementProperty("N", "ElectronAffinity")).toBeNaN(); // no stable anion
  });

  it("is consistent in itself", () => {
    for (const symbol of ELEMENT_SYMBOLS.slice(0, 112)) {
      const of = (property: (typeof MAGPIE_PROPERTIES)[number]): number => elementProperty(symbol, property);
      expect(of("Number")).toBe(atomicNumber(symbol));
      expect(of("NsValence") + of("NpValence") + of("NdValence") + of("NfValence"), symbol).toBe(of("NValence"));
      expect(of("NsUnfilled") + of("NpUnfilled") + of("NdUnfilled") + of("NfUnfilled"), symbol).toBe(of("NUnfilled"));
      const [common, observed] = [oxidationStates(symbol), oxidationStates(symbol, "observed")];
      expect(observed, symbol).toEqual(expect.arrayContaining([...common]));
      expect([...observed].sort((a, b) => a - b)).toEqual(observed);
    }
    expect(oxidationStates("Cu")).toEqual([2]);
    expect(oxidationStates("Cu", "observed")).toEqual([1, 2, 3]);
    expect(oxidationStates("Ar")).toEqual([]);
  });

  it("suggests names", () => {
    expect(() => elementProperty("FE", "Number")).toThrow(/no element "FE"; did you mean Fe\?/);
    expect(() => elementProperty("Fe", "Densty" as "Density")).toThrow(/did you mean Density\?/);
  });
});
