import { createRandom, createRaster, DataError, ShapeError } from "@materiome/core";
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

  it("pools every measure, and phase fractions with their interval", () => {
    const withPhase = (share: number): FieldMeasurement => {
      const map = createRaster(
        Uint8Array.from({ length: 200 * 200 }, (_, i) => (i % 100 < 100 * share ? 1 : 0)),
        200,
        200,
      );
      const labels = voronoiGrains({ width: 200, height: 200, nGrains: 100 }, createRandom(1));
      return measureField(labels, { pixelSizeUm: 1, phases: { map, names: ["ferrite", "pearlite"] } }).measurement;
    };
    const shares = [0.1, 0.2, 0.3];
    const [pooled] = poolFields(shares.map((share) => ({ specimen: "A", measurement: withPhase(share) })));
    const pearlite = pooled.phaseFractions.find(({ phase }) => phase === "pearlite");
    // s = 0.1, t(0.975, 2) = 4.302653.
    expect(pearlite?.fraction).toBeCloseTo(0.2, 12);
    expect(pearlite?.ciHigh).toBeCloseTo(0.2 + (4.302653 * 0.1) / Math.sqrt(3), 6);
    expect(pearlite).toMatchObject({ nFields: 3 });
    expect(pearlite?.method).toMatch(/E1245.*E562/);
    expect(pooled.phaseFractions.reduce((sum, p) => sum + p.fraction, 0)).toBeCloseTo(1, 12);
    const names = pooled.measures.map(({ name }) => name);
    expect(names).toContain("mean intercept at 45°");
    expect(names).toContain("grains per area");
    const intercept = pooled.measures.find(({ name }) => name === "mean intercept");
    expect(intercept).toMatchObject({ unit: "um", n: 3, std: 0, fieldsNeeded: 5 });
    expect(intercept?.mean).toBeCloseTo(pooled.meanInterceptUm!, 12);
    expect(poolFields([{ specimen: "B", measurement: withPhase(0.5) }])[0].phaseFractions[0]).toMatchObject({
      ciLow: null,
      fieldsNeeded: null,
    });
    const wrong = createRaster(new Uint8Array(4), 2, 2);
    const grains = voronoiGrains({ width: 50, height: 50, nGrains: 20 }, createRandom(1));
    expect(() => measureField(grains, { phases: { map: wrong, names: ["a"] } })).toThrow(ShapeError);
    const map = createRaster(new Uint8Array(2500).fill(3), 50, 50);
    expect(() => measureField(grains, { phases: { map, names: ["a"] } })).toThrow(/holds 3/);
    const twins = measureField(grains, { twinRule: "twins merged" }).measurement.twinRule;
    expect(twins).toBe("twins merged");
  });

  it("returns nothing for nothing", () => {
    expect(poolFields([])).toEqual([]);
  });
});
