import { describe, expect, it } from "vitest";
import { interpolate } from "../../../src/invert/posterior/interpolate.ts";

const places = [0, 0.25, 0.5, 0.75, 1].map((u) => Float64Array.of(u, 0.5));

describe("interpolate", () => {
  it("is what is known at known places, between its neighbours elsewhere, and never 0", () => {
    const guess = interpolate(places, [0, 0, 0.8, 0.4, 0.4]);
    expect(guess(Float64Array.of(0.5, 0.5))).toBeCloseTo(0.8, 5);
    expect(guess(Float64Array.of(0, 0.5))).toBeCloseTo(0.016, 9);
    const between = guess(Float64Array.of(0.6, 0.5));
    expect(between).toBeGreaterThan(0.4);
    expect(between).toBeLessThan(0.8);
  });

  it("weighs by 1 / distance²: with two places, by hand", () => {
    const guess = interpolate(places.slice(0, 2), [1, 0.2]);
    // Distances 0.05 and 0.2: weights 400 and 25.
    expect(guess(Float64Array.of(0.05, 0.5))).toBeCloseTo((400 + 0.2 * 25) / 425, 6);
  });
});
