import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ContinuousVariable,
  isAllowedValue,
  levelCount,
  nudge,
  positionOf,
  snap,
  valueAt,
  valueOfLevel,
} from "../../src/space/variable.ts";

const info = { name: "x", role: "process", unit: "" } as const;
const variables = fc
  .record({
    min: fc.double({ min: 0.1, max: 100, noNaN: true }),
    range: fc.double({ min: 1, max: 1000, noNaN: true }),
    step: fc.option(fc.double({ min: 0.01, max: 0.9, noNaN: true }), { nil: undefined }),
    origin: fc.option(fc.double({ min: -10, max: 10, noNaN: true }), { nil: undefined }),
    scale: fc.constantFrom("linear" as const, "log" as const),
  })
  .map(
    ({ min, range, ...rest }): ContinuousVariable => ({ kind: "continuous", ...info, min, max: min + range, ...rest }),
  );

describe("numbers", () => {
  it("are in bounds and on the grid however they are made", () => {
    fc.assert(
      fc.property(
        variables,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (v, u, d) => {
          const value = valueAt(v, u);
          expect(isAllowedValue(v, value)).toBe(true);
          expect(isAllowedValue(v, nudge(v, value, d))).toBe(true);
          expect(isAllowedValue(v, snap(v, v.min + d * 2000))).toBe(true);
          expect(positionOf(v, value)).toBeGreaterThanOrEqual(-1e-12);
          expect(positionOf(v, value)).toBeLessThanOrEqual(1 + 1e-12);
        },
      ),
      { seed: 2 },
    );
  });

  it("are written without rounding noise", () => {
    const v: ContinuousVariable = { kind: "continuous", ...info, min: 0.1, max: 1, step: 0.1, scale: "linear" };
    expect(Array.from({ length: levelCount(v) }, (_, k) => valueOfLevel(v, k))).toEqual([
      0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
    ]);
  });

  it("keep to a grid that does not start at the bound", () => {
    const v: ContinuousVariable = {
      kind: "continuous",
      ...info,
      min: 552,
      max: 571,
      step: 5,
      origin: 550,
      scale: "linear",
    };
    expect([0, 1, 2, 3].map((k) => valueOfLevel(v, k))).toEqual([555, 560, 565, 570]);
    expect(levelCount(v)).toBe(4);
    expect(isAllowedValue(v, 552)).toBe(false);
    expect(isAllowedValue(v, 575)).toBe(false);
  });

  it("move at least one level when nudged", () => {
    const v: ContinuousVariable = { kind: "continuous", ...info, min: 0, max: 10, step: 2, scale: "linear" };
    expect(nudge(v, 4, 1e-9)).toBe(6);
    expect(nudge(v, 4, -1e-9)).toBe(2);
    expect(nudge(v, 0, -1e-9)).toBe(0);
  });
});

describe("a category", () => {
  it("gives each level an equal share", () => {
    const v = { kind: "category", ...info, columnKind: "category", levels: ["a", "b", "c", "d"] } as const;
    expect([0, 0.2, 0.25, 0.6, 0.99, 1].map((u) => valueAt(v, u))).toEqual([0, 0, 1, 2, 3, 3]);
    expect(isAllowedValue(v, 4)).toBe(false);
  });
});
