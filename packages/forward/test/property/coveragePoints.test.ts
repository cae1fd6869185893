import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { coveragePoints } from "../../src/property/coveragePoints.ts";

/** Binomial distribution function by the sum of its terms. */
function binomialCdf(k: number, n: number, p: number): number {
  let term = (1 - p) ** n;
  let sum = term;
  for (let i = 0; i < k; i++) {
    term *= ((n - i) / (i + 1)) * (p / (1 - p));
    sum += term;
  }
  return sum;
}

describe("coveragePoints", () => {
  it("counts rows inside central intervals: |2 F(y) − 1| ≤ level", () => {
    const points = coveragePoints(Float64Array.of(0.5, 0.4, 0.7, 0.02, 0.99), undefined); // depths 0, 0.2, 0.4, 0.96, 0.98
    expect(points.find(({ stated }) => stated === 0.1)?.observed).toBe(0.2);
    expect(points.find(({ stated }) => stated === 0.3)?.observed).toBe(0.4);
    expect(points.find(({ stated }) => stated === 0.5)?.observed).toBe(0.6);
    expect(points.find(({ stated }) => stated === 0.95)?.observed).toBe(0.6);
  });

  it.each([1, 7, 40])("has the binomial band of %i rows", (n) => {
    const random = createRandom(n);
    for (const { stated, low, high } of coveragePoints(
      Float64Array.from({ length: n }, () => random.next()),
      undefined,
    )) {
      const [from, to] = [Math.round(low * n), Math.round(high * n)];
      expect(binomialCdf(from, n, stated)).toBeGreaterThanOrEqual(0.025);
      if (from > 0) expect(binomialCdf(from - 1, n, stated)).toBeLessThan(0.025);
      expect(binomialCdf(to, n, stated)).toBeGreaterThanOrEqual(0.975 - 1e-12);
      if (to > 0) expect(binomialCdf(to - 1, n, stated)).toBeLessThan(0.975);
    }
  });

  it("is wider where the rows of a group are right or wrong together", () => {
    const random = createRandom(3);
    const groups = Int32Array.from({ length: 200 }, (_, i) => Math.floor(i / 20));
    const ofGroup = Array.from({ length: 10 }, () => random.next());
    const pit = Float64Array.from(groups, (group) => ofGroup[group] as number);
    const width = (given: Int32Array | undefined): number => {
      const half = coveragePoints(pit, given).find(({ stated }) => stated === 0.5);
      return (half?.high ?? 0) - (half?.low ?? 0);
    };
    expect(width(groups)).toBeGreaterThan(3 * width(undefined)); // 10 groups for 200 rows: √20 times as wide
  });
});
