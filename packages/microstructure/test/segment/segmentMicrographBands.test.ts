import { createRandom, createRaster, type LabelMap, type Raster } from "@materiome/core";
import {
  bandSpace,
  memoryStore,
  type SegmentMicrographBandsOptions,
  segmentMicrographBands,
} from "@materiome/microstructure/mosaic";
import { type MicrographImage, segmentMicrograph } from "@materiome/microstructure/segment";
import { renderMicrograph, voronoiGrains } from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";
import { channelRows } from "../../src/segment/channelRows.ts";

const [WIDTH, HEIGHT] = [90, 100];
const PIXEL_SIZE_UM = 0.5;

function inBands({ grey, colour }: MicrographImage, bandRows: number, options: SegmentMicrographBandsOptions) {
  const { width, height, data } = grey;
  const rows = {
    grey: memoryStore("float32", width, height, data),
    colour: colour && ([channelRows(colour, 0), channelRows(colour, 1), channelRows(colour, 2)] as const),
  };
  const { labels, ...rest } = segmentMicrographBands(bandSpace(width, height, { bandRows }), rows, options);
  return { ...rest, labels: textOf(labels.read(0, height)) };
}

/** Compared at once where arrays are compared value by value. */
const textOf = (data: Uint32Array): string => Buffer.from(data.buffer).toString("latin1");

const calibrated = (data: Float32Array, channels = 1): Raster<Float32Array> =>
  createRaster(data, WIDTH, HEIGHT, { channels, pixelSizeUm: PIXEL_SIZE_UM });

const draw = (greyAt: (x: number, y: number) => number): Raster<Float32Array> => {
  const random = createRandom(3);
  return calibrated(
    Float32Array.from(
      { length: WIDTH * HEIGHT },
      (_, i) => greyAt(i % WIDTH, Math.floor(i / WIDTH)) + 0.01 * random.normal(),
    ),
  );
};

const truth: LabelMap = voronoiGrains(
  { width: WIDTH, height: HEIGHT, nGrains: 20, pixelSizeUm: PIXEL_SIZE_UM },
  createRandom(1),
);
const lines = renderMicrograph(truth, {}, createRandom(2));
const colour = calibrated(
  Float32Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) => {
    const label = truth.data[Math.floor(i / 3)]!;
    return 0.3 + 0.05 * ((label * (3 + (i % 3))) % 11);
  }),
  3,
);
const greyOfColour = calibrated(Float32Array.from(lines.data, (_, i) => colour.data[3 * i + 1]!));
const isDisc = (x: number, y: number): boolean => Math.hypot((x % 25) - 12, (y % 25) - 12) < 7;

const IMAGES = {
  lines: { grey: lines },
  colour: { grey: greyOfColour, colour },
  contrast: { grey: greyOfColour },
  particles: { grey: draw((x, y) => (isDisc(x, y) ? 0.7 : 0.35)) },
  pores: { grey: draw((x, y) => (isDisc(x, y) ? 0.05 : 0.8)) },
  layers: { grey: draw((x, y) => (y < 30 + 3 * Math.sin(x / 9) ? 0.8 : y < 62 ? 0.5 : 0.25)) },
} as const;
type Method = keyof typeof IMAGES;

describe("segmentMicrographBands", () => {
  it.each(Object.keys(IMAGES) as Method[])("gives labels, words and numbers of the whole image: %s", (method) => {
    const image = IMAGES[method];
    // A limit in µm² needs the calibration, which is an option here and part of the image there.
    const options = { method, particles: { minAreaUm2: 10 }, pores: { minAreaUm2: 10 } };
    const { labels, ...whole } = segmentMicrograph(image, options);
    expect(whole.method).toBe(method);
    expect(whole.nRegions).toBeGreaterThan(2);
    for (const bandRows of [1, 7, HEIGHT]) {
      expect(inBands(image, bandRows, { ...options, pixelSizeUm: PIXEL_SIZE_UM })).toEqual({
        ...whole,
        labels: textOf(labels.data),
      });
    }
  });

  it.each([
    ["colour", "colour"],
    ["pores", "pores"],
    ["layers", "layers"],
  ] as const)("chooses by the look of all rows: %s", (name, method) => {
    const image = IMAGES[name];
    const { labels, ...whole } = segmentMicrograph(image);
    expect(whole.method).toBe(method);
    for (const bandRows of [7, HEIGHT]) {
      const found = inBands(image, bandRows, { pixelSizeUm: PIXEL_SIZE_UM });
      expect(found).toEqual({ ...whole, labels: textOf(labels.data) });
    }
  });

  it.each([1, 7, HEIGHT])("takes an image for uniform only if no row differs, bands of %i rows", (bandRows) => {
    const grey = calibrated(new Float32Array(WIDTH * HEIGHT).fill(0.5));
    expect(() => inBands({ grey }, bandRows, {})).toThrow(/every pixel has the grey 0.500/);
    expect(() => inBands({ grey }, bandRows, { method: "pores" })).toThrow(/every pixel has the grey 0.500/);
    grey.data[WIDTH * HEIGHT - 1] = 0.4;
    expect(inBands({ grey }, bandRows, { method: "pores" }).nRegions).toBe(0);
    expect(() => inBands({ grey }, bandRows, { method: "colour" })).toThrow(/needs a colour image/);
  });
});
