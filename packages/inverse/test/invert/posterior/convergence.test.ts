import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { convergenceOf } from "../../../src/index.ts";

/** Chains of x_t = φ x_{t-1} + √(1 - φ²) e_t. */
function chains(n: number, length: number, phi: number, shift: (c: number) => number = () => 0): Float64Array[] {
  const random = createRandom(3);
  return Array.from({ length: n }, (_, c) => {
    let x = random.normal();
    return Float64Array.from({ length }, () => {
      x = phi * x + Math.sqrt(1 - phi * phi) * random.normal();
      return x + shift(c);
    });
  });
}

describe("convergenceOf", () => {
  it("finds independent draws independent", () => {
    const { rHat, effectiveSampleSize } = convergenceOf(chains(8, 500, 0));
    expect(Math.abs(rHat - 1)).toBeLessThan(0.01);
    expect(Math.abs(effectiveSampleSize / 4000 - 1)).toBeLessThan(0.1);
  });

  it("counts the draws of an autoregressive chain, N (1 - φ) / (1 + φ)", () => {
    const { effectiveSampleSize } = convergenceOf(chains(8, 2000, 0.8));
    expect(effectiveSampleSize / (16_000 / 9)).toBeGreaterThan(0.8);
    expect(effectiveSampleSize / (16_000 / 9)).toBeLessThan(1.25);
  });

  it("sees chains that disagree in place, in width, and one that drifts", () => {
    expect(convergenceOf(chains(4, 200, 0, (c) => c)).rHat).toBeGreaterThan(1.2);
    const wide = chains(4, 200, 0).map((chain, c) => chain.map((x) => x * (c === 0 ? 6 : 1)));
    expect(convergenceOf(wide).rHat).toBeGreaterThan(1.1);
    expect(convergenceOf(chains(4, 200, 0).map((chain) => chain.map((x, t) => x + t / 50))).rHat).toBeGreaterThan(1.2);
  });

  it("is the same for any increasing function of the quantity", () => {
    const drawn = chains(4, 100, 0.5);
    const bulk = (of: Float64Array[]) => convergenceOf(of).effectiveSampleSize;
    expect(bulk(drawn.map((chain) => chain.map(Math.exp)))).toBe(bulk(drawn));
  });

  it("takes what never changes as known", () => {
    expect(convergenceOf([new Float64Array(10), new Float64Array(10)])).toEqual({ rHat: 1, effectiveSampleSize: 20 });
  });
});
