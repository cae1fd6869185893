import { DomainError } from "@materiome/core";
import {
  grainSizeEquivalents,
  grainSizeFromArea,
  grainSizeFromCount,
  grainSizeFromIntercept,
} from "@materiome/microstructure/measure";
import { describe, expect, it } from "vitest";

// ASTM E112-13 Table 4: G, N_A (1/mm²), Ā (µm²), d (µm), ℓ̄ (µm), N_L (1/mm).
const TABLE_4 = [
  [0, 7.75, 129032, 359.2, 320.0, 3.12],
  [0.5, 10.96, 91239, 302.1, 269.1, 3.72],
  [1, 15.5, 64516, 254.0, 226.3, 4.42],
  [1.5, 21.92, 45620, 213.6, 190.3, 5.26],
  [2, 31.0, 32258, 179.6, 160.0, 6.25],
  [2.5, 43.84, 22810, 151.0, 134.5, 7.43],
  [3, 62.0, 16129, 127.0, 113.1, 8.84],
  [4, 124.0, 8065, 89.8, 80.0, 12.5],
  [5, 248.0, 4032, 63.5, 56.6, 17.68],
  [6, 496.0, 2016, 44.9, 40.0, 25.0],
  [7, 992.0, 1008, 31.8, 28.3, 35.36],
  [8, 1984.0, 504, 22.5, 20.0, 50.0],
  [9, 3968.0, 252, 15.9, 14.1, 70.71],
  [10, 7936.0, 126, 11.2, 10.0, 100.0],
  [12, 31744, 31.5, 5.6, 5.0, 200.0],
  [14, 126976, 7.9, 2.8, 2.5, 400.0],
] as const;

describe("grain size number", () => {
  it.each(TABLE_4)("G %s as the standard's table has it", (G, count, area, diameter, intercept, perMm) => {
    expect(Math.abs(grainSizeFromCount(count) - G)).toBeLessThan(0.005);
    expect(Math.abs(grainSizeFromIntercept(1000 / perMm) - G)).toBeLessThan(0.01);
    if (area > 100) expect(Math.abs(grainSizeFromArea(area) - G)).toBeLessThan(0.005); // small ones are rounded
    const back = grainSizeEquivalents(G);
    expect(Math.abs(back.grainsPerMm2 / count - 1)).toBeLessThan(0.001);
    expect(Math.abs(back.diameterUm / diameter - 1)).toBeLessThan(0.01);
    expect(Math.abs(back.meanInterceptUm / intercept - 1)).toBeLessThan(0.011);
    expect(Math.abs(back.interceptsPerMm / perMm - 1)).toBeLessThan(0.002);
  });

  it("inverts itself", () => {
    for (const G of [-1, 0, 4.7, 13.2]) {
      expect(grainSizeFromCount(grainSizeEquivalents(G).grainsPerMm2)).toBeCloseTo(G, 12);
      expect(grainSizeFromIntercept(grainSizeEquivalents(G).meanInterceptUm)).toBeCloseTo(G, 12);
    }
    expect(() => grainSizeEquivalents(Number.NaN)).toThrow(DomainError);
    expect(() => grainSizeFromArea(0)).toThrow(DomainError);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses %s", (value) => {
    expect(() => grainSizeFromIntercept(value)).toThrow(DomainError);
    expect(() => grainSizeFromCount(value)).toThrow(DomainError);
  });
});
