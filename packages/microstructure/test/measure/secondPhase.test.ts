import { createRaster, DomainError, type Raster } from "@materiome/core";
import { findStringers, porosity, secondPhaseStatistics } from "@materiome/microstructure/measure";
import { describe, expect, it } from "vitest";

const mask = (width: number, height: number, isPhase: (x: number, y: number) => boolean): Raster<Uint8Array> =>
  createRaster(
    Uint8Array.from({ length: width * height }, (_, i) => (isPhase(i % width, Math.floor(i / width)) ? 1 : 0)),
    width,
    height,
  );
/** Rectangles 12 × 4 on a lattice of 40 × 20, none on the border. */
const bricks = mask(400, 200, (x, y) => x % 40 >= 10 && x % 40 < 22 && y % 20 >= 8 && y % 20 < 12);

describe("secondPhaseStatistics", () => {
  it("has the closed form of a lattice of rectangles", () => {
    const found = secondPhaseStatistics(bricks, { pixelSizeUm: 0.5 });
    // Units of 0.5 µm: A_A = 48/800, N_A = 1/800, lines down the field meet a rectangle on 12 of 40 columns every 20.
    expect(found).toMatchObject({ unit: "um", nBodies: 100, nCounted: 100, areaFraction: 0.06 });
    expect(found.bodiesPerArea).toBeCloseTo(1 / 200, 12);
    expect(found.meanArea).toBeCloseTo(12, 12);
    expect(found.interceptionsPerLength).toBeCloseTo(0.3 / 10, 12);
    expect(found.meanLength).toBeCloseTo(6, 12); // along the axis
    expect(found.meanIntercept).toBeCloseTo(2, 12); // square to it
    expect(found.meanFreePath).toBeCloseTo(0.94 / 0.03, 10);
    const turned = secondPhaseStatistics(bricks, { deformationAxisDeg: 90 });
    expect([turned.meanLength, turned.meanIntercept]).toEqual([4, 12]);
  });

  it("counts bodies cut by opposite borders once in the mean", () => {
    // The lattice shifted through one period: the mean of N_A·A over all shifts is the true number.
    let n = 0;
    for (let dx = 0; dx < 40; dx += 2) {
      for (let dy = 0; dy < 20; dy += 2) {
        const shifted = mask(100, 50, (x, y) => (x + dx) % 40 < 12 && (y + dy) % 20 < 4);
        n += secondPhaseStatistics(shifted).nCounted / 200;
      }
    }
    expect(Math.abs(n - 5000 / 800)).toBeLessThan(0.4);
  });

  it("has nulls where nothing is found", () => {
    const none = secondPhaseStatistics(mask(8, 8, () => false));
    expect(none).toMatchObject({ unit: "px", nBodies: 0, areaFraction: 0, meanArea: null, meanFreePath: null });
    expect(() => secondPhaseStatistics(bricks, { deformationAxisDeg: 45 as 0 })).toThrow(DomainError);
  });
});

describe("findStringers", () => {
  /** Blocks 10 × 4 px at the given places. */
  const blocks = (...places: readonly (readonly [number, number])[]) =>
    secondPhaseStatistics(
      mask(300, 100, (x, y) => places.some(([a, b]) => x >= a && x < a + 10 && y >= b && y < b + 4)),
    ).labels;

  it("joins what follows in line, not what is too far along or beside", () => {
    const labels = blocks([10, 20], [50, 30], [99, 34], [150, 20], [240, 60]);
    const found = findStringers(labels, { maxGap: 40, maxOffset: 15 });
    // Gaps 30 and 39 join, 41 does not; 80 stands alone.
    expect(found.map((s) => [s.length, s.labels.length])).toEqual([
      [99, 3],
      [10, 1],
      [10, 1],
    ]);
    expect(found[0].width).toBe(4);
    const near = blocks([10, 20], [15, 36]); // side by side, 16 px off
    expect(findStringers(near, { pixelSizeUm: 1 })).toHaveLength(2);
    expect(findStringers(near, { pixelSizeUm: 1, maxOffset: 16 })).toHaveLength(1);
    expect(findStringers(blocks([10, 20], [60, 20]), { pixelSizeUm: 1 })).toHaveLength(2); // gap of exactly 40
  });

  it("works in µm and in any direction", () => {
    const labels = blocks([10, 20], [50, 30]);
    expect(findStringers(labels, { pixelSizeUm: 2 })).toHaveLength(2);
    expect(findStringers(labels, { pixelSizeUm: 1 })[0].length).toBe(50);
    expect(findStringers(labels, { pixelSizeUm: 1, deformationAxisDeg: 90 })).toHaveLength(2);
    const diagonal = secondPhaseStatistics(
      mask(200, 200, (x, y) => Math.abs(x + y - 200) < 4 && Math.floor((x - y + 400) / 40) % 2 === 0),
    ).labels;
    const [longest] = findStringers(diagonal, { pixelSizeUm: 1, deformationAxisDeg: 45 });
    expect(longest.labels.length).toBeGreaterThan(3);
    expect(longest.touchesEdge).toBe(true);
    expect(() => findStringers(labels, { pixelSizeUm: 1, maxGap: -1 })).toThrow(/zero or more/);
  });

  it("does not take the micrometres of the standard for pixels", () => {
    const labels = blocks([10, 20], [50, 30]);
    expect(() => findStringers(labels)).toThrow(/no calibration/);
    expect(() => findStringers(labels, { maxGap: 40 })).toThrow(DomainError);
    expect(findStringers(labels, { maxGap: 40, maxOffset: 15 })).toHaveLength(1);
  });
});

describe("porosity", () => {
  it("gives discs their diameter, shape and number", () => {
    const pores = mask(400, 400, (x, y) => {
      const r = Math.hypot((x % 80) - 40, (y % 80) - 40);
      return r < (x < 80 && y < 80 ? 20 : 10) || (x === 3 && y === 3);
    });
    const found = porosity(pores, { pixelSizeUm: 2 });
    expect(found).toMatchObject({ unit: "um", nPores: 25, nIgnored: 1 });
    expect(found.ignoredFraction).toBe(1 / 160_000);
    expect(found.poresPerArea).toBeCloseTo(25 / 640_000, 12);
    expect(Math.abs(found.equivalentDiameter!.median - 40)).toBeLessThan(0.6);
    expect(Math.abs(found.largest!.equivalentDiameter - 80)).toBeLessThan(0.6);
    expect(found.largest!.isCut).toBe(false);
    expect(Math.abs(found.meanCircularity! - 1)).toBeLessThan(0.05);
    expect(found.meanAspectRatio).toBeCloseTo(1, 3);
  });

  it("refuses a least area that is no area", () => {
    expect(() =>
      porosity(
        mask(9, 9, () => true),
        { leastAreaPx: Number.NaN },
      ),
    ).toThrow(DomainError);
    expect(() =>
      porosity(
        mask(9, 9, () => true),
        { leastAreaPx: -1 },
      ),
    ).toThrow(DomainError);
  });

  it("says so where there are none", () => {
    expect(porosity(mask(9, 9, () => false))).toMatchObject({
      areaFraction: 0,
      nPores: 0,
      largest: null,
      meanCircularity: null,
    });
  });
});
