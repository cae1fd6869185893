import { createRandom } from "@materiome/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calibrate } from "../../src/uncertainty/calibration.ts";
import { residualDistribution } from "../../src/uncertainty/residualDistribution.ts";

const residuals = fc
  .uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 60 })
  .map((values) => Float64Array.from(values, (v) => v / 100).sort());

const unit = fc.double({ min: 1e-4, max: 1 - 1e-4, noNaN: true });

describe("residualDistribution", () => {
  it("has a quantile that is the inverse of its distribution function, tails included", () => {
    fc.assert(
      fc.property(residuals, unit, unit, (sorted, p, share) => {
        const distribution = residualDistribution(sorted, 1.01 + share * (sorted.length - 1.01));
        expect(distribution.cdf(distribution.quantile(p))).toBeCloseTo(p, 8);
      }),
      { seed: 2 },
    );
  });

  it("has a quantile that increases", () => {
    fc.assert(
      fc.property(residuals, (sorted) => {
        const { quantile } = residualDistribution(sorted);
        let last = Number.NEGATIVE_INFINITY;
        for (let k = 1; k < 500; k++) {
          const value = quantile(k / 500);
          expect(value).toBeGreaterThan(last);
          last = value;
        }
      }),
      { seed: 2, numRuns: 40 },
    );
  });

  it("gives order statistic i of n the probability i / (n + 1)", () => {
    const distribution = residualDistribution(Float64Array.of(-1, 0, 3));
    expect([-1, 0, 3].map((z) => distribution.cdf(z))).toEqual([0.25, 0.5, 0.75]);
  });

  it("gives the outermost of residuals that are worth u the probability 1 / (u + 1), the others evenly between", () => {
    const distribution = residualDistribution(Float64Array.of(-1, 0, 1, 2, 3), 3);
    [0.25, 0.375, 0.5, 0.625, 0.75].forEach((p, i) => {
      expect(distribution.cdf(i - 1)).toBeCloseTo(p, 14);
      expect(distribution.quantile(p)).toBeCloseTo(i - 1, 14);
    });
    const one = residualDistribution(Float64Array.of(-1, 1), 1);
    expect([one.quantile(0.05) < -1, one.quantile(0.5), one.quantile(0.95) > 1]).toEqual([true, 0, true]);
  });

  it("is the less certain beyond the outermost residual the fewer there are", () => {
    const random = createRandom(1);
    const tails = (n: number): number[] =>
      Array.from({ length: 20 }, () => {
        const sorted = Float64Array.from({ length: n }, () => random.normal()).sort();
        return 1 - residualDistribution(sorted).cdf(6);
      }).sort((a, b) => a - b);
    const [few, many] = [tails(20), tails(2000)];
    expect(few[0]).toBeGreaterThan(1e-5);
    expect(few[10]).toBeGreaterThan(10 * many[10]);
    expect(many[0]).toBeGreaterThan(0);
    expect(many[10]).toBeLessThan(1e-4);
  });
});

describe("calibrate", () => {
  it("finds scales that adapt where the spread tells the error, and equal ones where it does not", () => {
    const random = createRandom(3);
    const n = 800;
    const spread = Float64Array.from({ length: n }, () => 10 ** (2 * random.next() - 1));
    const zeros = new Float64Array(n);
    const telling = spread.map((v) => Math.sqrt(v) * random.normal());
    const silent = spread.map(() => random.normal());
    const mean = spread.reduce((sum, v) => sum + v, 0) / n;
    expect(calibrate(telling, zeros, spread).floor).toBeLessThan(0.05 * mean);
    expect(calibrate(silent, zeros, spread).floor).toBeGreaterThan(10 * mean);
  });

  it("leaves out rows that nothing held out, and refuses fewer than two", () => {
    const y = Float64Array.of(1, 2, 3);
    const mean = Float64Array.of(Number.NaN, 2.5, 2.5);
    expect(calibrate(y, mean, new Float64Array(3)).residuals).toHaveLength(2);
    const none = new Float64Array(3).fill(Number.NaN);
    expect(() => calibrate(y, none, new Float64Array(3))).toThrow(
      /only 0 of 3 training rows have a held-out prediction/,
    );
  });

  it("knows that residuals of a group go together: intervals hold for new groups", () => {
    const random = createRandom(5);
    const [nGroups, size, repeats] = [10, 6, 200];
    let [byRow, byGroup] = [0, 0];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const levels = Float64Array.from({ length: nGroups }, () => random.normal());
      const groups = Int32Array.from({ length: nGroups * size }, (_, i) => Math.floor(i / size));
      const y = Float64Array.from(groups, (group) => levels[group]! + 0.3 * random.normal());
      const zeros = new Float64Array(y.length);
      const fresh = Array.from({ length: 40 }, () => random.normal() + 0.3 * random.normal());
      const coverage = (of?: Int32Array): number => {
        const { residuals, units, floor } = calibrate(y, zeros, zeros, { groups: of });
        const { quantile } = residualDistribution(residuals, units);
        const [low, high] = [quantile(0.05), quantile(0.95)].map((z) => z * Math.sqrt(floor));
        return fresh.filter((value) => value >= low! && value <= high!).length / fresh.length / repeats;
      };
      byRow += coverage();
      byGroup += coverage(groups);
    }
    expect(byRow).toBeLessThan(0.86);
    expect(Math.abs(byGroup - 0.9)).toBeLessThan(0.025);
  });

  it("stays usable when every residual is 0", () => {
    const y = Float64Array.of(1, 2, 3);
    const { floor, residuals } = calibrate(y, y, new Float64Array(3));
    expect(floor).toBeGreaterThan(0);
    expect(Number.isFinite(residualDistribution(residuals).quantile(0.99))).toBe(true);
  });
});
