import { createRandom, createRaster, DomainError, type Raster } from "@materiome/core";
import { meanInterval, pointCount, pointsNeeded } from "@materiome/microstructure/measure";
import { describe, expect, it } from "vitest";

const mask = (width: number, height: number, isPhase: (x: number, y: number) => boolean): Raster<Uint8Array> =>
  createRaster(
    Uint8Array.from({ length: width * height }, (_, i) => (isPhase(i % width, Math.floor(i / width)) ? 1 : 0)),
    width,
    height,
  );

describe("pointCount", () => {
  it("counts points inside one, on the border one half", () => {
    // Left half of 100 × 100; the columns of a 10-point grid lie at 5, 15, …, 95: five inside.
    const half = mask(100, 100, (x) => x < 50);
    expect(pointCount(half)).toEqual({ nPoints: 100, nHits: 50, nInside: 50, nOnBorder: 0, fraction: 0.5 });
    // With offset 0 they lie at 0, 10, …, 90, the sixth on the border at 50.
    expect(pointCount(half, { offset: [0, 0.5] })).toEqual({
      nPoints: 100,
      nHits: 55,
      nInside: 50,
      nOnBorder: 10,
      fraction: 0.55,
    });
    expect(pointCount(half, { offset: [0, 0.5], reachPx: 0 }).nOnBorder).toBe(0);
    expect(
      pointCount(
        mask(1, 1, () => true),
        { grid: [3, 3] },
      ).fraction,
    ).toBe(1);
    expect(pointCount(mask(7, 5, () => false)).nHits).toBe(0);
  });

  it("pools to the volume fraction, within its interval", () => {
    // Discs on 20.2 % of the plane: squares of 40 with one disc of radius 10.15 each, grid thrown at random.
    const discs = mask(400, 400, (x, y) => ((x % 40) - 19.5) ** 2 + ((y % 40) - 19.5) ** 2 < 10.15 ** 2);
    const truth = discs.data.reduce((sum, v) => sum + v, 0) / discs.data.length;
    const random = createRandom(4);
    const fields = Array.from(
      { length: 30 },
      () => pointCount(discs, { grid: [7, 7], offset: [random.next(), random.next()] }).fraction,
    );
    const { mean, ciLow, ciHigh } = meanInterval(fields, { level: 0.99 });
    expect(ciLow!).toBeLessThan(truth);
    expect(ciHigh!).toBeGreaterThan(truth);
    expect(Math.abs(mean / truth - 1)).toBeLessThan(0.2);
  });

  it("refuses grids without points, and tells how many are needed", () => {
    const one = mask(4, 4, () => true);
    expect(() => pointCount(one, { grid: [0, 3] })).toThrow(DomainError);
    expect(() => pointCount(one, { offset: [2, 0] })).toThrow(DomainError);
    // ASTM E562: 10 % of a phase to 10 % takes (4 / 0.01) · 9 points; half, 400.
    expect(pointsNeeded(0.1, 10)).toBe(3600);
    expect(pointsNeeded(0.5, 10)).toBe(400);
    expect(() => pointsNeeded(1, 10)).toThrow(DomainError);
  });
});
