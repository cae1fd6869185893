import { createRaster, type Raster } from "@materiome/core";
import { boundaryRegions, labelPixels, suggestLabels, uncertaintyMap } from "@materiome/microstructure/pixels";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** Two classes: the second has the given probability. */
function twoClasses(width: number, height: number, second: (x: number, y: number) => number): Raster<Float32Array> {
  const data = new Float32Array(2 * width * height);
  for (let i = 0; i < width * height; i++) {
    const p = second(i % width, Math.floor(i / width));
    data[2 * i] = 1 - p;
    data[2 * i + 1] = p;
  }
  return createRaster(data, width, height, { channels: 2 });
}

describe("labelPixels", () => {
  it("takes the most probable class, the first of equal ones, and keeps the pixel size", () => {
    const map = { ...createRaster(Float32Array.of(0.5, 0.5, 0.2, 0.8), 2, 1, { channels: 2 }), pixelSizeUm: 0.3 };
    expect(labelPixels(map)).toEqual({
      data: Uint32Array.of(1, 2),
      width: 2,
      height: 1,
      channels: 1,
      pixelSizeUm: 0.3,
    });
  });

  it("loses a single pixel under smoothing", () => {
    const map = twoClasses(21, 21, (x, y) => (x === 10 && y === 10 ? 0.9 : 0.1));
    expect(labelPixels(map).data[10 * 21 + 10]).toBe(2);
    expect(labelPixels(map, { smoothingPx: 1 }).data.every((v) => v === 1)).toBe(true);
    expect(() => labelPixels(map, { smoothingPx: -1 })).toThrow(/smoothingPx/);
  });
});

describe("boundaryRegions", () => {
  const line = (at: number) => Math.exp(-0.5 * at * at);

  it("closes a gap in a line that its mean probability outweighs, and drops a line that is too weak", () => {
    // A strong vertical line with a gap of 6 of 40 pixels, and a weak horizontal one.
    const map = twoClasses(40, 40, (x, y) =>
      Math.max(y > 10 && y < 17 ? 0.1 : 0.95 * line(x - 20), 0.2 * line(y - 28)),
    );
    const regions = boundaryRegions(map, { threshold: 0.45 });
    expect(new Set(regions.data)).toEqual(new Set([1, 2]));
    for (let y = 0; y < 40; y++) {
      expect(regions.data[y * 40 + 5]).toBe(regions.data[5]);
      expect(regions.data[y * 40 + 35]).toBe(regions.data[35]);
    }
    expect(regions.data[5]).not.toBe(regions.data[35]);
    expect(new Set(boundaryRegions(map, { threshold: 0.05 }).data).size).toBeGreaterThanOrEqual(4);
  });

  it("is one region where there is no boundary", () => {
    expect(new Set(boundaryRegions(twoClasses(12, 9, () => 0.1)).data)).toEqual(new Set([1]));
  });

  it("never leaves a pixel without a region; a higher threshold never gives more regions", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 64, maxLength: 64 }), (values) => {
        const map = twoClasses(8, 8, (x, y) => values[y * 8 + x]!);
        const counts = [0, 0.3, 0.6, 1].map((threshold) => {
          const { data } = boundaryRegions(map, { threshold, smoothingPx: 0.5 });
          expect(data.includes(0)).toBe(false);
          return new Set(data).size;
        });
        expect(counts).toEqual(counts.toSorted((a, b) => b - a));
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  it("refuses options outside their range", () => {
    const map = twoClasses(4, 4, () => 0);
    expect(() => boundaryRegions(map, { threshold: 2 })).toThrow(/threshold/);
    expect(() => boundaryRegions(map, { boundaryClass: 2 })).toThrow(/boundaryClass/);
    expect(() => boundaryRegions(map, { smoothingPx: -1 })).toThrow(/smoothingPx/);
  });
});

describe("uncertaintyMap and suggestLabels", () => {
  it("is 0 where one class is certain and 1 where all are alike", () => {
    const map = createRaster(Float32Array.of(1, 0, 0, 1 / 3, 1 / 3, 1 / 3, 0.5, 0.5, 0), 3, 1, { channels: 3 });
    const entropy = uncertaintyMap(map).data;
    expect(entropy[0]).toBe(0);
    expect(entropy[1]).toBeCloseTo(1, 6);
    expect(entropy[2]).toBeCloseTo(Math.log(2) / Math.log(3), 6);
    expect([...uncertaintyMap(map, { measure: "margin" }).data].map((v) => Math.round(v * 1e6) / 1e6)).toEqual([
      0, 1, 1,
    ]);
    expect(() => uncertaintyMap(createRaster(new Float32Array(4), 2, 2))).toThrow(/two classes/);
  });

  it("names the doubtful spots, most doubtful first, apart from each other", () => {
    const map = twoClasses(
      60,
      40,
      (x, y) =>
        0.5 * Math.exp(-((x - 15) ** 2 + (y - 12) ** 2) / 50) + 0.3 * Math.exp(-((x - 45) ** 2 + (y - 30) ** 2) / 50),
    );
    const spots = suggestLabels(uncertaintyMap(map), { nSpots: 2, spacingPx: 20, neighbourhoodPx: 2 });
    expect(spots.map(({ x, y }) => [x, y])).toEqual([
      [15, 12],
      [45, 30],
    ]);
    expect(spots[0]!.uncertainty).toBeGreaterThan(spots[1]!.uncertainty);
    const many = suggestLabels(uncertaintyMap(map), { nSpots: 500, spacingPx: 6 });
    for (const [k, a] of many.entries()) {
      for (const b of many.slice(0, k)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(6);
    }
    expect(suggestLabels(uncertaintyMap(twoClasses(9, 9, () => 0)))).toEqual([]);
    expect(() => suggestLabels(uncertaintyMap(map), { nSpots: 0 })).toThrow(/nSpots/);
  });
});
