import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, createRaster, type Raster, ShapeError } from "@materiome/core";
import { bandSpace, memoryStore, skeletonizeBands } from "@materiome/microstructure/mosaic";
import { skeletonize } from "@materiome/microstructure/segment";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "skeleton-bands-"));
});
afterAll(() => rm(folder, { recursive: true }));

function draw(width: number, height: number, inside: (x: number, y: number) => boolean): Raster<Uint8Array> {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    inside(i % width, Math.floor(i / width)) ? 255 : 0,
  );
  return createRaster(data, width, height);
}

function noise(width: number, height: number, share: number, seed: number): Raster<Uint8Array> {
  const random = createRandom(seed);
  return draw(width, height, () => random.next() < share);
}

function inBands({ width, height, data }: Raster<Uint8Array>, bandRows: number, isFile = false): Uint8Array {
  const space = bandSpace(width, height, { bandRows, folder: isFile ? folder : undefined });
  const lines = skeletonizeBands(space, memoryStore("uint8", width, height, data))
    .read(0, height)
    .slice();
  space.close();
  return lines;
}

/** As `toEqual`, which takes seconds for so many pixels. */
const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Arms of an Archimedean spiral, `pitch` px apart, that every seam cuts many times. */
const spiral = (size: number, pitch: number, share: number) =>
  draw(size, size, (x, y) => {
    const turn = Math.atan2(y - size / 2, x - size / 2) / (2 * Math.PI);
    const arm = Math.hypot(x - size / 2, y - size / 2) / pitch - turn;
    return arm - Math.floor(arm) < share;
  });

const PICTURES: Record<string, Raster<Uint8Array>> = {
  // Radii far above the rows of a pass (16, 32, …), so that it takes many; a full picture has no border but its own.
  disc: draw(150, 170, (x, y) => Math.hypot(x - 76, y - 88) < 74),
  full: draw(90, 210, () => true),
  "disc with holes, and a line that is done long before": draw(
    260,
    200,
    (x, y) => (Math.hypot(x - 100, y - 100) < 95 && (x % 61 > 2 || y % 67 > 2)) || x === 230,
  ),
  "thin spiral": spiral(160, 6, 0.4),
  "thick spiral": spiral(200, 50, 0.75),
  noise: noise(80, 150, 0.75, 3),
};

describe("skeletonizeBands", () => {
  for (const [name, mask] of Object.entries(PICTURES)) {
    const whole = skeletonize(mask).data;
    it.each([1, 7, 16, 33, 100])(`gives the lines of the whole picture, bands of %i rows: ${name}`, (bandRows) => {
      expect(isSame(inBands(mask, bandRows), whole)).toBe(true);
    });
  }

  it("finds the middle row of a bar that many seams run along", () => {
    const bar = draw(300, 81, (_, y) => y >= 10 && y < 71);
    const lines = inBands(bar, 4);
    for (let x = 60; x < 240; x++) {
      const rows = Array.from({ length: 81 }, (_, y) => y).filter((y) => lines[y * 300 + x] === 1);
      expect(rows).toHaveLength(1);
      expect(Math.abs(rows[0]! - 40)).toBeLessThanOrEqual(1);
    }
  });

  it("does so for any size, share of foreground and band", () => {
    fc.assert(
      fc.property(
        fc.record({
          width: fc.integer({ min: 1, max: 50 }),
          height: fc.integer({ min: 1, max: 120 }),
          bandRows: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 60 })),
          share: fc.constantFrom(0.3, 0.7, 0.9, 0.98, 0.998),
          seed: fc.nat(1e6),
        }),
        ({ width, height, bandRows, share, seed }) => {
          const mask = noise(width, height, share, seed);
          expect(isSame(inBands(mask, bandRows), skeletonize(mask).data)).toBe(true);
        },
      ),
      { seed: 12, numRuns: 150 },
    );
  });

  it("works on files, leaves none, and does not touch the mask", async () => {
    const mask = PICTURES["thick spiral"]!;
    const before = mask.data.slice();
    expect(isSame(inBands(mask, 16, true), skeletonize(mask).data)).toBe(true);
    expect(isSame(mask.data, before)).toBe(true);
    expect(await readdir(folder)).toEqual([]);
  });

  it("refuses a mask of another size than the space", () => {
    expect(() => skeletonizeBands(bandSpace(20, 31), memoryStore("uint8", 20, 30))).toThrow(ShapeError);
  });
});
