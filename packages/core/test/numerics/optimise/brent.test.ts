import { DomainError } from "@materiome/core";
import { findRoot, minimiseScalar } from "@materiome/core/numerics";
import { describe, expect, it } from "vitest";

describe("findRoot", () => {
  it.each<[(x: number) => number, number, number, number]>([
    [(x) => x * x - 2, 0, 2, Math.SQRT2],
    [(x) => Math.cos(x) - x, 0, 1, 0.7390851332151607],
    [(x) => (x - 1) ** 3, -5, 7, 1],
    [(x) => Math.atan(x - 1000), -1e6, 1e6, 1000],
    [(x) => (x < 0.3 ? -1 : 1), 0, 1, 0.3],
  ])("%#", (f, low, high, root) => {
    let evaluations = 0;
    const found = findRoot(
      (x) => {
        evaluations++;
        return f(x);
      },
      low,
      high,
    );
    expect(Math.abs(found - root)).toBeLessThan(1e-5 * Math.max(1, Math.abs(root)));
    if (root !== 1) expect(Math.abs(found - root)).toBeLessThan(1e-11 * Math.max(1, Math.abs(root)));
    expect(evaluations).toBeLessThan(150);
  });

  it("takes a root at an end, and refuses equal signs and NaN", () => {
    expect(findRoot((x) => x, 0, 1)).toBe(0);
    expect(() => findRoot((x) => x * x + 1, -1, 1)).toThrow(/differ in sign at -1 and 1, got 2 and 2/);
    expect(() => findRoot((x) => (Math.abs(x) < 0.9 ? Number.NaN : x), -1, 1)).toThrow(DomainError);
  });
});

describe("minimiseScalar", () => {
  it("finds minima inside and at an end", () => {
    expect(minimiseScalar((x) => (x - 2) ** 2, 0, 5).x).toBeCloseTo(2, 7);
    expect(minimiseScalar((x) => x * Math.log(x), 1e-3, 3)).toMatchObject({ x: expect.closeTo(1 / Math.E, 6) });
    expect(minimiseScalar((x) => x, 1, 2).x).toBeCloseTo(1, 6);
    expect(minimiseScalar((x) => Math.abs(x - 0.7), 0, 1).x).toBeCloseTo(0.7, 6);
    expect(() => minimiseScalar((x) => x, 2, 1)).toThrow("low must be below high, got 2 and 1");
  });
});
