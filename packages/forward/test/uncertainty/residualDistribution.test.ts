import { createRandom } from "@materiome/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calibrate } from "../../src/uncertainty/calibration.ts";
import { residualDistribution } from "../../src/uncertainty/residualDistribution.ts";

const residuals = fc
  .uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 60 })
  .map((values) => Float64Array.from(values, (v) => v / 100).sort());

describe("residualDistribution", () => {
  it("has a quantile that is the inverse of its distribution function, tails included", () => {
    fc.assert(
      fc.property(residuals, fc.double({ min: 1e-4, max: 1 - 1e-4, noNaN: true }), (sorted, p) => {
        const distribution = residualDistribution(sorted);
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

  it("stays usable when every residual is 0", () => {
    const y = Float64Array.of(1, 2, 3);
    const { floor, residuals } = calibrate(y, y, new Float64Array(3));
    expect(floor).toBeGreaterThan(0);
    expect(Number.isFinite(residualDistribution(residuals).quantile(0.99))).toBe(true);
  });
});
