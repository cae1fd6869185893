import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, createRaster, DomainError, type Raster, ShapeError } from "@materiome/core";
import { segmentColourGrains, segmentContrastGrains } from "@materiome/microstructure/segment";
import { renderMicrograph, voronoiGrains } from "@materiome/microstructure/synthesis";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bandSpace } from "../../src/bands/bandSpace.ts";
import { memoryStore } from "../../src/bands/rowStore.ts";
import { channelRows } from "../../src/segment/channelRows.ts";
import { segmentColourGrainBands } from "../../src/segment/segmentColourGrainBands.ts";
import { segmentContrastGrainBands } from "../../src/segment/segmentContrastGrainBands.ts";
import { smoothChannels } from "../../src/segment/smoothChannels.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "contrast-bands-"));
});
afterAll(() => rm(folder, { recursive: true }));

const WIDTH = 36;
const HEIGHT = 104;
const truth = voronoiGrains({ width: WIDTH, height: HEIGHT, nGrains: 14 }, createRandom(3));

/** Grains of different grey under uneven light. */
function grey(noise: "low" | "high", shading: number): Raster<Float32Array> {
  const look = { boundaryContrast: 0, grainContrast: 0.12, meanGrey: 0.5, pitsPerMegapixel: 0, noise, shading };
  return renderMicrograph(truth, look, createRandom(4));
}

/** Grains of different colour, rounded to 8 bits so that equal steps occur. */
function coloured(): Raster<Float32Array> {
  const random = createRandom(5);
  const hues = Array.from({ length: 3 * 15 }, () => 0.3 + 0.5 * random.next());
  const data = Float32Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) => {
    const hue = hues[3 * truth.data[Math.floor(i / 3)]! + (i % 3)]!;
    return Math.round(255 * Math.min(1, Math.max(0, hue + 0.02 * random.normal()))) / 255;
  });
  return createRaster(data, WIDTH, HEIGHT, { channels: 3 });
}

const planes = (image: Raster<Float32Array>) =>
  [channelRows(image, 0), channelRows(image, 1), channelRows(image, 2)] as const;

const BANDS: [number, boolean][] = [
  [1, false],
  [7, true],
  [16, false],
  [33, true],
  [100, false],
];

describe("smoothChannels", () => {
  // Few steps and a narrow Gaussian: each row that a filter sees changes the last bits of the result.
  it.each([
    [0, 1],
    [0, 3],
    [0.5, 1],
    [0.5, 2],
  ])("sees enough rows around a band to be exact: σ %f px, %i steps", (sigmaPx, nSteps) => {
    const random = createRandom(8);
    const [width, height] = [9, 40];
    const channels = [0, 1].map(() =>
      memoryStore(
        "float32",
        width,
        height,
        Float32Array.from({ length: width * height }, () => random.next()),
      ),
    );
    const options = { sigmaPx, nSteps, edge: 2 };
    const whole = smoothChannels(bandSpace(width, height), channels, options);
    for (const bandRows of [1, 7, 16]) {
      const bands = smoothChannels(bandSpace(width, height, { bandRows }), channels, options);
      expect(bands.steepest).toBe(whole.steepest);
      expect(bands.gradient.read(0, height)).toEqual(whole.gradient.read(0, height));
      for (const [c, { read }] of bands.values.entries()) {
        expect(read(0, height)).toEqual(whole.values[c]!.read(0, height));
      }
    }
  });
});

describe("segmentContrastGrainBands", () => {
  const images = [grey("low", 0.4), grey("high", 0)];
  const wholes = images.map((image) => segmentContrastGrains(image));

  it.each(BANDS)("gives labels and numbers of the whole image, bands of %i rows (in files: %s)", (bandRows, isFile) => {
    // Bands of one row see eighty: one image is enough.
    for (const [k, image] of images.slice(0, bandRows === 1 ? 1 : 2).entries()) {
      const { labels, ...whole } = wholes[k]!;
      const space = bandSpace(WIDTH, HEIGHT, { bandRows, folder: isFile ? folder : undefined });
      const { labels: rows, ...bands } = segmentContrastGrainBands(space, channelRows(image, 0));
      expect(bands).toEqual(whole);
      expect(rows.read(0, HEIGHT)).toEqual(labels.data);
      expect(bands.nGrains).toBeGreaterThan(6);
      space.close();
    }
  });

  it("leaves nothing in the folder, and tells its stages", async () => {
    const stages: string[] = [];
    const space = bandSpace(WIDTH, HEIGHT, { bandRows: 40, folder });
    segmentContrastGrainBands(space, channelRows(images[0]!, 0), {}, (stage) => stages.push(stage));
    space.close();
    expect(stages).toEqual(["shading", "gradient", "watershed", "merging", "smoothing"]);
    expect(await readdir(folder)).toEqual([]);
  });

  it("is the same for images smaller than what its filters see, of few and of one grey", () => {
    fc.assert(
      fc.property(
        fc.record({
          width: fc.integer({ min: 16, max: 24 }),
          height: fc.integer({ min: 16, max: 40 }),
          bandRows: fc.integer({ min: 1, max: 12 }),
          nGreys: fc.integer({ min: 1, max: 5 }),
          seed: fc.nat(1e6),
        }),
        ({ width, height, bandRows, nGreys, seed }) => {
          // Blocks of few greys: many equal contrasts, plateaus, and regions that touch in corners.
          const random = createRandom(seed);
          const blocks = Array.from({ length: 64 }, () => 0.2 + 0.15 * random.int(nGreys));
          const data = Float32Array.from(
            { length: width * height },
            (_, i) => blocks[8 * (Math.floor(i / width) >> 3) + ((i % width) >> 3)]!,
          );
          const { labels, ...whole } = segmentContrastGrains(createRaster(data, width, height));
          const space = bandSpace(width, height, { bandRows });
          const source = memoryStore("float32", width, height, data);
          const { labels: rows, ...bands } = segmentContrastGrainBands(space, source);
          expect(bands).toEqual(whole);
          expect(rows.read(0, height)).toEqual(labels.data);
          if (nGreys === 1) expect(bands.nGrains).toBe(1);
        },
      ),
      { seed: 6, numRuns: 10 },
    );
  });

  it("refuses NaN, images of another size than the space, and options out of range", () => {
    const image = images[0]!;
    const space = bandSpace(WIDTH, HEIGHT, { bandRows: 30 });
    const data = image.data.slice();
    data[WIDTH * 40 + 3] = Number.NaN;
    const damaged = memoryStore("float32", WIDTH, HEIGHT, data);
    expect(() => segmentContrastGrainBands(space, damaged)).toThrow(
      /NaN or infinite values, the first in pixel \(3, 40\)/,
    );
    const source = channelRows(image, 0);
    expect(() => segmentContrastGrainBands(bandSpace(WIDTH, HEIGHT - 1), source)).toThrow(ShapeError);
    expect(() => segmentContrastGrainBands(bandSpace(WIDTH, 15), source)).toThrow(/at least 16 × 16/);
    expect(() => segmentContrastGrainBands(space, source, { minAreaPx: -1 })).toThrow(DomainError);
  });
});

describe("segmentColourGrainBands", () => {
  const image = coloured();
  const { labels, ...whole } = segmentColourGrains(image);

  it.each(BANDS)("gives labels and numbers of the whole image, bands of %i rows (in files: %s)", (bandRows, isFile) => {
    const space = bandSpace(WIDTH, HEIGHT, { bandRows, folder: isFile ? folder : undefined });
    const { labels: rows, ...bands } = segmentColourGrainBands(space, planes(image));
    expect(bands).toEqual(whole);
    expect(rows.read(0, HEIGHT)).toEqual(labels.data);
    expect(bands.nGrains).toBeGreaterThan(6);
    space.close();
  });

  it("takes an image of one colour as one grain", () => {
    const even = createRaster(new Float32Array(3 * 20 * 18).fill(0.4), 20, 18, { channels: 3 });
    const { labels: rows, nGrains } = segmentColourGrainBands(bandSpace(20, 18, { bandRows: 5 }), planes(even));
    expect(nGrains).toBe(1);
    expect(rows.read(0, 18)).toEqual(new Uint32Array(360).fill(1));
  });

  it("refuses infinite values in any channel", () => {
    const damaged = createRaster(image.data.slice(), WIDTH, HEIGHT, { channels: 3 });
    damaged.data[3 * 30 + 2] = Number.POSITIVE_INFINITY;
    expect(() => segmentColourGrainBands(bandSpace(WIDTH, HEIGHT), planes(damaged))).toThrow(/pixel \(30, 0\)/);
  });
});
