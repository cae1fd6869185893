import { createMatrix } from "@materiome/core";
import { desirability, overallDesirability, scalariseChebyshev, simplexDirections } from "@materiome/inverse";
import { describe, expect, it } from "vitest";

describe("scalariseChebyshev", () => {
  it("is the largest weighted share of the range and a little of the sum", () => {
    const values = createMatrix(3, 2, Float64Array.of(0, 40, 2, 0, 1, 10));
    const [a, b, c] = scalariseChebyshev(values, [0.25, 0.75]);
    expect(a).toBeCloseTo(0.75 * 1.05, 12);
    expect(b).toBeCloseTo(0.25 * 1.05, 12);
    expect(c).toBeCloseTo(0.75 * 0.25 + 0.05 * (0.125 + 0.1875), 12);
  });

  it("ranks a weakly dominated row behind the one that dominates it, and takes constant objectives", () => {
    const values = createMatrix(2, 3, Float64Array.of(1, 5, 7, 1, 6, 7));
    const [a = 0, b = 0] = scalariseChebyshev(values, [0.8, 0.1, 0.1]);
    expect(a).toBeLessThan(b);
  });

  it("refuses weights that do not add up to 1", () => {
    expect(() => scalariseChebyshev(createMatrix(1, 2), [0.5, 0.6])).toThrow(/add up to 1/);
    expect(() => scalariseChebyshev(createMatrix(1, 2), [1])).toThrow(/1 weights for 2 objectives/);
  });
});

describe("simplexDirections", () => {
  it("has as many vectors as there are ways to share the divisions", () => {
    expect(simplexDirections(3, 12).rows).toBe(91);
    expect(simplexDirections(5, 6).rows).toBe(210);
    const { data, rows } = simplexDirections(4, 5);
    for (let i = 0; i < rows; i++) {
      expect(data.subarray(4 * i, 4 * i + 4).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    }
  });
});

describe("desirability", () => {
  it("rises to the target and falls beyond it, with exponents", () => {
    expect(desirability(550, { low: 500, target: 600 })).toBe(0.5);
    expect(desirability(650, { low: 500, target: 600 })).toBe(1);
    expect(desirability(525, { low: 500, target: 600, lowWeight: 2 })).toBe(0.0625);
    expect(desirability(0.25, { low: 0.1, target: [0.15, 0.2], high: 0.3 })).toBeCloseTo(0.5, 12);
    expect(desirability(4, { target: 2, high: 4 })).toBe(0);
    expect(desirability(-9, { target: 2, high: 4 })).toBe(1);
  });

  it("is one of the textbook's: Derringer & Suich's tyre tread compound, d of four responses near 0.58", () => {
    // Table 2 of the paper: predicted 129.5, 1300, 465.7, 68 give D = 0.583.
    const d = [
      desirability(129.5, { low: 120, target: 170 }),
      desirability(1300, { low: 1000, target: 1300 }),
      desirability(465.7, { low: 400, target: 500, high: 600 }),
      desirability(68, { low: 60, target: 67.5, high: 75 }),
    ];
    expect(overallDesirability(d)).toBeCloseTo(0.583, 2);
  });

  it("makes the whole useless where one outcome is, and weighs importances", () => {
    expect(overallDesirability([0, 1, 1])).toBe(0);
    expect(overallDesirability([0.25, 1], [3, 1])).toBeCloseTo(0.25 ** 0.75, 12);
  });

  it("refuses goals that make no sense", () => {
    expect(() => desirability(1, { low: 3, target: 2 })).toThrow(/low < target/);
    expect(() => desirability(1, { target: 2 })).toThrow(/still of some use/);
    expect(() => overallDesirability([1.2])).toThrow(/between 0 and 1/);
    expect(() => overallDesirability([1], [0])).toThrow(/not all 0/);
  });
});
