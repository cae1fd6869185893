import { createMatrix } from "@materiome/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jointProbability } from "../../src/search/jointProbability.ts";

const correlation = (n: number, rho: number) =>
  createMatrix(
    n,
    n,
    Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : rho)),
  );
const half = { below: 0.5, upTo: 1 };

describe("jointProbability", () => {
  it.each([-0.9, -0.5, 0, 0.3, 0.8, 0.95])("is 1/4 + asin(ρ)/2π for two halves, ρ = %s", (rho) => {
    expect(jointProbability([half, half], correlation(2, rho))).toBeCloseTo(0.25 + Math.asin(rho) / (2 * Math.PI), 6);
  });

  it.each([-0.3, 0, 0.4, 0.7])("is 1/8 + 3 asin(ρ)/4π for three halves, ρ = %s", (rho) => {
    const exact = 0.125 + (3 * Math.asin(rho)) / (4 * Math.PI);
    expect(Math.abs(jointProbability([half, half, half], correlation(3, rho)) - exact)).toBeLessThan(2e-3);
  });

  it("agrees with SciPy on rectangles", () => {
    // scipy.stats.multivariate_normal([0, 0], [[1, .6], [.6, 1]]).cdf([1, .5], lower_limit=[-1, -2]), SciPy 1.17
    const ends = [
      { below: 0.15865525393145707, upTo: 0.8413447460685429 },
      { below: 0.022750131948179195, upTo: 0.6914624612740131 },
    ];
    expect(jointProbability(ends, correlation(2, 0.6))).toBeCloseTo(0.48349697390905205, 6);
  });

  it("is the product without correlation, and never more than the least margin", () => {
    const p = fc.double({ min: 0, max: 1, noNaN: true });
    const margin = fc.tuple(p, p).map(([a, b]) => ({ below: Math.min(a, b), upTo: Math.max(a, b) }));
    fc.assert(
      fc.property(
        fc.array(margin, { minLength: 2, maxLength: 2 }),
        fc.double({ min: -0.9, max: 0.9, noNaN: true }),
        (ends, rho) => {
          const widths = ends.map(({ below, upTo }) => upTo - below);
          expect(jointProbability(ends, correlation(2, 0))).toBeCloseTo(widths[0] * widths[1], 6);
          expect(jointProbability(ends, correlation(2, rho))).toBeLessThanOrEqual(Math.min(...widths) + 1e-5);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("refuses what is no correlation", () => {
    expect(() => jointProbability([half, half, half], correlation(3, -0.9))).toThrow("not positive definite");
  });
});
