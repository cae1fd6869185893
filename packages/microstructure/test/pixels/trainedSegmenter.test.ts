import { createRandom, createRaster, DataError, DomainError, FormatError, IncompatibleError } from "@materiome/core";
import { digitizeByModel } from "@materiome/microstructure";
import { bandSpace, classifyBands } from "@materiome/microstructure/mosaic";
import { withTestTimeAugmentation } from "@materiome/microstructure/patches";
import {
  classifyPixels,
  createTrainedSegmenter,
  imageStatistics,
  labelPixels,
  readMicrographSegmenter,
} from "@materiome/microstructure/pixels";
import { describe, expect, it } from "vitest";
import { memoryStore } from "../../src/bands/rowStore.ts";
import { blockSegmenter, reader } from "./blockSegmenter.ts";

const WIDTH = 131;
const HEIGHT = 90;
const random = createRandom(1);
/** Bright disks in noise. */
const image = createRaster(
  Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const inDisk = Math.hypot((i % 44) - 22, (Math.floor(i / WIDTH) % 45) - 22) < 13;
    return Math.min(1, Math.max(0, (inDisk ? 0.7 : 0.3) + 0.05 * random.normal()));
  }),
  WIDTH,
  HEIGHT,
  { pixelSizeUm: 0.5 },
);
const ranges = [{ low: -2, high: 2, isLimited: true }];

describe("createTrainedSegmenter", () => {
  it("gives the same bits for any tiles and threads: tiles keep to the alignment", async () => {
    for (const classifier of [
      createTrainedSegmenter(blockSegmenter()),
      createTrainedSegmenter(blockSegmenter(), { normalise: "image", ranges }),
      createTrainedSegmenter(blockSegmenter(), { views: "square" }),
    ]) {
      const whole = await classifyPixels(image, classifier, { tilePx: 1024 });
      expect(whole).toMatchObject({ width: WIDTH, height: HEIGHT, channels: 2, pixelSizeUm: 0.5 });
      for (const options of [
        { tilePx: 64, threads: 1 },
        { tilePx: 64, threads: 2 },
      ]) {
        expect((await classifyPixels(image, classifier, options)).data).toEqual(whole.data);
      }
      const known = classifier.forStatistics(imageStatistics(image));
      expect((await known.segmentTile(image)).data).toEqual(whole.data);
    }
  });

  it("asks for views, of which it takes the mean", async () => {
    const [one, flips] = (["none", "flips"] as const).map((views) =>
      createTrainedSegmenter(blockSegmenter(), { views }),
    );
    const mean = await classifyPixels(image, flips!, { threads: 1 });
    const twice = await withTestTimeAugmentation(blockSegmenter(), { views: "flips" }).segmentTile(image);
    expect(mean.data).toEqual(twice.data);
    expect(mean.data).not.toEqual((await classifyPixels(image, one!, { threads: 1 })).data);
    const again = await readMicrographSegmenter(JSON.parse(JSON.stringify(flips)), reader);
    expect(again).toMatchObject({ views: "flips" });
  });

  it("segments a mosaic as the image in memory, grains and all, for any band and tile", async () => {
    const classifier = createTrainedSegmenter(blockSegmenter(), { normalise: "image", ranges });
    const field = { grey: image, warnings: [], pages: 1 } as never;
    const { labels, uncertainty } = await digitizeByModel(field, classifier);
    for (const [bandRows, tilePx] of [
      [16, 50],
      [33, 37],
    ] as const) {
      const space = bandSpace(WIDTH, HEIGHT, { bandRows });
      const grey = memoryStore("float32", WIDTH, HEIGHT, image.data);
      const found = await classifyBands(space, grey, classifier, { pixelSizeUm: 0.5, tilePx });
      expect(found.labels.read(0, HEIGHT)).toEqual(labels.data);
      expect(found.uncertainty.read(0, HEIGHT)).toEqual(uncertainty.data);
    }
    expect(new Set(labels.data).size).toBeGreaterThan(5);
  });

  it("comes back from JSON with what it needs to know of images, and finds the disks", async () => {
    const classifier = createTrainedSegmenter(blockSegmenter(), { normalise: "image", pixelSizeUm: 0.5, ranges });
    const again = await readMicrographSegmenter(JSON.parse(JSON.stringify(classifier)), reader);
    expect(again).toMatchObject({ normalise: "image", pixelSizeUm: 0.5, channels: "grey", halo: 8, alignment: 4 });
    const found = await classifyPixels(image, again, { threads: 1 });
    expect(found.data).toEqual((await classifyPixels(image, classifier, { threads: 1 })).data);
    const right = labelPixels(found).data.filter((label, i) => (label === 2) === image.data[i]! > 0.5).length;
    expect(right / image.data.length).toBeGreaterThan(0.85);
    await expect(classifyPixels({ ...image, pixelSizeUm: 1 }, again)).rejects.toThrow(/pixels are 1 µm/);
  });

  it("limits grey to its range, or lets the line go on", async () => {
    const far = createRaster(Float32Array.of(0, 2, 4, 0), 2, 2);
    const seen: number[][] = [];
    const spy = {
      ...blockSegmenter(),
      segmentTile: async (tile: typeof far) => {
        seen.push([...tile.data]);
        return { ...tile, data: new Float32Array(8), channels: 2 };
      },
    };
    for (const isLimited of [true, false]) {
      await createTrainedSegmenter(spy, { ranges: [{ low: 1, high: 3, isLimited }] }).segmentTile(far);
    }
    expect(seen).toEqual([
      [0, 0.5, 1, 0],
      [-0.5, 0.5, 1.5, -0.5],
    ]);
  });

  it("gives coloured images as CIELAB, or as red, green and blue", async () => {
    const seen: number[][] = [];
    const picture = createRaster(Float32Array.of(1, 0, 0, 1, 1, 1), 2, 1, { channels: 3 });
    const spy = {
      ...blockSegmenter(),
      segmentTile: async (tile: typeof picture) => {
        seen.push([...tile.data].map((value) => Math.round(100 * value) / 100 + 0));
        return { ...tile, data: new Float32Array(4), channels: 2 };
      },
    };
    for (const colourSpace of ["rgb", "lab"] as const) {
      const classifier = createTrainedSegmenter(spy, { channels: "colour", colourSpace });
      await classifyPixels(picture, classifier, { threads: 1 });
      expect(JSON.parse(JSON.stringify(classifier)).params.colourSpace).toBe(colourSpace);
    }
    // CIELAB of red is 53.2, 80.1, 67.2.
    expect(seen[0]).toEqual([1, 0, 0, 1, 1, 1]);
    expect(seen[1]).toEqual([1.06, 1.6, 1.34, 2, 0, 0]);
    expect(() => createTrainedSegmenter(spy, { channels: "colour", colourSpace: "rgb", normalise: "image" })).toThrow(
      DomainError,
    );
  });

  it("refuses colour for a grey model, tiles without statistics, ranges that do not fit, and damaged files", async () => {
    const classifier = createTrainedSegmenter(blockSegmenter(), { normalise: "image", ranges });
    const colour = createRaster(new Float32Array(48), 4, 4, { channels: 3 });
    await expect(classifyPixels(colour, classifier)).rejects.toThrow(IncompatibleError);
    await expect(classifier.segmentTile(image)).rejects.toThrow(DataError);
    expect(() => createTrainedSegmenter(blockSegmenter(), { channels: "colour", ranges })).toThrow(DomainError);
    expect(() => createTrainedSegmenter({ ...blockSegmenter(), classes: ["one"] })).toThrow(/at least two/);
    const stored = JSON.parse(JSON.stringify(classifier));
    const read = (change: object) => readMicrographSegmenter({ ...stored, ...change }, reader);
    await expect(read({ type: "materiome/other" })).rejects.toThrow(/holds "materiome\/other", expected/);
    await expect(read({ version: 3 })).rejects.toThrow(IncompatibleError);
    await expect(read({ version: 2 })).rejects.toThrow(FormatError);
    await expect(read({ params: { ...stored.params, ranges: [] } })).rejects.toThrow(FormatError);
    const swapped = [{ low: 1, high: 0, isLimited: true }];
    await expect(read({ params: { ...stored.params, ranges: swapped } })).rejects.toThrow(FormatError);
  });

  it("says so where a segmenter returns another size", async () => {
    const wrong = {
      ...blockSegmenter(),
      segmentTile: async () => createRaster(new Float32Array(8), 2, 2, { channels: 2 }),
    };
    await expect(classifyPixels(image, createTrainedSegmenter(wrong), { threads: 1 })).rejects.toThrow(
      /made 2 × 2 × 2 of a tile of 131 × 90 px with 2 classes/,
    );
  });
});
