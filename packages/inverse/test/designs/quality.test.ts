import { createMatrix } from "@materiome/core";
import {
  boxBehnken,
  designQuality,
  fullFactorial,
  modelMatrix,
  modelTerms,
  noncentralFisherCdf,
  plackettBurman,
  simplexCentroid,
} from "@materiome/inverse";
import { describe, expect, it } from "vitest";
import golden from "./fixtures/noncentralFisher.json" with { type: "json" };

describe("noncentralFisherCdf", () => {
  it("agrees with SciPy", () => {
    for (const { x, df1, df2, noncentrality, cdf } of golden.values) {
      expect(Math.abs(noncentralFisherCdf(x, df1, df2, noncentrality) - cdf)).toBeLessThan(golden.tolerance);
    }
  });

  it("is Fisher's without noncentrality, and refuses impossible arguments", () => {
    // With two degrees of freedom above: 1 − (1 + 2 x / df2)^(−df2 / 2).
    expect(noncentralFisherCdf(4, 2, 10, 0)).toBeCloseTo(1 - 1.8 ** -5, 9);
    expect(noncentralFisherCdf(-1, 2, 10, 1)).toBe(0);
    expect(() => noncentralFisherCdf(1, 0, 1, 1)).toThrow(/positive finite/);
    expect(() => noncentralFisherCdf(1, 1, 1, -1)).toThrow(/noncentrality/);
  });
});

describe("designQuality", () => {
  it("is 100 % for orthogonal two-level designs", () => {
    for (const runs of [fullFactorial([2, 2, 2]).runs, plackettBurman(11).runs]) {
      const q = designQuality(runs, modelTerms(runs.columns, "linear"));
      expect(q.dEfficiency).toBeCloseTo(100, 9);
      expect(q.aEfficiency).toBeCloseTo(100, 9);
      expect(q.gEfficiency).toBeCloseTo(100, 9);
      expect(Array.from(q.varianceInflation.slice(1))).toEqual(expect.arrayContaining([expect.closeTo(1, 9)]));
    }
  });

  it("gives the mean variance over the cube in closed form: 1/n (1 + k/3) for main effects", () => {
    const q = designQuality(fullFactorial([2, 2, 2]).runs, modelTerms(3, "linear"));
    expect(q.meanVariance).toBeCloseTo((1 + 3 / 3) / 8, 12);
    expect(q.maxVariance).toBeCloseTo(4 / 8, 12);
    expect(Array.from(q.leverages)).toEqual(new Array(8).fill(expect.closeTo(0.5, 12)));
  });

  it("has the D-efficiency of 3² and of Box–Behnken 3 from their determinants", () => {
    // 3²: moments of 1, x², x⁴ are 9, 6, 6; x₁x₂ 4: det = 6 · 6 · 4 · det [[9, 6, 6], [6, 6, 4], [6, 4, 6]] = 144 · 36.
    expect(designQuality(fullFactorial([3, 3]).runs, modelTerms(2, "quadratic")).dEfficiency).toBeCloseTo(
      (100 * (144 * 36) ** (1 / 6)) / 9,
      9,
    );
    // Box–Behnken: 8³ · 4³ · det of [15, 8 8 8; 8 on the diagonal, 4 off it].
    const det = 512 * 64 * (15 - (3 * 64) / 16) * (4 * 4 * 16);
    expect(designQuality(boxBehnken(3).runs, modelTerms(3, "quadratic")).dEfficiency).toBeCloseTo(
      (100 * det ** (1 / 10)) / 15,
      9,
    );
  });

  it("has the power of a t test: eight runs, one sigma coefficient, four degrees of freedom", () => {
    const q = designQuality(fullFactorial([2, 2, 2]).runs, modelTerms(3, "linear"), { effect: 1 });
    expect(q.power[1]).toBeCloseTo(golden.powerOf8RunsWith4, 9);
    const saturated = designQuality(fullFactorial([2, 2]).runs, modelTerms(2, "interactions"));
    expect(saturated.power[0]).toBeNaN();
  });

  it("finds inflation where columns are correlated", () => {
    const runs = createMatrix(4, 2, Float64Array.of(-1, -1, 1, 1, -1, -0.5, 1, 0.5));
    const q = designQuality(runs, modelTerms(2, "linear"));
    const r2 = 3 ** 2 / (4 * 2.5);
    expect(q.varianceInflation[1]).toBeCloseTo(1 / (1 - r2), 9);
  });

  it("refuses models that the runs cannot tell", () => {
    expect(() => designQuality(fullFactorial([2, 2]).runs, modelTerms(2, "quadratic"))).toThrow(
      /6 coefficients .* 4 runs/,
    );
    expect(() => designQuality(fullFactorial([2, 2, 2]).runs, modelTerms(3, "quadratic"))).toThrow(/10 coefficients/);
    expect(() => designQuality(fullFactorial([2, 4]).runs, modelTerms(2, "quadratic"))).toThrow(
      /cannot all be estimated/,
    );
  });

  it("averages over mixtures", () => {
    const q = designQuality(simplexCentroid(3).runs, modelTerms(3, "mixtureSpecialCubic"), { region: "simplex" });
    // 7 runs, 7 coefficients: the fit goes through the runs, d = Σ of squared Lagrange functions.
    expect(Array.from(q.leverages)).toEqual(new Array(7).fill(expect.closeTo(1, 9)));
    expect(q.meanVariance).toBeGreaterThan(0.3);
    expect(q.meanVariance).toBeLessThan(1);
  });
});

describe("modelMatrix", () => {
  it("gives categories effects: one column less than levels, −1 at the last", () => {
    const factors = [{ kind: "category", levels: 3 }, { kind: "number" }] as const;
    const runs = createMatrix(3, 2, Float64Array.of(-1, 0.5, 0, 0.5, 1, 0.5));
    const x = modelMatrix(
      runs,
      [
        [1, 0],
        [1, 1],
      ],
      factors,
    );
    expect(Array.from(x.data)).toEqual([1, 0, 0.5, 0, 0, 1, 0, 0.5, -1, -1, -0.5, -0.5]);
    expect(() => modelMatrix(runs, [[2, 0]], factors)).toThrow(/no square/);
  });
});
