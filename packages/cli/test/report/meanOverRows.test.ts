import { describe, expect, it } from "vitest";
import { meanOverRows } from "../../src/report/meanOverRows.ts";

describe("meanOverRows", () => {
  const grid = Float64Array.of(0, 2, 6);
  const curve = Float64Array.of(1, 5, -3);

  it("reads the curve between its points, each row once", () => {
    expect(meanOverRows(grid, curve, [0, 0, 0, 2])).toBe((3 * 1 + 5) / 4);
    expect(meanOverRows(grid, curve, [1, 4, 6])).toBeCloseTo((3 + 1 - 3) / 3, 15);
  });

  it("takes rows at the ends, and a curve of one point", () => {
    expect(meanOverRows(grid, curve, [6 + 1e-12])).toBe(-3);
    expect(meanOverRows(Float64Array.of(4), Float64Array.of(7), [4, 4])).toBe(7);
  });
});
