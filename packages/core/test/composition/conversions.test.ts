import { createNumberColumn, createRandom, DataError, FormatError, readTable, Table, UnitError } from "@materiome/core";
import {
  type AmountUnit,
  atomicWeight,
  compositionFromAmounts,
  compositionsFromColumns,
  compositionsOf,
  convertAmounts,
  ELEMENT_SYMBOLS,
  elementsFromOxides,
  molarMass,
  normaliseFractions,
  oxidesFromElements,
  parseAlloyNotation,
  parseFormula,
} from "@materiome/core/composition";
import { readTableEncoder, tableFeaturizer } from "@materiome/core/features";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const sum = (amounts: ReadonlyMap<string, number>): number => [...amounts.values()].reduce((a, b) => a + b, 0);

const fractions = fc
  .uniqueArray(
    fc.tuple(fc.constantFrom(...ELEMENT_SYMBOLS.slice(0, 100)), fc.double({ min: 1e-6, max: 1, noNaN: true })),
    {
      minLength: 1,
      maxLength: 8,
      selector: ([symbol]) => symbol,
    },
  )
  .map((entries) => {
    const total = entries.reduce((all, [, x]) => all + x, 0);
    return new Map(entries.map(([symbol, x]) => [symbol, x / total]));
  });

describe("convertAmounts", () => {
  it("turns weight percent into atomic percent", () => {
    const carbon = 0.8 / atomicWeight("C");
    const iron = 99.2 / atomicWeight("Fe");
    const steel = new Map([["C", 0.8]]);
    const atoms = convertAmounts(steel, "wt%", "at%", { balance: "Fe" });
    expect(atoms.get("C")).toBeCloseTo((100 * carbon) / (carbon + iron), 12);
    expect(convertAmounts(new Map([["O", 50]]), "wppm", "wt%", { balance: "Fe" }).get("O")).toBeCloseTo(0.005, 15);
    expect(convertAmounts(new Map([["O", 50]]), "appm", "appb", { balance: "Fe" }).get("O")).toBeCloseTo(50_000, 9);
  });

  it("goes from any unit to any other and back within 1e-12, and sums to the whole", () => {
    const unit = fc.constantFrom<AmountUnit>(
      "atomic fraction",
      "at%",
      "appm",
      "appb",
      "mass fraction",
      "wt%",
      "wppm",
      "wppb",
    );
    fc.assert(
      fc.property(fractions, unit, unit, (given, from, to) => {
        const start = convertAmounts(given, "atomic fraction", from);
        const there = convertAmounts(start, from, to);
        const back = convertAmounts(convertAmounts(there, to, from), from, "atomic fraction");
        expect(sum(convertAmounts(there, to, "mass fraction"))).toBeCloseTo(1, 12);
        for (const [element, x] of given)
          expect(Math.abs((back.get(element) ?? Number.NaN) - x)).toBeLessThanOrEqual(1e-12 * Math.max(x, 1e-3));
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it("normalises only as told", () => {
    const part = new Map([["C", 20], ["Mn", 30]]); // biome-ignore format: one pair each
    expect(() => convertAmounts(part, "wt%", "at%")).toThrow(/sum to 50 % of the whole; name the element/);
    expect(convertAmounts(part, "wt%", "wt%", { normalise: "to1" }).get("C")).toBeCloseTo(40, 12);
    expect(convertAmounts(part, "wt%", "wt%", { balance: "Fe" }).get("Fe")).toBeCloseTo(50, 12);
    const over = new Map([["C", 70], ["Mn", 50]]); // biome-ignore format: one pair each
    for (const options of [{}, { normalise: "to1" }, { balance: "Fe" }] as const) {
      expect(() => convertAmounts(over, "wt%", "at%", options)).toThrow(/sum to 120 %.*above 100 %/);
    }
    expect(() => normaliseFractions(part, { normalise: "balance" })).toThrow(/needs a balance element/);
    expect(() => normaliseFractions(part, { normalise: "to1", balance: "Fe" })).toThrow(/cannot make up the rest/);
    expect(() => convertAmounts(part, "wt%", "at%", { balance: "Mn" })).toThrow(/Mn already has an amount/);
    expect(() => convertAmounts(part, "wt%", "at%", { balance: "Fee" })).toThrow(/no element "Fee"/);
    const analysis = new Map([["Al", 89.8], ["Si", 10.1]]); // biome-ignore format: one pair each
    expect(sum(convertAmounts(analysis, "wt%", "wt%"))).toBeCloseTo(99.9, 12); // within the tolerance, and left alone
    expect(() => convertAmounts(analysis, "wt%", "wt%", { tolerance: 1e-4 })).toThrow(/sum to 99\.9 %/);
  });

  it("refuses amounts and units that are none", () => {
    expect(() => convertAmounts(new Map([["C", -1]]), "wt%", "at%")).toThrow(/amount of C is -1/);
    expect(() => convertAmounts(new Map([["C", Number.NaN]]), "wt%", "at%")).toThrow(DataError);
    expect(() => convertAmounts(new Map([["C", 0]]), "wt%", "at%")).toThrow(/no element has an amount/);
    expect(() => convertAmounts(new Map([["C", 1]]), "wt" as "wt%", "at%")).toThrow(UnitError);
    expect(() => convertAmounts(new Map([["Fee", 100]]), "wt%", "wt%")).toThrow(/no element "Fee"; did you mean Fe\?/);
    const zero = compositionFromAmounts(new Map([["C", 0], ["Ni", 50]]), "wt%", { balance: "Ti" }); // biome-ignore format: one pair each
    expect([...zero.keys()]).toEqual(["Ni", "Ti"]);
  });
});

describe("oxides", () => {
  it("become elements by moles of formula units", () => {
    const glass = new Map([["SiO2", 74], ["Na2O", 15], ["CaO", 11]]); // biome-ignore format: one pair each
    const silica = 74 / (28.0855 + 2 * 15.9994);
    const soda = 15 / (2 * 22.98976928 + 15.9994);
    const lime = 11 / (40.078 + 15.9994);
    const elements = elementsFromOxides(glass);
    expect(elements.get("Na")).toBeCloseTo((2 * soda) / (3 * silica + 3 * soda + 2 * lime), 14);
    expect(elementsFromOxides(new Map([["SiO2", 50], ["CaO", 50]]), "mole").get("O")).toBeCloseTo(0.6, 14); // biome-ignore format: one pair each
    const back = oxidesFromElements(elements);
    for (const [oxide, mass] of glass) expect(back.massFractions.get(oxide)).toBeCloseTo(mass / 100, 13);
    expect(back.oxygenRatio).toBeCloseTo(1, 13);
  });

  it("need a state where an element has several", () => {
    const magnetite = parseFormula("Fe3O4");
    expect(() => oxidesFromElements(magnetite)).toThrow(/Fe has the states 2, 3/);
    const wustite = oxidesFromElements(magnetite, { states: { Fe: 2 } });
    expect([...wustite.massFractions]).toEqual([["FeO", 1]]);
    expect(wustite.oxygenRatio).toBeCloseTo(3 / 4, 14);
    expect([...oxidesFromElements(magnetite, { states: { Fe: 3 } }).massFractions.keys()]).toEqual(["Fe2O3"]);
    expect(oxidesFromElements(parseFormula("AlSi"), {}).oxygenRatio).toBeNaN();
    expect(() => oxidesFromElements(parseFormula("CaF2"))).toThrow(/F has no common positive/);
    expect(() => oxidesFromElements(parseFormula("O2"))).toThrow(/no element other than oxygen/);
    expect(() => oxidesFromElements(magnetite, { states: { Fe: 2.5 } })).toThrow(/positive whole number/);
    expect(() => oxidesFromElements(magnetite, { states: { Mn: 2 } })).toThrow(/does not hold/);
  });

  it("refuse what is no amount or no formula", () => {
    expect(() => elementsFromOxides(new Map([["SiO2", -1]]))).toThrow(/amount of SiO2 is -1/);
    expect(() => elementsFromOxides(new Map([["Xx2O3", 1]]))).toThrow(FormatError);
    expect(molarMass(parseFormula("SiO2"))).toBeCloseTo(28.0855 + 2 * 15.9994, 12);
  });
});

describe("parseAlloyNotation", () => {
  it.each([
    ["Ti-6Al-4V", "Ti", "wt%", { Ti: 90, Al: 6, V: 4 }],
    ["Fe-18Cr-8Ni", "Fe", "wt%", { Fe: 74, Cr: 18, Ni: 8 }],
    ["Ti–6Al–4V", "Ti", "wt%", { Ti: 90, Al: 6, V: 4 }],
    ["Al-Si7-Mg0.5", "Al", "wt%", { Al: 92.5, Si: 7, Mg: 0.5 }],
    ["Cu-50Zr at%", "Cu", "at%", { Cu: 50, Zr: 50 }],
    ["Cu-50Zr (at.%)", "Cu", "at%", { Cu: 50, Zr: 50 }],
    ["63Sn-37Pb", undefined, "wt%", { Sn: 63, Pb: 37 }],
    ["Fe - 0.5 C", "Fe", "wt%", { Fe: 99.5, C: 0.5 }],
  ])("reads %s", (text, balance, unit, amounts) => {
    const alloy = parseAlloyNotation(text);
    expect(alloy.balance).toBe(balance);
    expect(alloy.unit).toBe(unit);
    expect(Object.fromEntries(alloy.amounts)).toEqual(amounts);
    expect(sum(alloy.composition)).toBeCloseTo(1, 12);
    const total = Object.entries(amounts).reduce((all, [e, w]) => all + w / (unit === "at%" ? 1 : atomicWeight(e)), 0);
    for (const [element, w] of Object.entries(amounts)) {
      const x = w / (unit === "at%" ? 1 : atomicWeight(element)) / total;
      expect(alloy.composition.get(element)).toBeCloseTo(x, 12);
    }
  });

  it.each([
    ["Ti-6Xx", /no element "Xx".*position 5/],
    ["Xy-6Al", /"Xy" is no element|no element "Xy"/],
    ["Ti-6Al-V", /V has no amount.*position 7/],
    ["Ti-6Al-4V ELI", /unexpected "ELI".*position 11/],
    ["Ti-6Al4V", /unexpected "-6Al4V"/],
    ["Ti-60Al-50V", /sum to 110 %, which leaves nothing for Ti/],
    ["70Cu-20Zn", /sum to 90 % in place of 100/],
    ["Ti-6Al-4Al", /Al stands twice/],
    ["AlSi10Mg", /a base element and a dash/],
    ["316L", /a base element and a dash/],
    ["Fe-", /unexpected/],
    ["", /a base element and a dash/],
  ])("refuses %s", (text, message) => {
    expect(() => parseAlloyNotation(text)).toThrow(message);
  });
});

describe("compositionsFromColumns", () => {
  it("names row and columns of every amount that cannot be", () => {
    const table = readTable("C wt%,Mn wt%,y\n0.8,0.5,1\n-0.4,60,2\n60,50,3\n");
    const attempt = (): unknown => compositionsFromColumns(table, { balance: "Fe" });
    expect(attempt).toThrow(DataError);
    expect(attempt).toThrow(/row 3, column "C": the amount of C is -0\.4/);
    expect(attempt).toThrow(/row 4: the amounts sum to 110 %.*columns "C", "Mn"/);
    expect(() => compositionsFromColumns(table, { balance: "Fee" })).toThrow(
      /^normaliseFractions: no element "Fee" for the balance; did you mean Fe\?$/,
    );
    const infinite = new Table([
      createNumberColumn("C", [1, 2], { role: "composition", unit: "wt%" }),
      createNumberColumn("Mn", [1, Number.POSITIVE_INFINITY], { role: "composition", unit: "wt%" }),
    ]);
    expect(() => compositionsFromColumns(infinite, { balance: "Fe" })).toThrow(
      /row 3, column "Mn": the amount of Mn is Inf/,
    );
    const unmasked = createNumberColumn(
      "Mn",
      [1, Number.NaN],
      { role: "composition", unit: "wt%" },
      Uint8Array.of(1, 1),
    );
    expect(() => compositionsFromColumns(new Table([unmasked]), { balance: "Fe" })).toThrow(/the amount of Mn is NaN/);
    const zero = readTable("C wt%,Mn wt%,y\n50,50,1\n0,0,2\n");
    expect(() => compositionsFromColumns(zero)).toThrow(
      /row 3: no element has an amount above zero \(columns "C", "Mn"\)/,
    );
  });

  it("wants the whole, a balance, or to be told to scale", () => {
    const table = readTable("C wt%,Mn wt%,y\n20,30,1\n30,30,2\n");
    expect(() => compositionsFromColumns(table)).toThrow(/row 2: the amounts sum to 50 %.*name the element/);
    const [first] = compositionsFromColumns(table, { normalise: "to1" });
    const carbon = 20 / atomicWeight("C");
    expect(first?.get("C")).toBeCloseTo(carbon / (carbon + 30 / atomicWeight("Mn")), 12);
  });

  it("takes the kind of plain ppm from the unit, and refuses an element twice", () => {
    const ppm = readTable("C ppm,Mn ppm,y\n200,5000,1\n100,4000,2\n");
    expect(() => compositionsFromColumns(ppm, { balance: "Fe" })).toThrow(UnitError);
    const [first] = compositionsFromColumns(ppm, { balance: "Fe", unit: "wt%" });
    const wanted = convertAmounts(new Map([["C", 200], ["Mn", 5000]]), "wppm", "atomic fraction", { balance: "Fe" }); // biome-ignore format: one pair each
    for (const [element, x] of wanted) expect(first?.get(element)).toBeCloseTo(x, 12);
    const twice = readTable("C wt%,C content (wppm),Fe wt%,y\n1,2,99,1\n1,2,99,2\n");
    expect(() => compositionsFromColumns(twice)).toThrow(/both hold C; drop one/);
  });

  it("reads oxides by weight and by mole", () => {
    const glass = readTable("SiO2 (wt%),Na2O (wt%),CaO (wt%),density\n74,15,11,2.5\n70,20,10,2.4\n");
    const [first] = compositionsFromColumns(glass, { oxides: ["SiO2", "Na2O", "CaO"] });
    const wanted = elementsFromOxides(new Map([["SiO2", 74], ["Na2O", 15], ["CaO", 11]])); // biome-ignore format: one pair each
    for (const [element, x] of wanted) expect(first?.get(element)).toBeCloseTo(x, 12);
    const moles = readTable("SiO2 (mol%),CaO (mol%),y\n50,50,1\n60,40,2\n");
    expect(compositionsFromColumns(moles, { oxides: ["SiO2", "CaO"] })[0]?.get("O")).toBeCloseTo(0.6, 12);
    expect(() => compositionsFromColumns(moles, { oxides: ["y"] })).toThrow(/"y" is no formula/);
  });
});

describe("the table encoder", () => {
  it("keeps the rule of normalisation when stored", async () => {
    const table = readTable("C wt%,Mn wt%,y\n20,30,1\n30,30,2\n");
    const options = {
      targets: ["y"],
      elementColumns: { normalise: "to1", tolerance: 0.01, features: ["stoichiometry"] },
    } as const;
    const encoder = await tableFeaturizer(options).fit(table, { random: createRandom(1) });
    const stored = readTableEncoder(JSON.parse(JSON.stringify(encoder.toJSON())));
    expect(stored.encode(table).data).toEqual(encoder.encode(table).data);
    const strict = tableFeaturizer({ ...options, elementColumns: { features: ["stoichiometry"] } });
    const whole = await strict.fit(table, { random: createRandom(1) });
    expect(() => whole.encode(table)).toThrow(/sum to 50 %/);
  });
});

describe("compositionsOf", () => {
  it("names every row whose text is no formula", () => {
    const table = readTable("name,y\nFe2O3,1\nXx2,2\nNaCl,3\nFe-18Cr,4\n");
    const column = { kind: "formula", name: "formula", role: "composition", unit: "", texts: ["Fe2O3", "Xx2", undefined, "Fe-18Cr"] } as const; // biome-ignore format: one line
    expect(() => compositionsOf(table, column)).toThrow(/row 3.*"Xx"[\s\S]*row 5.*parseAlloyNotation/);
  });
});
