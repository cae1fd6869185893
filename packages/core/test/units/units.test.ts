import { canonicalUnitText, convertUnit, isConvertible, isKnownUnit, parseUnit, UnitError } from "@materiome/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("convertUnit", () => {
  it.each([
    [25, "°C", "K", 298.15],
    [212, "°F", "degC", 100],
    [1, "GPa", "MPa", 1000],
    [1, "ksi", "MPa", 6.894757293168361], // NIST SP 811: 6.894757 MPa
    [1, "psi", "Pa", 6894.757293168361],
    [1, "bar", "MPa", 0.1],
    [1, "μm", "nm", 1000],
    [3, "µm", "mm", 0.003],
    [1, "in", "mm", 25.4],
    [2, "h", "min", 120],
    [1, "day", "h", 24],
    [0.35, "wt%", "wppm", 3500],
    [0.5, "mass fraction", "wt.%", 50],
    [60, "degC/min", "K/s", 1],
    [7.85, "g/cm^3", "kg/m³", 7850],
    [1, "J/mm3", "J/m^3", 1e9],
    [1, "eV/atom", "kJ/mol", 96.48533212331],
    [1, "MPa·m^0.5", "MPa m^(1/2)", 1],
    [1, "ksi*in^0.5", "MPa*m^0.5", 1.0988434],
    [1, "W/(m K)", "W/m/K", 1],
    [1, "W/m·K", "W/(m K)", 1],
    [1, "W/mK", "W/m/K", 1],
    [12.77, "S/cm", "S/m", 1277],
  ])("%s %s is %s → %s", (value, from, to, expected) => {
    expect(convertUnit(value, from, to)).toBeCloseTo(expected, 6);
  });

  it("does exact work on equal units and short decimals", () => {
    expect(convertUnit(0.1 + 0.2, "MPa", "MPa")).toBe(0.1 + 0.2);
    expect(convertUnit(1, "um", "mm")).toBe(0.001);
    expect([...convertUnit(Float64Array.of(1, Number.NaN), "GPa", "MPa")]).toEqual([1000, Number.NaN]);
  });

  it.each([
    ["HV", "HRC"],
    ["HV", "MPa"],
    ["wt%", "at%"],
    ["%", "wt%"],
    ["MPa", "s"],
    ["", "MPa"],
    ["furlong", "m"],
    ["furlong", "chain"],
  ])("refuses %s → %s", (from, to) => {
    expect(isConvertible(from, to)).toBe(false);
    expect(() => convertUnit(1, from, to)).toThrow(UnitError);
  });

  it("keeps unknown text as it is", () => {
    expect(parseUnit(" furlong ")).toMatchObject({ text: "furlong", known: false });
    expect(convertUnit(3, "furlong", "furlong")).toBe(3);
    expect(convertUnit(3, "", "")).toBe(3);
  });

  it("comes back where it started", () => {
    const units = [
      ["degC", "degF", "K"],
      ["MPa", "ksi", "psi", "bar", "GPa"],
      ["um", "in", "m", "nm"],
      ["wt%", "wppm", "mass fraction"],
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...units).chain((u) => fc.tuple(fc.constantFrom(...u), fc.constantFrom(...u))),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        ([a, b], x) => {
          expect(Math.abs(convertUnit(convertUnit(x, a, b), b, a) - x)).toBeLessThan(1e-9 * (1000 + Math.abs(x)));
        },
      ),
      { seed: 1 },
    );
  });
});

describe("canonicalUnitText", () => {
  it("is read as the same unit again", () => {
    const atom = fc.constantFrom("MPa", "um", "kg", "s", "K", "mol", "eV", "W", "degC", "%", "h");
    const power = fc.constantFrom("", "2", "^3", "^0.5", "^-1", "^-0.5");
    const part = fc.tuple(fc.constantFrom("*", "/"), atom, power);
    fc.assert(
      fc.property(fc.tuple(atom, power), fc.array(part, { maxLength: 4 }), (first, parts) => {
        const unit = parseUnit(first.join("") + parts.map((p) => p.join("")).join(""));
        const again = parseUnit(unit.text);
        expect([again.text, again.dimension, again.known]).toEqual([unit.text, unit.dimension, true]);
        expect(again.factor / unit.factor).toBeCloseTo(1, 12);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it.each([
    ["µm", "um"],
    ["$\\mu$m", "um"],
    ["$^\\circ$C", "degC"],
    ["g/cm$^3$", "g/cm3"],
    ["g cm⁻³", "g/cm3"],
    ["wt. %", "wt%"],
    ["mm s^-1", "mm/s"],
    ["HBW", "HB"],
    ["uL/min", "uL/min"],
    ["s^-1", "1/s"],
    ["1/s", "1/s"],
    ["1/m2", "1/m2"],
    ["mm/y", "mm/year"],
  ])("writes %s as %s", (text, expected) => {
    expect(canonicalUnitText(text)).toBe(expected);
  });

  it.each([
    "10E7 Cycles",
    "measured",
    "",
    "s)",
    "MPa/",
    "/s",
    "1",
    "1/",
    "1/2",
    "2/s",
    "m//s",
    "a.u.",
    "molar ratio",
    "as cast",
    "II",
  ])("takes %j for no unit", (text) => {
    expect(isKnownUnit(text)).toBe(false);
  });
});
