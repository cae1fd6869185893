import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, createRaster, DomainError, type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { bandSpace, measureCrackBands, memoryStore } from "@materiome/microstructure/mosaic";
import { type MeasureCracksOptions, measureCracks } from "@materiome/microstructure/segment";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "crack-bands-"));
});
afterAll(() => rm(folder, { recursive: true }));

function inBands(cracks: Raster<Uint8Array> | LabelMap, bandRows: number, options: MeasureCracksOptions, file = false) {
  const { width, height, data, pixelSizeUm } = cracks;
  const space = bandSpace(width, height, { bandRows, folder: file ? folder : undefined });
  const rows =
    data instanceof Uint8Array ? memoryStore("uint8", width, height, data) : memoryStore("uint32", width, height, data);
  const measured = measureCrackBands(space, rows, { ...options, pixelSizeUm });
  space.close();
  return measured;
}

/** Walks that wander, branch and grow wider and narrower, as labels 1 … nLabels. */
function cracked(width: number, height: number, nCracks: number, nLabels: number, seed: number): LabelMap {
  const random = createRandom(seed);
  const data = new Uint32Array(width * height);
  const grow = (x: number, y: number, turn: number, steps: number, label: number): void => {
    for (let k = 0; k < steps; k++) {
      const radius = 0.6 + 2.5 * random.next();
      for (let v = Math.floor(y - radius); v <= y + radius; v++) {
        for (let u = Math.floor(x - radius); u <= x + radius; u++) {
          const isInside = u >= 0 && v >= 0 && u < width && v < height;
          if (isInside && Math.hypot(u - x, v - y) <= radius) data[v * width + u] = label;
        }
      }
      x += Math.cos(turn);
      y += Math.sin(turn);
      turn += 0.3 * random.normal();
      if (random.next() < 0.04) grow(x, y, turn + 1, steps - k - 1, label);
    }
  };
  for (let k = 0; k < nCracks; k++) {
    grow(random.next() * width, random.next() * height, 6.28 * random.next(), 10 + random.int(90), 1 + (k % nLabels));
  }
  return createRaster(data, width, height, { pixelSizeUm: 0.3 });
}

describe("measureCrackBands", () => {
  it.each([1, 4, 9, 100])("measures a straight crack down the picture, bands of %i rows", (bandRows) => {
    const data = Uint8Array.from({ length: 40 * 120 }, (_, i) => {
      const [x, y] = [i % 40, Math.floor(i / 40)];
      return Math.abs(x - 20) <= 2 && y >= 10 && y < 110 ? 1 : 0;
    });
    const { cracks, areaFraction, densityPerMm } = inBands(createRaster(data, 40, 120), bandRows, {});
    expect(cracks).toHaveLength(1);
    expect(cracks[0]).toMatchObject({ areaPx: 500, orientationDeg: 90, nBranchings: 0, maxWidthPx: 5 });
    expect(Math.abs(cracks[0]!.lengthPx - 100)).toBeLessThan(1.5);
    expect(areaFraction).toBeCloseTo(500 / 4800, 12);
    expect(densityPerMm).toBeUndefined();
  });

  const map = cracked(200, 260, 14, 3, 2);
  it.each([1, 7, 16, 33, 100])("gives the cracks of the whole picture, bands of %i rows", (bandRows) => {
    for (const options of [{}, { label: 2, minLengthPx: 12 }]) {
      const whole = measureCracks(map, options);
      expect(whole.cracks.length).toBeGreaterThan(3);
      expect(whole.cracks.some(({ nBranchings }) => nBranchings > 0)).toBe(true);
      expect(inBands(map, bandRows, options, bandRows === 16)).toEqual(whole);
    }
  });

  it("does so for any size, band and option, down to specks of noise", async () => {
    fc.assert(
      fc.property(
        fc.record({
          width: fc.integer({ min: 1, max: 70 }),
          height: fc.integer({ min: 1, max: 90 }),
          bandRows: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 })),
          nCracks: fc.integer({ min: 0, max: 6 }),
          noise: fc.constantFrom(0, 0, 0.02, 0.5),
          label: fc.constantFrom(undefined, 0, 1),
          minLengthPx: fc.constantFrom(0, 5, 20),
          seed: fc.nat(1e6),
        }),
        ({ width, height, bandRows, nCracks, noise, seed, ...options }) => {
          const random = createRandom(seed);
          const drawn = cracked(width, height, nCracks, 2, seed);
          const data = Uint8Array.from(drawn.data, (v) => (random.next() < noise ? 1 - Math.min(v, 1) : v));
          const mask = createRaster(data, width, height);
          expect(inBands(mask, bandRows, options)).toEqual(measureCracks(mask, options));
        },
      ),
      { seed: 21, numRuns: 80 },
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it("finds nothing in an empty mask, a mask without outside has no opening", () => {
    const empty = createRaster(new Uint8Array(60), 6, 10);
    expect(inBands(empty, 3, {})).toMatchObject({ cracks: [], totalLengthPx: 0, areaFraction: 0 });
    const full = createRaster(new Uint8Array(60).fill(1), 6, 10);
    expect(inBands(full, 3, { minLengthPx: 0 })).toMatchObject({ areaFraction: 1, cracks: [{ maxWidthPx: 0 }] });
  });

  it("refuses a negative length and an image of another size than the space", () => {
    expect(() => inBands(map, 7, { minLengthPx: -1 })).toThrow(DomainError);
    expect(() => measureCrackBands(bandSpace(20, 31), memoryStore("uint8", 20, 30))).toThrow(ShapeError);
  });
});
