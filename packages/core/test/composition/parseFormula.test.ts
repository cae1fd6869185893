import { FormatError } from "@materiome/core";
import { compositionKey, parseFormula, tryParseFormula } from "@materiome/core/composition";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const amounts = (text: string): Record<string, number> => Object.fromEntries(parseFormula(text));

describe("parseFormula", () => {
  it.each([
    ["Fe2O3", { Fe: 2, O: 3 }],
    ["Co1 Fe1 Ni0.5", { Co: 1, Fe: 1, Ni: 0.5 }],
    ["Ca(OH)2", { Ca: 1, O: 2, H: 2 }],
    ["K4[Fe(CN)6]", { K: 4, Fe: 1, C: 6, N: 6 }],
    ["CuSO4·5H2O", { Cu: 1, S: 1, O: 9, H: 10 }],
    ["CuSO4 * 5 H2O", { Cu: 1, S: 1, O: 9, H: 10 }],
    ["0.5NaCl·0.5KCl", { Na: 0.5, Cl: 1, K: 0.5 }],
    ["Al4(CoCrFeMnNi)96", { Al: 4, Co: 96, Cr: 96, Fe: 96, Mn: 96, Ni: 96 }],
    ["Fe0.620C0.000953", { Fe: 0.62, C: 0.000953 }],
    ["Fe1C1e-3", { Fe: 1, C: 1e-3 }],
    ["Fe₂O₃", { Fe: 2, O: 3 }],
    ["Fe2Eu3", { Fe: 2, Eu: 3 }],
    [" Si ", { Si: 1 }],
    ["CO", { C: 1, O: 1 }],
    ["Ni3.Al", { Ni: 3, Al: 1 }],
    ["Al0CoCrFeNi", { Co: 1, Cr: 1, Fe: 1, Ni: 1 }],
    ["FeFeO", { Fe: 2, O: 1 }],
    ["{Na[Al(OH)4]}2", { Na: 2, Al: 2, O: 8, H: 8 }],
    ["Al₂(SO₄)₃·18H₂O", { Al: 2, S: 3, O: 30, H: 36 }],
    ["CuSO4.5 H2O", { Cu: 1, S: 1, O: 5.5, H: 2 }],
    ["WO2.9H2O1", { W: 1, O: 3.9, H: 2 }],
    ["Li0.5H2O", { Li: 0.5, H: 2, O: 1 }],
    ["Fe1E-3 Ni 2.5e1", { Fe: 1e-3, Ni: 25 }],
    ["Fe0.123456789012345678", { Fe: Number("0.123456789012345678") }],
    ["Fe.5Ni.5", { Fe: 0.5, Ni: 0.5 }],
    ["(Fe0.5Ni0.5)0.9\u00a0B0.1", { Fe: 0.45, Ni: 0.45, B: 0.1 }],
    ["Fe0(OH)2", { O: 2, H: 2 }],
  ])("reads %s", (text, expected) => {
    expect(amounts(text)).toEqual(expected);
  });

  it.each([
    ["Xx2O3", /no element "Xx"; did you mean Xe\?.*position 1/],
    ["Fe2Q3", /no element "Q".*position 4/],
    ["fe2o3", /starts with a small letter; did you mean Fe.*position 1/],
    ["FeE2", /no element "E"/],
    ["AlxCoCr", /"x" starts with a small letter|amounts must be numbers/],
    ["Fe2(O3", /"\(" is not closed.*position 4/],
    ["Fe2O3)", /unexpected "\)".*position 6/],
    ["Fe()2", /an element is expected.*position 4/],
    ["", /empty/],
    ["   ", /empty/],
    ["Fe2O3·", /an element is expected/],
    ["316L", /no element "L"/],
    ["Fe-2Ni", /unexpected "-".*parseAlloyNotation.*position 3/],
    ["Fe-Ni", /unexpected "-".*position 3/],
    ["Ti-6Al-4V", /weight percent.*parseAlloyNotation.*position 3/],
    ["0.9PbTiO3-0.1BaTiO3", /unexpected "-"; join the parts of a mixture with a raised dot.*position 10/],
    ["SiO2–TiO2", /mixture/],
    ["[Fe(CN)6]4-", /leave the charge out/],
    ["Fe3+", /unexpected "\+".*leave the charge out.*position 4/],
    ["SO4^2-", /unexpected "\^".*leave the charge out/],
    ["Fe³⁺", /unexpected "³".*leave the charge out/],
    ["Ni50%Ti50%", /unexpected "%".*percent signs/],
    ["CuSO4.5H2O", /"4\.5H2O" may be a hydrate.*"4·5H2O".*"4\.5 H2O"/],
    ["Al2(SO4)3.18H2O", /may be a hydrate/],
    ["CaSO4.0.5H2O", /unexpected "\.".*raised dot/],
    ["(Fe1e300)1e300", /too large/],
    ["Fe(O]2", /unexpected "\]"/],
    ["Fe2 · · O", /an element is expected.*position 7/],
    ["Fe1e999", /too large/],
    ["Fe0", /all amounts are zero/],
    [`${"(".repeat(100)}Fe${")".repeat(100)}`, /nested/],
  ])("refuses %s", (text, message) => {
    expect(() => parseFormula(text)).toThrow(message);
    expect(() => parseFormula(text)).toThrow(FormatError);
    expect(tryParseFormula(text)).toBeUndefined();
  });

  it("never throws anything but a FormatError", () => {
    const piece = fc.constantFrom("Fe", "O", "C", "2", "0.5", "(", ")", "[", "]", "·", " ", "x", "E", "-", "1e5", ".");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          for (const amount of parseFormula(pieces.join("")).values()) expect(amount).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});

describe("parseFormula", () => {
  it("agrees with a formula written out from the amounts", () => {
    const part = fc.tuple(
      fc.constantFrom("Fe", "O", "C", "Co", "Ni", "N", "I"),
      fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 40 }), fc.integer({ min: 2, max: 9 }), (parts, factor) => {
        const written = parts.map(([element, amount]) => element + amount).join("");
        const expected = new Map<string, number>();
        for (const [element, amount] of parts) expected.set(element, (expected.get(element) ?? 0) + amount);
        expect([...parseFormula(written)]).toEqual([...expected]);
        const multiple = parseFormula(`(${written})${factor}`);
        for (const [element, amount] of expected) {
          expect((multiple.get(element) ?? 0) / (factor * amount)).toBeCloseTo(1, 12);
        }
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});

describe("compositionKey", () => {
  it("is one text for formulas that mean the same", () => {
    expect(compositionKey(parseFormula("O6Fe4"))).toBe("Fe0.4 O0.6");
    expect(compositionKey(parseFormula("Fe0.4 O0.6"))).toBe("Fe0.4 O0.6");
    expect(compositionKey(parseFormula("FeO"))).not.toBe(compositionKey(parseFormula("Fe2O3")));
  });
});
