import { createRandom } from "@materiome/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSpace, sampleSpace, type Variable } from "../../src/index.ts";
import { isAllowedPoint } from "../../src/space/violations.ts";
import { roundPoint } from "../../src/suggest/roundPoint.ts";

const number = (name: string, min: number, max: number, more: object = {}): Variable =>
  ({ kind: "continuous", name, role: "process", unit: "", min, max, scale: "linear", ...more }) as Variable;
const round = (variables: Variable[], point: number[]): number[] => {
  const space = createSpace({ variables, fixed: [], sums: [] });
  return [...roundPoint(space, Float64Array.from(point), (other) => isAllowedPoint(space, other))];
};

describe("roundPoint", () => {
  it("writes no more digits than a setting can be set by", () => {
    // 10⁻⁴ of 200 is 0.02: hundredths. On a log scale of three decades 6.9 · 10⁻⁴ of the value.
    expect(round([number("T", 500, 700)], [612.3456789012345])).toEqual([612.35]);
    expect(round([number("t", 1, 1000, { scale: "log" })], [123.456789])).toEqual([123.46]);
    expect(round([number("t", 1, 1000, { scale: "log" })], [1.23456789])).toEqual([1.2346]);
    expect(round([number("n", 0, 4e6)], [1_234_567.89])).toEqual([1_234_600]);
    // What has a step, or is a whole number, stays.
    expect(round([number("x", 0, 1, { step: 0.3 })], [0.3])).toEqual([0.3]);
  });

  it("stays within bounds that are no round numbers", () => {
    const [min, max] = [0.123456, 0.987654];
    expect(round([number("x", min, max)], [min])).toEqual([0.12346]);
    expect(round([number("x", min, max)], [max])).toEqual([0.98765]);
  });

  it("lets amounts add up still, and keeps digits where nothing else is allowed", () => {
    const names = ["a", "b", "c"];
    const space = createSpace({
      variables: names.map((name) => number(name, 0, 1)),
      fixed: [],
      sums: [{ columns: names, total: 1, tolerance: 1e-9 }],
    });
    const allowed = (point: Float64Array): boolean => isAllowedPoint(space, point);
    for (const point of sampleSpace(space, 20, createRandom(1))) {
      const rounded = roundPoint(space, point, allowed);
      expect(allowed(rounded)).toBe(true);
      for (const [j, value] of rounded.entries()) {
        expect(String(value).length).toBeLessThanOrEqual(6);
        expect(Math.abs(value - (point[j] ?? 0))).toBeLessThan(2e-4);
      }
    }
    const point = Float64Array.of(1 / 3, 1 / 3, 1 / 3);
    const isItself = (other: Float64Array): boolean => other.every((value) => value === 1 / 3);
    expect(roundPoint(space, point, isItself)).toEqual(point);
  });

  it("moves no number by more than the resolution, for any range", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (min, width, u) => {
          const max = min + width;
          const value = Math.min(max, min + u * width);
          const [rounded = Number.NaN] = round([number("x", min, max)], [value]);
          expect(Math.abs(rounded - value)).toBeLessThanOrEqual(1e-4 * width);
          expect(rounded >= min && rounded <= max).toBe(true);
        },
      ),
      { examples: [[5e-324, 999999.9999999998, 5e-324]] },
    );
  });
});
