import { createRandom, createRaster } from "@materiome/core";
import { sizeDistribution } from "@materiome/microstructure/measure";
import { regionTable } from "@materiome/microstructure/regions";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";

describe("sizeDistribution", () => {
  it("gives plain statistics where all weights are equal", () => {
    // Five discs as rectangles of equal bounding box but different area: 4 × 4 with pixels missing.
    const data = new Uint32Array(60 * 10);
    const missing = [0, 1, 2, 3, 4];
    for (const [k, holes] of missing.entries()) {
      for (let p = 0; p < 16; p++) {
        const isHole = p >= 5 && p < 5 + holes; // never a whole row or column of the box
        if (!isHole) data[(3 + Math.floor(p / 4)) * 60 + 3 + 10 * k + (p % 4)] = k + 1;
      }
    }
    const sizes = sizeDistribution(regionTable(createRaster(data, 60, 10)), { width: 60, height: 10 });
    const diameters = missing.map((holes) => Math.sqrt((4 * (16 - holes)) / Math.PI)).sort((a, b) => a - b);
    const mean = diameters.reduce((a, b) => a + b, 0) / 5;
    expect(sizes?.n).toBe(5);
    expect(sizes?.mean).toBeCloseTo(mean, 12);
    expect(sizes?.std).toBeCloseTo(Math.sqrt(diameters.reduce((s, d) => s + (d - mean) ** 2, 0) / 4), 12);
    expect(sizes?.median).toBeCloseTo(diameters[2], 12);
    expect(sizes?.p10).toBeCloseTo(diameters[0], 12);
    expect(sizes?.p90).toBeCloseTo(diameters[4], 12);
    const areas = missing.map((holes) => 16 - holes);
    const weighted = areas.reduce((s, a) => s + a * Math.sqrt((4 * a) / Math.PI), 0) / areas.reduce((a, b) => a + b, 0);
    expect(sizes?.areaWeightedMean).toBeCloseTo(weighted, 12);
  });

  it("corrects the loss of large grains at the edge", () => {
    // 121 windows, six grains across, in one large mosaic.
    const [side, size] = [1100, 100];
    const whole = voronoiGrains({ width: side, height: side, nGrains: 4356, relaxations: 0 }, createRandom(1));
    const inner = regionTable(whole).filter((r) => !r.touchesEdge);
    const mean = (diameters: number[]): number => diameters.reduce((a, b) => a + b, 0) / diameters.length;
    const truth = mean(inner.map((r) => r.equivalentDiameterPx));
    const corrected: number[] = [];
    const naive: number[] = [];
    for (let k = 0; k < 121; k++) {
      const [left, top] = [(k % 11) * size, Math.floor(k / 11) * size];
      const window = createRaster(
        Uint32Array.from(
          { length: size * size },
          (_, i) => whole.data[(Math.floor(i / size) + top) * side + (i % size) + left],
        ),
        size,
        size,
      );
      const regions = regionTable(window);
      corrected.push(sizeDistribution(regions, window)!.mean);
      naive.push(mean(regions.filter((r) => !r.touchesEdge).map((r) => r.equivalentDiameterPx)));
    }
    expect(mean(naive) / truth).toBeLessThan(0.98);
    expect(Math.abs(mean(corrected) / truth - 1)).toBeLessThan(0.015);
  });

  it("is null where the border cuts every grain", () => {
    const labels = createRaster(new Uint32Array([1, 1, 2, 2]), 2, 2);
    expect(sizeDistribution(regionTable(labels), labels)).toBeNull();
  });
});
