import { createRandom, DataError } from "@materiome/core";
import { type FieldMeasurement, measureField, poolFields } from "@materiome/microstructure";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";

const base = measureField(voronoiGrains({ width: 500, height: 500, nGrains: 400 }, createRandom(1)), {
  pixelSizeUm: 1,
});

/** A field with a given mean intercept, else like `base`. */
function field(meanInterceptUm: number): FieldMeasurement {
  return { ...base.measurement, meanInterceptUm } as FieldMeasurement;
}

describe("poolFields", () => {
  it("gives mean, Student interval, relative accuracy and fields needed", () => {
    const lengths = [10, 11, 9, 10.5, 9.5];
    const [pooled] = poolFields(lengths.map((l) => ({ specimen: "A", measurement: field(l) })));
    // s = √0.625; t(0.975, 4) = 2.776445 (tables of the t distribution); CI = t s / √5.
    const half = (2.776445 * Math.sqrt(0.625)) / Math.sqrt(5);
    expect(pooled.meanInterceptUm).toBeCloseTo(10, 12);
    expect(pooled.stdInterceptUm).toBeCloseTo(Math.sqrt(0.625), 12);
    expect(pooled.G.relativeAccuracyPct).toBeCloseTo(10 * half, 4);
    expect(pooled.G.intercept).toBeCloseTo(10, 2); // 10 µm is G 10.0
    const toG = (um: number): number => -6.643856 * Math.log10(um / 1000) - 3.288;
    expect(pooled.G.ciLow).toBeCloseTo(toG(10 + half), 5);
    expect(pooled.G.ciHigh).toBeCloseTo(toG(10 - half), 5);
    // n = 5 gives 0.98 µm ≤ 1 µm, n = 4 gives 3.182446 · 0.790569 / 2 = 1.26 µm.
    expect(pooled.G.fieldsNeeded).toBe(5);
    expect(pooled).toMatchObject({ nFields: 5, standard: "ASTM E112-13", meetsStandard: true, reasons: [] });
  });

  it("never asks for fewer fields than the standard, nor for fewer than the scatter needs", () => {
    const needed = (lengths: readonly number[]): number | null =>
      poolFields(lengths.map((l) => ({ specimen: "A", measurement: field(l) })))[0].G.fieldsNeeded;
    expect(needed([10, 10.1, 9.9, 10])).toBe(5);
    // s = 1: t(0.975, 5)/√6 = 2.5706/2.4495 = 1.05 > 1, t(0.975, 6)/√7 = 2.4469/2.6458 = 0.92 ≤ 1 (µm).
    expect(needed([9, 10, 11])).toBe(7);
  });

  it("says why the standard is not met", () => {
    const [one, two] = poolFields([
      { specimen: "B", measurement: field(10) },
      { specimen: "C", measurement: field(5) },
      { specimen: "C", measurement: field(15) },
    ]);
    expect(one.G).toMatchObject({ ciLow: null, ciHigh: null, relativeAccuracyPct: null, fieldsNeeded: null });
    expect(one.reasons).toEqual(["1 field, fewer than 5"]);
    expect(two.specimen).toBe("C");
    expect(two.meetsStandard).toBe(false);
    expect(two.reasons.join("; ")).toMatch(/2 fields, fewer than 5; relative accuracy 635/);
    expect(two.G.ciHigh).toBeNull(); // the interval reaches below zero
  });

  it("pools magnifications in µm, keeps pixels apart", () => {
    const coarse = measureField(voronoiGrains({ width: 400, height: 400, nGrains: 250 }, createRandom(2)), {
      pixelSizeUm: 1,
    });
    const fine = measureField(voronoiGrains({ width: 800, height: 800, nGrains: 250 }, createRandom(3)), {
      pixelSizeUm: 0.5,
    });
    const [pooled] = poolFields([coarse, fine].map(({ measurement }) => ({ specimen: "A", measurement })));
    expect(pooled.G.relativeAccuracyPct).toBeLessThan(30); // would be hundreds of per cent in pixels
    const px = measureField(voronoiGrains({ width: 400, height: 400, nGrains: 250 }, createRandom(2))).measurement;
    expect(() =>
      poolFields([
        { specimen: "A", measurement: px },
        { specimen: "A", measurement: coarse.measurement },
      ]),
    ).toThrow(DataError);
    const [plain] = poolFields([{ specimen: "P", measurement: px }]);
    expect(plain.G.intercept).toBeNull();
    expect(plain.meanInterceptPx).toBeGreaterThan(20);
    expect(plain.reasons[0]).toContain("no calibration");
  });

  it("returns nothing for nothing", () => {
    expect(poolFields([])).toEqual([]);
  });
});
