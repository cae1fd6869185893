import { convertUnit, parseUnit } from "@materiome/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { absoluteUnit, multiplyUnits, powerOfUnit } from "../../src/units/composeUnits.ts";

const UNITS = [
  "",
  "m",
  "mm",
  "um",
  "s",
  "h",
  "K",
  "W",
  "MPa",
  "J/mm3",
  "mm/s",
  "g/cm3",
  "wt%",
  "MPa*m^0.5",
  "1/s",
  "HV",
  "kg",
];

describe("multiplyUnits and powerOfUnit", () => {
  it.each([
    ["MPa", "mm2", "MPa*mm2", 1],
    ["mm", "um", "mm2", 1e-3],
    ["W", "1/W", "", 1],
    ["mm", "1/um", "", 1000],
    ["", "K", "K", 1],
    ["MPa*m^0.5", "m^0.5", "MPa*m", 1],
    ["strange", "m", "strange*m", 1],
  ])("%s by %s", (a, b, unit, factor) => {
    expect(multiplyUnits(a, b)).toEqual({ unit, factor });
  });

  it.each([
    ["m/s", 2, "m2/s2"],
    ["um", 0.5, "um^0.5"],
    ["K", -1, "1/K"],
    ["g/cm3", 0, ""],
    ["mm3", 1 / 3, "mm"],
  ])("%s to the power %d", (unit, power, expected) => {
    expect(powerOfUnit(unit, power)).toEqual({ unit: expected, factor: 1 });
  });

  it("give a unit that is known and of the right size (any two units)", () => {
    fc.assert(
      fc.property(fc.constantFrom(...UNITS), fc.constantFrom(...UNITS), fc.constantFrom(-2, -1, 1, 2, 3), (a, b, n) => {
        const below = powerOfUnit(b, n);
        const { unit, factor } = multiplyUnits(a, below.unit);
        const si = (text: string): number => (text === "" ? 1 : parseUnit(text).factor);
        const expected = si(a) * si(b) ** n;
        expect(unit === "" || parseUnit(unit).known).toBe(true);
        // one of a times one of bⁿ is factor of the composed unit
        expect((factor * below.factor * si(unit)) / expected).toBeCloseTo(1, 12);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it("take no scale whose zero is arbitrary", () => {
    expect(() => multiplyUnits("degC", "h")).toThrow(/convert to K first/);
    expect([absoluteUnit("degC"), absoluteUnit("°F"), absoluteUnit("MPa")]).toEqual(["K", "K", "MPa"]);
    expect(convertUnit(0, "degC", absoluteUnit("degC"))).toBe(273.15);
  });
});
