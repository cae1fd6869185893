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
    ["Fe-2Ni", /unexpected "-".*position 3/],
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

describe("compositionKey", () => {
  it("is one text for formulas that mean the same", () => {
    expect(compositionKey(parseFormula("O6Fe4"))).toBe("Fe0.4 O0.6");
    expect(compositionKey(parseFormula("Fe0.4 O0.6"))).toBe("Fe0.4 O0.6");
    expect(compositionKey(parseFormula("FeO"))).not.toBe(compositionKey(parseFormula("Fe2O3")));
  });
});
