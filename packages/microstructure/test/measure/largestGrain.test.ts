import { createRaster, DataError, type LabelMap } from "@materiome/core";
import { arealGrainSize, grainSizeFromArea, largestGrain } from "@materiome/microstructure/measure";
import { describe, expect, it } from "vitest";

const map = (width: number, height: number, label: (x: number, y: number) => number): LabelMap =>
  createRaster(
    Uint32Array.from({ length: width * height }, (_, i) => label(i % width, Math.floor(i / width))),
    width,
    height,
  );

describe("largestGrain", () => {
  it("measures an ellipse by callipers and by area alike", () => {
    // Semi-axes 60 and 25, turned by 30°, among squares of 10.
    const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
    const field = map(200, 200, (x, y) => {
      const [u, v] = [(x - 100) * c - (y - 100) * s, (x - 100) * s + (y - 100) * c];
      return (u / 60) ** 2 + (v / 25) ** 2 < 1 ? 1 : 2 + Math.floor(x / 10) + 20 * Math.floor(y / 10);
    });
    const found = largestGrain(field, { pixelSizeUm: 2 });
    expect(found).toMatchObject({ label: 1, isCut: false });
    expect(Math.abs(found.areaPx / (Math.PI * 1500) - 1)).toBeLessThan(0.01);
    expect(Math.abs(found.largestCalliperPx - 120)).toBeLessThan(1.5);
    expect(Math.abs(found.crossCalliperPx - 50)).toBeLessThan(2.5);
    expect(found.G!.area).toBeCloseTo(grainSizeFromArea(found.areaPx * 4), 12);
    expect(Math.abs(found.G!.calliper - found.G!.area)).toBeLessThan(0.1);
    expect(Math.abs(found.G!.comparison - found.G!.area)).toBeLessThanOrEqual(0.25);
  });

  it("says where the border cuts it, and needs a grain", () => {
    expect(largestGrain(map(10, 10, (x) => (x < 6 ? 1 : 2)))).toMatchObject({
      label: 1,
      areaPx: 60,
      isCut: true,
      largestCalliperPx: Math.hypot(6, 10),
    });
    expect(largestGrain(map(1, 1, () => 3))).toMatchObject({ label: 3, areaPx: 1 });
    expect(() => largestGrain(map(4, 4, () => 0))).toThrow(DataError);
  });
});

describe("arealGrainSize", () => {
  it("measures whole grains only", () => {
    const squares = map(100, 100, (x, y) => 1 + Math.floor((x + 5) / 20) + 10 * Math.floor((y + 5) / 20));
    const found = arealGrainSize(squares, { pixelSizeUm: 0.5 });
    expect(found).toMatchObject({ nGrains: 16, largestPx: 400 });
    expect(found.areaUm2).toMatchObject({ mean: 100, std: 0, halfWidth: 0, relativeAccuracyPct: 0 });
    expect(found.G).toBeCloseTo(grainSizeFromArea(100), 12);
    expect(arealGrainSize(squares).G).toBeUndefined();
  });

  it("bounds G by the interval of the mean area", () => {
    const stripes = map(70, 42, (x, y) => (y === 0 || y === 41 ? 9 : 10 + [0, 1, 2, 2, 3, 3, 3][Math.floor(x / 10)]));
    const { areaUm2, G, ciLow, ciHigh } = arealGrainSize(stripes, { pixelSizeUm: 1 });
    // Whole: 10 × 40 and 20 × 40.
    expect(areaUm2).toMatchObject({ n: 2, mean: 600 });
    expect(ciLow!).toBeLessThan(G!);
    expect(ciHigh).toBeNull(); // two grains: the interval reaches zero
    expect(() => arealGrainSize(map(4, 4, () => 1))).toThrow(DataError);
  });
});
