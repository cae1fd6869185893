import { createRandom, createRaster } from "@materiome/core";
import { planimetricGrainSize } from "@materiome/microstructure/measure";
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
    // Half of the cut grains is an approximation on a curved edge: Jeffries' rule counts about two grains too many here.
    expect(ratios.circle - 1).toBeGreaterThan(-0.01);
    expect(ratios.circle - 1).toBeLessThan(0.035);
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
