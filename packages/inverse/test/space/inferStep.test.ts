import { createRandom } from "@materiome/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inferStep } from "../../src/index.ts";

describe("inferStep", () => {
  it("takes the greatest common step where it is fine enough", () => {
    expect(inferStep([0.28, 0.31, 0.4, 0.57])).toEqual({ step: 0.01, origin: 0.28 });
    expect(inferStep(Array.from({ length: 30 }, (_, i) => 400 + 25 * i))).toEqual({ step: 25, origin: 400 });
  });

  it("refines a coarse design, but never below the decimals it is written with", () => {
    expect(inferStep([550, 580, 600, 630, 650, 680])).toEqual({ step: 5, origin: 550 });
    expect(inferStep([825, 845, 865, 870, 900])).toEqual({ step: 1, origin: 825 });
    expect(inferStep([0, 1000])).toEqual({ step: 50, origin: 0 });
    expect(inferStep([1, 2, 5, 10])).toEqual({ step: 1, origin: 1 });
    expect(inferStep([0.1, 0.2, 0.4])).toEqual({ step: 0.1, origin: 0.1 });
  });

  it("gives measured values, which have no common step, a thousandth of their range in round numbers", () => {
    const random = createRandom(1);
    const values = [0, 7, ...Array.from({ length: 20 }, () => 7 * random.next())];
    expect(inferStep(values)).toEqual({ step: 0.005, origin: 0 });
  });

  it("has nothing to say where values do not differ", () => {
    expect(inferStep([])).toBeUndefined();
    expect(inferStep([5, 5, Number.NaN])).toBeUndefined();
  });

  it("puts every value of a decimal design on the grid", () => {
    const design = fc.record({
      first: fc.integer({ min: -50, max: 50 }),
      gaps: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }),
      decimals: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(design, ({ first, gaps, decimals }) => {
        let at = first;
        const values = [first, ...gaps.map((gap) => (at += gap))].map((v) =>
          Number((v / 10 ** decimals).toFixed(decimals)),
        );
        const inferred = inferStep(values);
        for (const value of values) {
          const k = (value - (inferred?.origin ?? 0)) / (inferred?.step ?? 1);
          expect(Math.abs(k - Math.round(k))).toBeLessThan(1e-6);
        }
      }),
      { seed: 1 },
    );
  });
});
