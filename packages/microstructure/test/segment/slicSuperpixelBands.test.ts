import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, createRaster, type Raster, ShapeError } from "@materiome/core";
import { slicSuperpixelBands } from "@materiome/microstructure/mosaic";
import { type SlicOptions, slicSuperpixels } from "@materiome/microstructure/segment";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bandSpace } from "../../src/bands/bandSpace.ts";
import type { ChannelRows } from "../../src/bands/imageRows.ts";
import { channelRows } from "../../src/segment/channelRows.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slic-bands-"));
});
afterAll(() => rm(folder, { recursive: true }));

const rowsOf = (image: Raster<Float32Array>): ChannelRows =>
  image.channels === 1 ? channelRows(image, 0) : [channelRows(image, 0), channelRows(image, 1), channelRows(image, 2)];

function inBands(image: Raster<Float32Array>, bandRows: number, options: SlicOptions, isFile = false) {
  const { width, height } = image;
  const space = bandSpace(width, height, { bandRows, folder: isFile ? folder : undefined });
  const { labels, n } = slicSuperpixelBands(space, rowsOf(image), options);
  const data = labels.read(0, height).slice();
  space.close();
  return { data, n };
}

/** Few greys make equal distances and plateaus; noise makes fragments. */
function noisy(width: number, height: number, channels: 1 | 3, nLevels: number, seed: number): Raster<Float32Array> {
  const random = createRandom(seed);
  const data = Float32Array.from({ length: width * height * channels }, () => random.int(nLevels) / nLevels);
  return createRaster(data, width, height, { channels });
}

const BAND_ROWS = [1, 4, 13, 18, 100];

describe("slicSuperpixelBands", () => {
  it.each(BAND_ROWS)("cuts a uniform image into the cells of the grid, bands of %i rows", (bandRows) => {
    // Cells of 9 px have their centres on pixels, and no pixel lies midway between two.
    const cells = Uint32Array.from(
      { length: 27 * 18 },
      (_, i) => 1 + Math.floor((i % 27) / 9) + 3 * Math.floor(i / 243),
    );
    for (const channels of [1, 3] as const) {
      const flat = createRaster(new Float32Array(channels * cells.length).fill(0.5), 27, 18, { channels });
      expect(inBands(flat, bandRows, { edgePx: 9 })).toEqual({ data: cells, n: 6 });
    }
  });

  it.each(BAND_ROWS)("leaves pixels that no centre looks at in their cell, bands of %i rows", (bandRows) => {
    // The three centres of the one column move to x = 3, y = 0, 3 and 6, and look no farther than x = 1.
    const image = createRaster(
      Float32Array.from({ length: 36 }, (_, i) => [0, 0.5, 1, 1][i % 4]!),
      4,
      9,
    );
    const options = { edgePx: 2.9, iterations: 1, minShare: 0 };
    const { data, n } = inBands(image, bandRows, options);
    expect(n).toBe(3);
    const left = [1, 1, 1, 2, 2, 2, 3, 3, 3];
    const right = [1, 1, 2, 2, 2, 3, 3, 3, 3];
    expect([...data]).toEqual(left.flatMap((label, y) => [label, right[y]!, right[y]!, right[y]!]));
  });

  it("gives the labels of the whole image for any size, band and option", () => {
    fc.assert(
      fc.property(
        fc.record({
          width: fc.integer({ min: 1, max: 40 }),
          height: fc.integer({ min: 1, max: 60 }),
          bandRows: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 30 })),
          channels: fc.constantFrom<1 | 3>(1, 3),
          nLevels: fc.constantFrom(1, 2, 3, 256),
          edgePx: fc.double({ min: 2, max: 20, noNaN: true }),
          compactness: fc.constantFrom(0.5, 5, 40),
          iterations: fc.integer({ min: 1, max: 5 }),
          minShare: fc.double({ min: 0, max: 1, noNaN: true }),
          seed: fc.nat(1e6),
        }),
        ({ width, height, bandRows, channels, nLevels, seed, ...options }) => {
          const image = noisy(width, height, channels, nLevels, seed);
          const { labels, n } = slicSuperpixels(image, options);
          expect(inBands(image, bandRows, options)).toEqual({ data: labels.data, n });
        },
      ),
      { seed: 9, numRuns: 80 },
    );
  });

  it.each([1, 7, 40])(
    "does so on a tall image of noise in files, with fragments on every seam: %i rows",
    (bandRows) => {
      const image = noisy(45, 400, 3, 256, 4);
      const options = { edgePx: 11, compactness: 8, iterations: 4 };
      const { labels, n } = slicSuperpixels(image, options);
      expect(inBands(image, bandRows, options, true)).toEqual({ data: labels.data, n });
      const areas = new Array<number>(n + 1).fill(0);
      for (const label of labels.data) areas[label]! += 1;
      expect(Math.min(...areas.slice(1))).toBeGreaterThanOrEqual(0.25 * 11 * 11);
    },
  );

  it("reads files written before, and leaves none", async () => {
    const image = noisy(30, 50, 1, 256, 5);
    const space = bandSpace(30, 50, { bandRows: 8, folder });
    const stored = space.store("float32");
    stored.write(0, image.data);
    const { labels, n } = slicSuperpixelBands(space, stored);
    expect(labels.read(0, 50)).toEqual(slicSuperpixels(image).labels.data);
    expect(n).toBe(slicSuperpixels(image).n);
    expect(stored.read(0, 50)).toEqual(image.data);
    space.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it("refuses NaN with its place, an image of another size than the space, and bad options", () => {
    const image = noisy(20, 30, 3, 5, 6);
    image.data[3 * (20 * 17 + 4) + 1] = Number.NaN;
    expect(() => inBands(image, 7, {})).toThrow(
      /slicSuperpixels: the image holds NaN or infinite values, the first in pixel \(4, 17\)/,
    );
    const sound = noisy(20, 30, 1, 5, 6);
    expect(() => slicSuperpixelBands(bandSpace(20, 31), rowsOf(sound))).toThrow(ShapeError);
    expect(() => inBands(sound, 7, { edgePx: 1.9 })).toThrow(/edgePx must be at least 2, got 1.9/);
    expect(() => inBands(sound, 7, { iterations: 0 })).toThrow(/iterations/);
    expect(() => inBands(sound, 7, { minShare: 1.1 })).toThrow(/minShare/);
  });
});
