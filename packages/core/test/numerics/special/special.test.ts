import { readFileSync } from "node:fs";
import { DomainError } from "@materiome/core";
import * as numerics from "@materiome/core/numerics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

interface Golden {
  readonly source: string;
  readonly cases: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly gammaPInverse: readonly [number, number, number][];
  readonly betaInverse: readonly [number, number, number, number][];
  readonly fisherQuantile: readonly [number, number, number, number][];
  readonly chiSquareQuantile: readonly [number, number, number][];
}

const golden = JSON.parse(readFileSync(new URL("./fixtures/special.json", import.meta.url), "utf8")) as Golden;
const functions = numerics as unknown as Readonly<Record<string, (...args: readonly number[]) => number>>;

/** Relative error; next to a zero of the function (ψ, Ei) absolute. */
function deviation(name: string, actual: number, expected: number): number {
  const floor = name === "digamma" || name === "expIntegralEi" ? 0.5 : 0;
  return Math.abs(actual - expected) / Math.max(Math.abs(expected), floor);
}

const tolerances: Readonly<Record<string, number>> = {
  erf: 1e-15,
  erfc: 5e-15,
  erfcx: 5e-15,
  erfInverse: 1e-14,
  normalCdf: 5e-15,
  logNormalCdf: 5e-15,
  logGamma: 2e-15,
  digamma: 4e-15,
  trigamma: 4e-15,
  gammaP: 1e-13,
  gammaQ: 1e-13,
  regularisedBeta: 1e-13,
  expIntegralE1: 1e-14,
  expIntegralEi: 1e-14,
  besselK: 1e-13,
};

describe(`special functions against ${golden.source}`, () => {
  it.each(Object.entries(tolerances))("%s to %s", (name, tolerance) => {
    const rows = golden.cases[name]!;
    expect(rows.length).toBeGreaterThan(8);
    let worst = { error: 0, at: "" };
    for (const row of rows) {
      const tail = Math.max(1, -Math.log(Math.abs(row.at(-1)!)) / 100); // what the exponential of a large logarithm loses
      const error = deviation(name, functions[name]!(...row.slice(0, -1)), row.at(-1)!) / tail;
      if (!(error <= worst.error)) worst = { error, at: `${name}(${row.slice(0, -1)})` };
    }
    expect(worst.error, worst.at).toBeLessThan(tolerance);
  });

  it("inverses to 1e-11 of SciPy's", () => {
    for (const [a, p, expected] of golden.gammaPInverse) {
      expect(deviation("", numerics.gammaPInverse(a, p), expected), `a = ${a}, p = ${p}`).toBeLessThan(1e-11);
    }
    for (const [p, a, b, expected] of golden.betaInverse) {
      const x = numerics.regularisedBetaInverse(p, a, b);
      expect(deviation("", x, expected), `p = ${p}, a = ${a}, b = ${b}`).toBeLessThan(1e-11);
    }
    for (const [p, a, b, expected] of golden.fisherQuantile) {
      expect(deviation("", numerics.fisherQuantile(p, a, b), expected), `${p} ${a} ${b}`).toBeLessThan(1e-11);
    }
    for (const [p, df, expected] of golden.chiSquareQuantile) {
      expect(deviation("", numerics.chiSquareQuantile(p, df), expected), `${p} ${df}`).toBeLessThan(1e-11);
    }
  });
});

describe("identities", () => {
  it("erfInverse, erfcInverse, gamma and beta inverses undo their functions", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-12, max: 0.5, noNaN: true }),
        fc.double({ min: 0.05, max: 300, noNaN: true }),
        (p, a) => {
          expect(numerics.erf(numerics.erfInverse(p)) / p).toBeCloseTo(1, 13);
          expect(numerics.erfc(numerics.erfcInverse(p)) / p).toBeCloseTo(1, 12);
          expect(numerics.gammaP(a, numerics.gammaPInverse(a, p)) / p).toBeCloseTo(1, 11);
          expect(numerics.gammaQ(a, numerics.gammaQInverse(a, p)) / p).toBeCloseTo(1, 11);
          expect(numerics.regularisedBeta(numerics.regularisedBetaInverse(p, a, 2.5), a, 2.5) / p).toBeCloseTo(1, 11);
          expect(numerics.fisherCdf(numerics.fisherQuantile(p, 3, a), 3, a) / p).toBeCloseTo(1, 11);
        },
      ),
      { seed: 7, numRuns: 200 },
    );
  });

  it("a t of n degrees squared is an F of 1 and n", () => {
    for (const df of [1, 4, 30.5]) {
      const t = numerics.studentQuantile(0.975, df);
      expect(numerics.fisherQuantile(0.95, 1, df)).toBeCloseTo(t * t, 9);
    }
  });

  it("far tails", () => {
    expect(numerics.gammaQInverse(1, 1e-200)).toBeCloseTo(200 * Math.LN10, 10);
    expect(numerics.logNormalCdf(-1e10)).toBe(-5e19);
    expect(numerics.besselK(2, 1000, { isScaled: true })).toBeCloseTo(Math.sqrt(Math.PI / 2000) * (1 + 15 / 8000), 7);
    expect(numerics.besselK(1000, 1000) / 1.298180251466701e-233).toBeCloseTo(1, 12); // mpmath
    expect(numerics.besselK(1, 1e308, { isScaled: true }) / (Math.sqrt(Math.PI / 2) * 1e-154)).toBeCloseTo(1, 12);
    expect([1, 2.5].map((nu) => numerics.besselK(nu, Number.POSITIVE_INFINITY, { isScaled: true }))).toEqual([0, 0]);
    expect(numerics.expIntegralEi(1e-320)).toBeCloseTo(0.5772156649015329 + Math.log(1e-320), 12);
    expect(numerics.normalPdf(-35) / 3.94039627713602e-267).toBeCloseTo(1, 14); // mpmath
    expect(numerics.regularisedBeta(0.5, 1e8, 1e8)).toBeCloseTo(0.5, 13);
    expect(numerics.gammaP(1e8, 1e8)).toBeCloseTo(0.500013298076, 10); // ½ + 1/(3 √(2π a))
  });

  it("logSumExp and log1mExp", () => {
    expect(numerics.logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.LN2, 12);
    expect(numerics.logSumExp([])).toBe(Number.NEGATIVE_INFINITY);
    expect(numerics.logSumExp([Number.NEGATIVE_INFINITY, 3])).toBe(3);
    expect(numerics.logSumExp([1, Number.NaN])).toBeNaN();
    expect(numerics.log1mExp(-1e-20)).toBeCloseTo(-20 * Math.LN10, 12);
    expect(numerics.log1mExp(-50) / -Math.exp(-50)).toBeCloseTo(1, 14);
  });

  it("refuses what lies outside the domain, naming it", () => {
    expect(() => numerics.logGamma(0)).toThrow("logGamma: x must be above 0, got 0");
    expect(() => numerics.gammaP(-1, 2)).toThrow(DomainError);
    expect(() => numerics.regularisedBeta(1.2, 1, 1)).toThrow(/got x = 1.2/);
    expect(() => numerics.expIntegralE1(-1)).toThrow(DomainError);
    expect(() => numerics.besselK(1, -2)).toThrow(/x = -2/);
    expect(() => numerics.erfInverse(1.5)).toThrow(DomainError);
    for (const f of [numerics.erf, numerics.erfc, numerics.erfcx, numerics.normalCdf, numerics.logNormalCdf]) {
      expect(f(Number.NaN)).toBeNaN();
    }
  });
});
