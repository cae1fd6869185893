import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { effectiveUnits } from "../../src/uncertainty/effectiveUnits.ts";

const units = (residuals: readonly number[], groups: readonly number[]): number =>
  effectiveUnits(Float64Array.from(residuals), Int32Array.from(groups));

describe("effectiveUnits", () => {
  it("follows the analysis of variance", () => {
    // Means 1.5 and 4.5: between 9, within 0.5, ρ = 8.5 / 9.5; two rows a group.
    expect(units([1, 2, 4, 5], [7, 7, 3, 3])).toBeCloseTo(4 / (1 + 8.5 / 9.5), 12);
    // Groups of 1 and 3: n₀ = (4 − 10 / 4) / 1 = 1.5; between 12, within 1, ρ = 11 / 12.5.
    expect(units([0, 3, 4, 5], [0, 1, 1, 1])).toBeCloseTo(4 / (1 + 1.5 * (11 / 12.5)), 12);
  });

  it("is the number of rows where groups tell nothing or each row is its own, that of groups where they tell all", () => {
    expect(units([1, -1, 1, -1], [0, 0, 1, 1])).toBe(4);
    expect(units([3, 1, 2], [0, 1, 2])).toBe(3);
    expect(units([1, 1, 5, 5, 9, 9], [0, 0, 1, 1, 2, 2])).toBeCloseTo(3, 12);
    expect(units([2, 2, 2, 2], [0, 0, 1, 1])).toBe(4);
    expect(units([1, 2, 3], [0, 0, 0])).toBe(1);
  });

  it("finds the share that lies between groups", () => {
    const random = createRandom(2);
    const groups = Int32Array.from({ length: 4000 }, (_, i) => i >> 2);
    const levels = Float64Array.from({ length: 1000 }, () => random.normal());
    const residuals = Float64Array.from(groups, (group) => levels[group]! + random.normal());
    expect(effectiveUnits(residuals, groups) / (4000 / (1 + 3 * 0.5))).toBeCloseTo(1, 1);
  });
});
