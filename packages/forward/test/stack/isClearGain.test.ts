import { describe, expect, it } from "vitest";
import { isClearGain } from "../../src/stack/isClearGain.ts";

const alone = (n: number) => ({ weights: undefined, groups: Int32Array.from({ length: n }, (_, i) => i) });

describe("isClearGain", () => {
  it("compares the sum with the standard error of the sum", () => {
    // Gains 3, 1, −1: sum 3, deviations 2, 0, −2 with the root of squares √8; with −1.5 the sum 2.5 lies below √10.2.
    expect(isClearGain(Float64Array.of(3, 1, -1), alone(3))).toBe(true);
    expect(isClearGain(Float64Array.of(3, 1, -1.5), alone(3))).toBe(false);
  });

  it("counts rows of a group together", () => {
    // Sum 13.8, mean 1.533: the root of squares is 7.35 of nine rows, 14.7 of two groups (±10.4).
    const gains = Float64Array.of(5, 5, 5, -0.2, -0.2, -0.2, -0.2, -0.2, -0.2);
    expect(isClearGain(gains, alone(9))).toBe(true);
    expect(isClearGain(gains, { weights: undefined, groups: Int32Array.of(0, 0, 0, 1, 1, 1, 1, 1, 1) })).toBe(false);
  });

  it("weighs rows, and knows nothing from one group or none", () => {
    const { groups } = alone(3);
    expect(isClearGain(Float64Array.of(1, 1, -5), { weights: Float64Array.of(1, 1, 0), groups })).toBe(true);
    expect(isClearGain(Float64Array.of(1, 1, -5), { weights: Float64Array.of(1, 1, 1), groups })).toBe(false);
    expect(isClearGain(Float64Array.of(1, 1, 1), { weights: Float64Array.of(1, 0, 0), groups })).toBe(false);
    expect(isClearGain(Float64Array.of(1, 1), { weights: undefined, groups: Int32Array.of(4, 4) })).toBe(false);
    expect(isClearGain(Float64Array.of(), alone(0))).toBe(false);
  });

  it("can look at some rows alone", () => {
    const gains = Float64Array.of(1, 1, -9);
    expect(isClearGain(gains, alone(3), [0, 1])).toBe(true);
    expect(isClearGain(gains, alone(3), [0, 1, 2])).toBe(false);
  });
});
