import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  closeWorkers,
  commitTemporaryFile,
  createRandom,
  createRaster,
  DomainError,
  type Raster,
  type Segmenter,
  temporaryPathFor,
} from "@materiome/core";
import { readLabelImage } from "@materiome/microstructure";
import { interceptGrainSize, planimetricGrainSize } from "@materiome/microstructure/measure";
import {
  bandSpace,
  measureBands,
  memoryStore,
  segmentTiles,
  splitParticleBands,
  TiffRowWriter,
  thresholdBands,
} from "@materiome/microstructure/mosaic";
import { regionTable } from "@materiome/microstructure/regions";
import { renderMicrograph, voronoiGrains } from "@materiome/microstructure/synthesis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gaussianBlur } from "../../src/kernels/index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mosaic-"));
});
afterAll(async () => {
  await closeWorkers();
  await rm(folder, { recursive: true });
});

const WIDTH = 120;
const HEIGHT = 90;
const truth = voronoiGrains({ width: WIDTH, height: HEIGHT, nGrains: 30, pixelSizeUm: 0.5 }, createRandom(1));
const image = renderMicrograph(truth, { noise: "low" }, createRandom(2));

describe("measureBands", () => {
  it("gives the numbers of the whole map to the last bit", () => {
    const n = Math.max(...truth.data);
    for (const bandRows of [1, 13, HEIGHT]) {
      const space = bandSpace(WIDTH, HEIGHT, { bandRows });
      const labels = memoryStore("uint32", WIDTH, HEIGHT, truth.data);
      const grey = memoryStore("float32", WIDTH, HEIGHT, image.data);
      const { intercept, planimetric, regions } = measureBands(space, labels, { nGrains: n, grey, pixelSizeUm: 0.5 });
      expect(intercept).toEqual(interceptGrainSize(truth));
      expect(planimetric).toEqual(planimetricGrainSize(truth));
      expect(regions).toEqual(regionTable(truth, image));
    }
  });
});

describe("particles of a mosaic", () => {
  /** Discs on a ground, two of them touching across rows 40 … 50. */
  const discs: readonly [number, number, number][] = [
    [20, 20, 9],
    [60, 38, 11],
    [60, 57, 10],
    [100, 70, 12],
  ];
  const grey = createRaster(
    Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
      const isInside = discs.some(([x, y, r]) => Math.hypot((i % WIDTH) - x, Math.floor(i / WIDTH) - y) <= r);
      return (isInside ? 0.8 : 0.3) + 0.02 * Math.sin(i);
    }),
    WIDTH,
    HEIGHT,
  );

  it("are found and cut apart, the same whatever the bands", () => {
    const run = (bandRows: number) => {
      const space = bandSpace(WIDTH, HEIGHT, { bandRows });
      const { mask, thresholds } = thresholdBands(space, memoryStore("float32", WIDTH, HEIGHT, grey.data));
      const { labels, n } = splitParticleBands(space, mask);
      return { n, labels: labels.read(0, HEIGHT), threshold: thresholds[0] };
    };
    const whole = run(HEIGHT);
    expect(whole.n).toBe(4);
    expect(whole.threshold).toBeGreaterThan(0.31);
    expect(whole.threshold).toBeLessThan(0.75);
    for (const [k, [x, y]] of discs.entries()) expect(whole.labels[y * WIDTH + x]).toBe(k + 1);
    expect(run(7)).toEqual(whole);
    expect(run(41)).toEqual(whole);
  });

  it("a mask without background is one particle, one without foreground none", () => {
    const space = bandSpace(8, 6, { bandRows: 4 });
    expect(splitParticleBands(space, memoryStore("uint8", 8, 6, new Uint8Array(48).fill(1))).n).toBe(1);
    expect(splitParticleBands(space, memoryStore("uint8", 8, 6)).n).toBe(0);
    expect(() => thresholdBands(space, memoryStore("float32", 8, 6))).toThrow(DomainError);
  });
});

describe("segmentTiles", () => {
  /** Bright or dark by the blurred grey: needs 8 pixels around a tile. */
  const segmenter: Segmenter = {
    module: "none",
    toJSON: () => ({ type: "test", version: 1, params: null, state: null }),
    classes: ["dark", "bright"],
    halo: 8,
    async segmentTile(tile): Promise<Raster<Float32Array>> {
      const { width, height } = tile;
      const smooth = new Float32Array(width * height);
      gaussianBlur(width, height, tile.data, 2, new Float32Array(width * height), smooth);
      const out = new Float32Array(2 * width * height);
      for (const [i, value] of smooth.entries()) {
        out[2 * i] = 1 - value;
        out[2 * i + 1] = value;
      }
      return createRaster(out, width, height, { channels: 2 });
    },
  };

  it("gives the classes and probabilities of the whole image", async () => {
    const whole = (await segmenter.segmentTile(image)).data;
    const space = bandSpace(WIDTH, HEIGHT, { bandRows: 20 });
    const grey = memoryStore("float32", WIDTH, HEIGHT, image.data);
    for (const tilePx of [16, 37, 512]) {
      const { classes, probability, counts } = await segmentTiles(space, grey, segmenter, {
        tilePx,
        probabilityOf: "bright",
      });
      expect(probability?.read(0, HEIGHT)).toEqual(Float32Array.from(image.data, (_, i) => whole[2 * i + 1]!));
      const expected = Uint8Array.from(image.data, (_, i) => (whole[2 * i + 1]! > whole[2 * i]! ? 1 : 0));
      expect(classes.read(0, HEIGHT)).toEqual(expected);
      expect(counts[1]).toBe(expected.reduce((a, b) => a + b, 0));
    }
    await expect(segmentTiles(space, grey, segmenter, { probabilityOf: "grey" })).rejects.toThrow(/no class "grey"/);
  });
});

describe("TiffRowWriter", () => {
  it("writes strips that other readers take for the whole image", async () => {
    const width = 700;
    const height = 500;
    const values = Uint32Array.from({ length: width * height }, (_, i) => (i * 2654435761) >>> 8);
    const path = join(folder, "rows.tif");
    const temporary = temporaryPathFor(path);
    const writer = new TiffRowWriter(temporary, { width, height, bits: 32, largest: 1 << 24, pixelSizeUm: 0.25 });
    expect(writer.rowsPerStrip).toBeLessThan(height);
    for (let y = 0; y < height; y += writer.rowsPerStrip) {
      writer.write(values.subarray(y * width, Math.min(height, y + writer.rowsPerStrip) * width));
    }
    writer.finish();
    await commitTemporaryFile(temporary, path);
    const { labels, calibration } = await readLabelImage(path);
    expect(labels.data).toEqual(values);
    expect(calibration?.pixelSizeUm).toBeCloseTo(0.25, 8);
  });
});
