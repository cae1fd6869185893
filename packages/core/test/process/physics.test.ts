import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cumulativeStrain,
  engineeringStrain,
  rollingStrain,
  rollingStrainRate,
  sectionStrain,
  totalStrainOf,
  trueStrain,
  upsettingStrain,
  zenerHollomon,
} from "../../src/process/deformation.ts";
import { filmThickness, homologousTemperature, meltingByMixture } from "../../src/process/deposition.ts";
import {
  arealEnergyDensity,
  buildRate,
  linearEnergyDensity,
  normalisedEnthalpy,
  volumetricEnergyDensity,
} from "../../src/process/energyDensity.ts";
import { quenchSeverity } from "../../src/process/quenchSeverity.ts";
import { createSchedule } from "../../src/process/schedule.ts";

describe("strain", () => {
  it("closed forms", () => {
    expect(trueStrain(Math.E - 1)).toBeCloseTo(1, 14);
    expect(rollingStrain(Math.E, 1)).toBeCloseTo(2 / Math.sqrt(3), 14);
    expect(sectionStrain(Math.E ** 2)).toBeCloseTo(2, 14);
    expect(upsettingStrain(20, 10)).toBeCloseTo(Math.LN2, 14);
  });

  it("engineering and true strain are inverse, strains of passes add", () => {
    const h = fc.double({ min: 0.1, max: 100, noNaN: true });
    fc.assert(
      fc.property(h, h, h, (a, b, c) => {
        const [out, mid, inn] = [a, b, c].sort((x, y) => x - y);
        fc.pre(out < mid && mid < inn);
        expect(rollingStrain(inn, mid) + rollingStrain(mid, out)).toBeCloseTo(rollingStrain(inn, out), 10);
        expect(engineeringStrain(trueStrain(a))).toBeCloseTo(a, 10);
      }),
      { seed: 1 },
    );
  });

  it("rate of rolling is strain over time in the bite, and goes with the speed", () => {
    const pass = { thicknessInMm: 20, thicknessOutMm: 15, rollRadiusMm: 300, rollSpeedMPerS: 2 };
    const timeInBiteS = Math.sqrt(300 * 5) / 2000;
    expect(rollingStrainRate(pass)).toBeCloseTo(rollingStrain(20, 15) / timeInBiteS, 10);
    expect(rollingStrainRate({ ...pass, rollSpeedMPerS: 4 })).toBeCloseTo(2 * rollingStrainRate(pass), 10);
    // ω √(R/Δh) ε, with the speed in rev/min as mill logs have it
    const rpm = (2000 / 300 / (2 * Math.PI)) * 60;
    expect(rollingStrainRate(pass)).toBeCloseTo(
      ((2 * Math.PI * rpm) / 60) * Math.sqrt(300 / 5) * (2 / Math.sqrt(3)) * Math.log(20 / 15),
      10,
    );
  });

  it("Zener–Hollomon: Z of two temperatures differ by exp(Q/R (1/T₁ − 1/T₂))", () => {
    const ratio = zenerHollomon(1, 1173, 312e3) / zenerHollomon(1, 1273, 312e3);
    expect(Math.log(ratio)).toBeCloseTo((312e3 / 8.31446261815324) * (1 / 1173 - 1 / 1273), 10);
    expect(zenerHollomon(3, 1000, 0)).toBe(3);
  });

  it("a step says its strain in several ways", () => {
    const roll = { kind: "deform", method: "roll", thicknessInMm: 10, thicknessOutMm: 5, reduction: 0.5 } as const;
    const strains = totalStrainOf(roll).map(({ strain }) => strain);
    expect(strains).toHaveLength(2);
    for (const strain of strains) expect(strain).toBeCloseTo(rollingStrain(10, 5), 14);
    // a wire drawn to half its diameter has a quarter of its section
    const wire = { kind: "deform", method: "draw", thicknessInMm: 2, thicknessOutMm: 1, areaRatio: 4 } as const;
    for (const { strain } of totalStrainOf(wire)) expect(strain).toBeCloseTo(Math.log(4), 14);
  });

  it("adds over the steps of a schedule", () => {
    const passes = createSchedule([
      { kind: "deform", method: "roll", thicknessInMm: 20, thicknessOutMm: 10 },
      { kind: "deform", method: "roll", reduction: 0.5 },
      { kind: "hold", timeS: 1 },
      { kind: "deform", method: "extrude", areaRatio: Math.E },
    ]);
    expect(cumulativeStrain(passes)).toBeCloseTo(rollingStrain(20, 5) + 1, 12);
    expect(() => cumulativeStrain(createSchedule([{ kind: "deform", method: "roll" }]))).toThrow(
      "step 1 does not say how much it deforms",
    );
  });

  it("refuses swapped values", () => {
    expect(() => rollingStrain(10, 20)).toThrow("needs before > after > 0, got 10 and 20; swapped?");
    expect(() => sectionStrain(0.5)).toThrow("above 1, got 0.5");
    expect(() => trueStrain(-30)).toThrow("percent? divide by 100");
    expect(() => zenerHollomon(0, 1000, 1)).toThrow("got 0 1/s");
  });
});

describe("energy of a beam", () => {
  const print = { powerW: 200, speedMmPerS: 800, hatchMm: 0.1, layerMm: 0.03, spotMm: 0.1 };

  it("closed forms", () => {
    expect(volumetricEnergyDensity(print)).toBeCloseTo(200 / 2.4, 12);
    expect(linearEnergyDensity(200, 800)).toBe(0.25);
    expect(arealEnergyDensity(200, 800, 0.1)).toBeCloseTo(2.5, 12);
    expect(buildRate(800, 0.1, 0.03)).toBeCloseTo(2.4, 12);
    expect(volumetricEnergyDensity(print) * buildRate(800, 0.1, 0.03)).toBeCloseTo(200, 10);
  });

  it("normalised enthalpy in SI by hand, and by its scaling", () => {
    const m = { absorptivity: 0.4, densityKgPerM3: 7900, meltingEnthalpyJPerKg: 1.2e6, diffusivityM2PerS: 5e-6 };
    const byHand = (0.4 * 200) / (7900 * 1.2e6 * Math.sqrt(Math.PI * 5e-6 * 0.8 * 50e-6 ** 3));
    expect(normalisedEnthalpy(print, m)).toBeCloseTo(byHand, 10);
    expect(normalisedEnthalpy({ ...print, speedMmPerS: 3200 }, m)).toBeCloseTo(byHand / 2, 10);
    expect(normalisedEnthalpy({ ...print, spotMm: 0.4 }, m)).toBeCloseTo(byHand / 8, 10);
    expect(() => normalisedEnthalpy(print, { ...m, absorptivity: 40 })).toThrow("at most 1, got 40");
    expect(() => normalisedEnthalpy({ ...print, powerW: 0 }, m)).toThrow("powerW must be positive and finite, got 0");
  });
});

describe("films and quenches", () => {
  it("closed forms", () => {
    expect(filmThickness(0.5, 600)).toBe(300);
    expect(homologousTemperature(500, 2000)).toBe(0.25);
    const halves = new Map([
      ["Fe", 0.5],
      ["Ni", 0.5],
    ]);
    const melting = new Map([
      ["Fe", 1811],
      ["Ni", 1728],
    ]);
    expect(meltingByMixture(halves, melting)).toBe(1769.5);
    expect(() => meltingByMixture(new Map([["W", 1]]), melting)).toThrow("no melting temperature of W");
    expect(() => meltingByMixture(new Map([["Fe", 50]]), melting)).toThrow("sum to 50, expected 1");
  });

  it("severity of Grossmann's table rises with stirring, and is absent where the table has none", () => {
    expect(quenchSeverity("oil", "moderate")).toEqual({ low: 0.35, high: 0.4 });
    const stirring = ["none", "mild", "moderate", "good", "strong", "violent"] as const;
    for (const medium of ["oil", "water"] as const) {
      const ranges = stirring.map((agitation) => quenchSeverity(medium, agitation));
      for (const [i, range] of ranges.entries()) {
        expect(range?.low).toBeLessThanOrEqual(range?.high ?? 0);
        if (i > 0) expect(range?.low).toBeGreaterThanOrEqual(ranges[i - 1]?.high ?? 99);
      }
    }
    expect(quenchSeverity("polymer", "none")).toBeUndefined();
    expect(quenchSeverity("brine", "good")).toBeUndefined();
  });
});
