import { createRandom, DataError, DomainError } from "@materiome/core";
import { fieldsNeeded, interceptGrainSize, meanInterval } from "@materiome/microstructure/measure";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";

describe("meanInterval", () => {
  it("is Student's", () => {
    // t(0.975, 2) = 4.302653, t(0.95, 2) = 2.919986 (tables of the t distribution).
    const found = meanInterval([9, 10, 11]);
    expect(found).toMatchObject({ n: 3, mean: 10, std: 1 });
    expect(found.halfWidth).toBeCloseTo(4.302653 / Math.sqrt(3), 6);
    expect(found.relativeAccuracyPct).toBeCloseTo(43.02653 / Math.sqrt(3), 5);
    expect(found.ciHigh! - found.mean).toBeCloseTo(found.mean - found.ciLow!, 12);
    expect(meanInterval([9, 10, 11], { level: 0.9 }).halfWidth).toBeCloseTo(2.919986 / Math.sqrt(3), 6);
    expect(meanInterval([0, 0])).toMatchObject({ mean: 0, halfWidth: 0, relativeAccuracyPct: null });
    expect(meanInterval([5])).toMatchObject({ mean: 5, std: null, ciLow: null, relativeAccuracyPct: null });
    expect(() => meanInterval([])).toThrow(DataError);
    expect(() => meanInterval([1, Number.NaN])).toThrow(/value 2 of 2/);
    expect(() => meanInterval([1, 2], { level: 1 })).toThrow(DomainError);
  });

  it("covers the true intercept of random fields in 95 of 100 cases", () => {
    // 60 specimens of five fields; the truth is the mean over all 300. Binomial: 51 … 60 with probability 0.995.
    const fields = Array.from(
      { length: 300 },
      (_, k) =>
        1 /
        interceptGrainSize(voronoiGrains({ width: 90, height: 90, nGrains: 60, relaxations: 0 }, createRandom(k)))
          .meanInterceptPx,
    );
    const truth = fields.reduce((a, b) => a + b) / fields.length;
    let covered = 0;
    for (let k = 0; k < 60; k++) {
      const { ciLow, ciHigh } = meanInterval(fields.slice(5 * k, 5 * k + 5));
      if (ciLow! <= truth && truth <= ciHigh!) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(51);
    expect(covered).toBeLessThan(60);
  });
});

describe("fieldsNeeded", () => {
  it("solves for n with the t of that n", () => {
    // t(0.975, 5)/√6 = 2.5706/2.4495 = 1.05 > 1, t(0.975, 6)/√7 = 2.4469/2.6458 = 0.92 ≤ 1.
    expect(fieldsNeeded(10, 1)).toBe(7);
    expect(fieldsNeeded(10, 0)).toBe(5);
    expect(fieldsNeeded(10, 0, { atLeast: 2 })).toBe(2);
    expect(fieldsNeeded(10, 1, { relativeAccuracyPct: 1 })).toBe(387); // normal: (1.96 · 10)² = 384.1
    expect(() => fieldsNeeded(0, 1)).toThrow(DomainError);
    expect(() => fieldsNeeded(1, 1, { relativeAccuracyPct: 0 })).toThrow(DomainError);
  });
});
