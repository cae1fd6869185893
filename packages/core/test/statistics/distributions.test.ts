import { readFileSync } from "node:fs";
import { DomainError } from "@materiome/core";
import {
  chiSquareCdf,
  fisherCdf,
  fisherQuantile,
  normalCdf,
  normalQuantile,
  quantileSorted,
  regularisedBeta,
  studentCdf,
  studentQuantile,
  wilsonInterval,
} from "@materiome/core/numerics";
import { describe, expect, it } from "vitest";

interface Golden {
  readonly source: string;
  readonly normalCdf: [number, number][];
  readonly normalQuantile: [number, number][];
  readonly studentCdf: [number, number, number][];
  readonly studentQuantile: [number, number, number][];
  readonly regularisedBeta: [number, number, number, number][];
}

const golden = JSON.parse(readFileSync(new URL("./fixtures/distributions.json", import.meta.url), "utf8")) as Golden;

/** Largest relative error; absolute below 1e-300. */
function relative(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-300);
}

describe(`distributions against ${golden.source}`, () => {
  it("normalCdf to 1e-12", () => {
    for (const [x, expected] of golden.normalCdf)
      expect(relative(normalCdf(x), expected), `x = ${x}`).toBeLessThan(1e-12);
  });

  it("normalQuantile to 1e-12", () => {
    for (const [p, expected] of golden.normalQuantile) {
      expect(relative(normalQuantile(p), expected), `p = ${p}`).toBeLessThan(1e-12);
    }
  });

  it("studentCdf to 1e-11", () => {
    for (const [t, df, expected] of golden.studentCdf) {
      expect(relative(studentCdf(t, df), expected), `t = ${t}, df = ${df}`).toBeLessThan(1e-11);
    }
  });

  it("studentQuantile to 1e-8, and to 1e-12 as the inverse of studentCdf", () => {
    for (const [p, df, expected] of golden.studentQuantile) {
      expect(relative(studentQuantile(p, df), expected), `p = ${p}, df = ${df}`).toBeLessThan(1e-8);
      // SciPy 1.10 itself is off by 2e-9 here (cdf(ppf(1e-4)) at df = 126), so the closer check is our own inverse.
      expect(relative(studentCdf(studentQuantile(p, df), df), p)).toBeLessThan(1e-12);
    }
  });

  it("regularisedBeta to 1e-11", () => {
    for (const [x, a, b, expected] of golden.regularisedBeta) {
      expect(relative(regularisedBeta(x, a, b), expected), `x = ${x}, a = ${a}, b = ${b}`).toBeLessThan(1e-11);
    }
  });
});

// mpmath 1.2.1, 60 digits: t's tail through its hypergeometric series, quantiles by bisection of the logarithm of that.
describe("far tails", () => {
  it("of Student's t, for many degrees of freedom and for few", () => {
    for (const [t, df, expected] of [
      [-18, 3500, 1.19201929664962e-69],
      [-9, 1e7, 1.12877808269537e-19],
      [-30, 1e5, 3.68926843611112e-197],
      [-2, 1e12, 0.0227501319483142],
    ] as const) {
      expect(relative(studentCdf(t, df), expected), `t = ${t}, df = ${df}`).toBeLessThan(2e-13);
    }
    for (const [p, df, expected] of [
      [1e-300, 3, -1.03311083604465e100],
      [1e-300, 1000, -54.2913885530517],
      [1e-12, 0.5, -1.02849115631634e23],
    ] as const) {
      expect(relative(studentQuantile(p, df), expected), `p = ${p}, df = ${df}`).toBeLessThan(1e-13);
    }
    expect(studentQuantile(1e-12, 0.01)).toBe(Number.NEGATIVE_INFINITY); // −1e2370 or so
    // t = −1.7e299, whose square overflows, and −2.2e160
    for (const [p, df] of [
      [0.25, 1e-3],
      [0.28629742306657135, 0.0011866383176201403],
    ] as const) {
      expect(studentCdf(studentQuantile(p, df), df)).toBeCloseTo(p, 12);
    }
    expect(fisherCdf(fisherQuantile(1.8e-49, 0.37, 2.4e7), 0.37, 2.4e7) / 1.8e-49).toBeCloseTo(1, 11); // at 1e-262
  });

  it("infinitely many degrees of freedom are the normal and the χ² distribution", () => {
    const many = Number.POSITIVE_INFINITY;
    expect(studentCdf(2, many)).toBe(normalCdf(2));
    expect(fisherCdf(2, 5, many)).toBeCloseTo(chiSquareCdf(10, 5), 15);
    expect(fisherCdf(2, many, 5)).toBeCloseTo(1 - chiSquareCdf(2.5, 5), 15);
    expect(fisherCdf(fisherQuantile(0.3, many, 7), many, 7)).toBeCloseTo(0.3, 13);
    expect([0.5, 2].map((x) => fisherCdf(x, many, many))).toEqual([0, 1]);
    expect(fisherCdf(1e308, 5, 5)).toBe(1);
    expect(() => chiSquareCdf(2, many)).toThrow("positive and finite");
  });
});

describe("edges", () => {
  it("sends 0 and 1 to the infinities and refuses what is no probability", () => {
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(studentQuantile(1, 3)).toBe(Number.POSITIVE_INFINITY);
    expect(normalCdf(Number.NaN)).toBeNaN();
    expect(() => normalQuantile(1.1)).toThrow(DomainError);
    expect(() => studentQuantile(0.9, 0)).toThrow(DomainError);
    expect(studentQuantile(0.9, Number.POSITIVE_INFINITY)).toBe(normalQuantile(0.9));
  });

  it("interpolates quantiles as NumPy does", () => {
    expect(quantileSorted([1, 2, 4, 8], 0.5)).toBe(3);
    expect(quantileSorted([1, 2, 4, 8], 0.9)).toBeCloseTo(6.8, 12); // numpy.quantile
    expect(quantileSorted([7], 0.3)).toBe(7);
    expect([0, 1].map((p) => quantileSorted([1, 2], p))).toEqual([1, 2]);
    expect(() => quantileSorted([], 0.5)).toThrow(DomainError);
    const end = Number.POSITIVE_INFINITY;
    expect([0, 0.5, 1].map((p) => quantileSorted([1, end, end], p))).toEqual([1, end, end]);
  });
});

describe("wilsonInterval", () => {
  // scipy 1.10.1: binomtest(k, n).proportion_ci(level, method="wilson")
  it.each([
    [45, 50, 0.95, 0.7863976856252034, 0.9565242350681095],
    [0, 10, 0.95, 0, 0.27753279986288926],
    [7, 7, 0.9, 0.7212373045474579, 1],
    [3, 20, 0.99, 0.03878706050807168, 0.4355867202610557],
  ])("of %d in %d at %d is that of SciPy", (k, n, level, low, high) => {
    const interval = wilsonInterval(k / n, n, level);
    expect(interval[0]).toBeCloseTo(low, 12);
    expect(interval[1]).toBeCloseTo(high, 12);
  });

  it("refuses shares, counts and levels that are none", () => {
    for (const [share, n, level] of [
      [1.1, 5, 0.9],
      [0.5, 0, 0.9],
      [0.5, 5, 1],
      [Number.NaN, 5, 0.9],
    ] as const) {
      expect(() => wilsonInterval(share, n, level)).toThrow(DomainError);
    }
  });
});
