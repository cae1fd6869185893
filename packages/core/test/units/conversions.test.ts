import { readFileSync } from "node:fs";
import { canonicalUnitFor, canonicalUnitText, convertDifference, convertUnit, isConvertible, parseUnit, SI_UNITS } from "@materiome/core"; // biome-ignore format: one line
import fc from "fast-check";
import { describe, expect, it } from "vitest";

interface Golden {
  readonly source: string;
  readonly tolerance: number;
  readonly factors: [string, string, number][];
  readonly temperatures: [string, string, number, number][];
}

const golden = JSON.parse(readFileSync(new URL("./fixtures/conversions.json", import.meta.url), "utf8")) as Golden;

describe(`conversions against ${golden.source}`, () => {
  it.each(golden.factors)("1 %s in %s", (from, to, factor) => {
    expect(Math.abs(convertUnit(1, from, to) / factor - 1)).toBeLessThan(golden.tolerance);
    expect(Math.abs(convertUnit(factor, to, from) - 1)).toBeLessThan(golden.tolerance);
  });

  it("temperatures on four scales, to 1e-12 K", () => {
    for (const [from, to, x, expected] of golden.temperatures) {
      expect(Math.abs(convertUnit(x, from, to) - expected), `${x} ${from} in ${to}`).toBeLessThan(1e-12 * (1 + Math.abs(expected))); // biome-ignore format: one line
    }
  });
});

describe("units of the trade", () => {
  it.each([
    ["W/m·K", "W/m/K"],
    ["W/mK", "W/m/K"],
    ["W/m-K", "W/m/K"],
    ["kJ/mol·K", "kJ/mol/K"],
    ["J/(g·K)", "J/g/K"],
    ["10⁻⁶ K⁻¹", "um/m/K"],
    ["10^-6/°C", "um/m/degC"],
    ["ppm/K", "um/m/K"],
    ["MPa√m", "MPa*m^0.5"],
    ["ksi√in", "ksi*in^0.5"],
    ["MPa.m^0.5", "MPa*m^0.5"],
    ["HV10", "HV"],
    ["HV 0.5", "HV"],
    ["HBW 10/3000", "HB"],
    ["HRBW", "HRB"],
    ["ft-lb", "ft*lbf"],
    ["ft·lbs", "ft*lbf"],
    ["g/cc", "g/cm3"],
    ["cc", "cm3"],
    ["µε", "microstrain"],
    ["‰", "permille"],
    ["mol %", "mol%"],
    ["microinch", "uin"],
    ["°R", "degR"],
  ])("%s is read as %s", (text, expected) => {
    expect(parseUnit(text)).toMatchObject({ text: expected, known: true });
    expect(canonicalUnitText(expected)).toBe(expected);
  });

  it("keeps hardness scales, kinds of fraction, stress and energy apart", () => {
    const scales = ["HV", "HRC", "HRB", "HB", "HK", "HLD", "Shore A", "Shore D"];
    for (const a of scales) for (const b of scales) expect(isConvertible(a, b)).toBe(a === b);
    const amounts = ["wt%", "at%", "vol%", "%"];
    for (const a of amounts) for (const b of amounts) expect(isConvertible(a, b)).toBe(a === b);
    expect(convertUnit(3, "mol%", "at%")).toBe(3);
    expect(isConvertible("W/m/K", "W/m")).toBe(false);
  });

  it("convertDifference drops the offset of temperature scales only", () => {
    expect(convertDifference(9, "degF", "K")).toBeCloseTo(5, 14);
    expect(convertDifference(9, "K", "degC")).toBe(9);
    expect([...convertDifference([1, Number.NaN], "ksi", "psi")]).toEqual([1000, Number.NaN]);
    expect(() => convertDifference(1, "HV", "MPa")).toThrow(/HV/);
  });

  it("round trips exactly to 1e-12 between any two units of one dimension", () => {
    const units = [
      ...new Set([...golden.factors.flatMap(([a, b]) => [a, b] as string[]), "degC", "degF", "degR", "K"]),
    ];
    const pairs = units.flatMap((a) => units.filter((b) => isConvertible(a, b)).map((b) => [a, b] as const));
    expect(pairs.length).toBeGreaterThan(100);
    fc.assert(
      fc.property(fc.constantFrom(...pairs), fc.double({ min: -1e6, max: 1e6, noNaN: true }), ([a, b], x) => {
        // Temperatures pass through numbers of the size of the offset, whose rounding stays.
        const size = parseUnit(a).dimension === "K1" ? Math.abs(x) + 1000 : Math.abs(x);
        expect(Math.abs(convertUnit(convertUnit(x, a, b), b, a) - x)).toBeLessThanOrEqual(1e-12 * size + 1e-300);
        expect(Math.abs(convertDifference(convertDifference(x, a, b), b, a) - x)).toBeLessThanOrEqual(1e-12 * Math.abs(x) + 1e-300); // biome-ignore format: one line
      }),
      { seed: 3, numRuns: 2000 },
    );
  });
});

describe("canonicalUnitFor", () => {
  it.each([
    ["°F", "process", "anneal", "degC"],
    ["°C", "property", "Curie temperature", "K"],
    ["°C/min", "process", "cooling rate", "K/s"],
    ["ksi", "property", "YS", "MPa"],
    ["Msi", "property", "Young's modulus", "GPa"],
    ["Msi", "property", "E", "GPa"],
    ["mTorr", "process", "pressure", "Pa"],
    ["Pa", "process", "pressure", "Pa"],
    ["bar", "process", "HIP pressure", "MPa"],
    ["Pa", "property", "yield strength", "MPa"],
    ["kJ/cm3", "process", "VED", "J/mm3"],
    ["nm", "structure", "lath width", "um"],
    ["in", "process", "plate thickness", "mm"],
    ["mm", "process", "Hatch space", "um"],
    ["mm", "process", "D50", "um"],
    ["min", "process", "hold", "h"],
    ["wppm", "composition", "O", "wt%"],
    ["lb/in3", "property", "density", "g/cm3"],
    ["ft-lb", "property", "CVN", "J"],
    ["meV", "property", "gap", "eV"],
    ["mil/y", "property", "corrosion rate", "mm/year"],
  ] as const)("%s of a %s column “%s” becomes %s", (unit, role, name, expected) => {
    expect(canonicalUnitFor(unit, role, name)).toBe(expected);
  });

  it("leaves alone what no line fits", () => {
    for (const unit of ["HV", "%", "mol%", "furlong", ""]) expect(canonicalUnitFor(unit, "property")).toBeUndefined();
    expect(canonicalUnitFor("degC", "process", "", SI_UNITS)).toBe("K");
    expect(canonicalUnitFor("MPa", "property", "", SI_UNITS)).toBe("Pa");
    expect(canonicalUnitFor("J/mm3", "process", "", SI_UNITS)).toBe("J/m3");
  });
});
