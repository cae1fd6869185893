import { createRandom, createRaster } from "@materiome/core";
import { jeffriesMultiplier, planimetricGrainSize } from "@materiome/microstructure/measure";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";

describe("planimetricGrainSize", () => {
  it("counts squares exactly with Saltykov's rectangle", () => {
    // 10 × 8 squares of side 10 shifted by half a side: 9 × 7 inside, 2 · 9 + 2 · 7 at the edges, four corners.
    const data = Uint32Array.from(
      { length: 100 * 80 },
      (_, i) => 1 + Math.floor(((i % 100) + 5) / 10) + 11 * Math.floor((Math.floor(i / 100) + 5) / 10),
    );
    const result = planimetricGrainSize(createRaster(data, 100, 80, { pixelSizeUm: 2 }));
    expect(result).toMatchObject({ nInside: 63, nEdge: 32, nEquivalent: 80, areaPx: 8000, grainsPerPx: 0.01 });
    expect(result.grainsPerMm2).toBeCloseTo(1e6 / 400, 9); // one grain of 20 µm × 20 µm
    expect(result.G).toBeCloseTo(3.321928 * Math.log10(2500) - 2.954, 12);
  });

  it("is right on average with the rectangle, nearly with the circle, on random mosaics", () => {
    const ratios = { circle: 0, rectangle: 0 };
    const rounds = 12;
    for (let seed = 0; seed < rounds; seed++) {
      // A window in a larger mosaic of 1 grain per 100 pixels.
      const whole = voronoiGrains({ width: 300, height: 300, nGrains: 900, relaxations: 1 }, createRandom(seed));
      const data = Uint32Array.from({ length: 150 * 150 }, (_, i) => {
        return whole.data[(Math.floor(i / 150) + 75) * 300 + (i % 150) + 75];
      });
      const window = createRaster(data, 150, 150);
      for (const testArea of ["circle", "rectangle"] as const) {
        ratios[testArea] += (planimetricGrainSize(window, { testArea }).grainsPerPx * 100) / rounds;
      }
    }
    expect(Math.abs(ratios.rectangle - 1)).toBeLessThan(0.02);
    // Jeffries' rule counts one grain too many, 0.6 % here, and pieces that the edge cuts off grains that are not convex.
    expect(ratios.circle - 1).toBeGreaterThan(-0.01);
    expect(ratios.circle - 1).toBeLessThan(0.035);
  });

  it("counts one grain too many in a circle, and none with the correction", () => {
    // Squares of side 12 under a circle of radius 40, mean over all shifts: N_A·A + 1 for convex grains.
    const count = (isBiasCorrected: boolean): number => {
      let sum = 0;
      for (let dx = 0; dx < 12; dx++) {
        for (let dy = 0; dy < 12; dy++) {
          const data = Uint32Array.from(
            { length: 6400 },
            (_, i) => 1 + Math.floor(((i % 80) + dx) / 12) + 8 * Math.floor((Math.floor(i / 80) + dy) / 12),
          );
          const field = createRaster(data, 80, 80);
          sum += planimetricGrainSize(field, { testArea: "circle", isBiasCorrected }).nEquivalent / 144;
        }
      }
      return sum;
    };
    const expected = (Math.PI * 1600) / 144;
    expect(Math.abs(count(false) - expected - 1)).toBeLessThan(0.1);
    expect(Math.abs(count(true) - expected)).toBeLessThan(0.1);
  });

  it.each([
    [1, 0.0002],
    [50, 0.5],
    [75, 1.125],
    [100, 2],
    [200, 8],
    [500, 50],
    [1000, 200],
  ])("has the multiplier of the standard's table at %s×", (magnification, f) => {
    expect(jeffriesMultiplier(magnification)).toBeCloseTo(f, 12); // ASTM E112-13 Table 5
    expect(() => jeffriesMultiplier(-magnification)).toThrow(/positive/);
  });

  it("has the area of the inscribed circle", () => {
    const labels = createRaster(new Uint32Array(200 * 120).fill(1), 200, 120);
    const { areaPx, nInside, nEdge } = planimetricGrainSize(labels, { testArea: "circle" });
    expect(Math.abs(areaPx / (Math.PI * 60 * 60) - 1)).toBeLessThan(0.002);
    expect([nInside, nEdge]).toEqual([0, 1]);
  });

  it("refuses boundary pixels, leaves G out without calibration", () => {
    expect(() => planimetricGrainSize(createRaster(new Uint32Array(4), 2, 2))).toThrow(/absorbBoundaries/);
    expect(planimetricGrainSize(createRaster(new Uint32Array([1, 1, 2, 2]), 2, 2)).G).toBeUndefined();
  });
});
