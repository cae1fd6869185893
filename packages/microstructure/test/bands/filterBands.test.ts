import { createRandom, createRaster, DomainError, type Raster, ShapeError } from "@materiome/core";
import {
  bilateralFilter,
  medianFilter,
  nonLocalMeans,
  smoothGaussian,
  unsharpMask,
} from "@materiome/microstructure/enhance";
import { bandSpace, filterBands, memoryStore, type RowReader } from "@materiome/microstructure/mosaic";
import { closing, dilate, localThreshold, opening, whiteTopHat } from "@materiome/microstructure/segment";
import { describe, expect, it } from "vitest";

const WIDTH = 37;
const HEIGHT = 53;
const random = createRandom(5);
const image = createRaster(
  Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => 0.5 + 0.3 * Math.sin(i / 40) + 0.1 * random.normal()),
  WIDTH,
  HEIGHT,
);
const source: RowReader<Float32Array> = memoryStore("float32", WIDTH, HEIGHT, image.data);
const disk = { shape: "disk", radiusPx: 3 } as const;

type Filter = (rows: Raster<Float32Array>) => Raster<Float32Array>;

const local: readonly [string, number, Filter][] = [
  ["median", 2, (rows) => medianFilter(rows, { radiusPx: 2 })],
  ["Gaussian", 6, (rows) => smoothGaussian(rows, { sigmaPx: 1.5 })],
  ["unsharp mask", 8, (rows) => unsharpMask(rows, { sigmaPx: 2 })],
  ["bilateral", 4, (rows) => bilateralFilter(rows, { sigmaPx: 1.3, sigmaGrey: 0.2, radiusPx: 4 })],
  ["non-local means", 6, (rows) => nonLocalMeans(rows, { searchRadiusPx: 5, patchRadiusPx: 1, noise: 0.1 })],
  ["dilation", 3, (rows) => dilate(rows, disk)],
  ["opening", 6, (rows) => opening(rows, disk)],
  ["closing", 6, (rows) => closing(rows, disk)],
  ["white top-hat", 6, (rows) => whiteTopHat(rows, disk)],
  ["threshold by a local Gaussian", 12, (rows) => localThreshold(rows, { method: "local-gaussian", windowPx: 19 })],
];

describe("filterBands", () => {
  it.each(local)("gives what the filter gives for the whole image: %s", (_, haloPx, filter) => {
    const whole = filter(image).data;
    for (const bandRows of [1, 7, 20, HEIGHT]) {
      const space = bandSpace(WIDTH, HEIGHT, { bandRows });
      expect(filterBands(space, source, filter, { haloPx }).read(0, HEIGHT)).toEqual(whole);
    }
  });

  it("keeps the type that the filter returns, and shows seams where the halo is too small", () => {
    const space = bandSpace(WIDTH, HEIGHT, { bandRows: 10 });
    const mask = createRaster(
      image.data.map((v) => (v > 0.6 ? 1 : 0)),
      WIDTH,
      HEIGHT,
    );
    const bits = memoryStore("uint8", WIDTH, HEIGHT, Uint8Array.from(mask.data));
    const grown = filterBands(space, bits, (rows) => dilate(rows, disk), { haloPx: 3 }).read(0, HEIGHT);
    expect(grown).toBeInstanceOf(Uint8Array);
    expect(Float32Array.from(grown)).toEqual(dilate(mask, disk).data);
    const seams = filterBands(space, source, (rows) => dilate(rows, disk), { haloPx: 1 }).read(0, HEIGHT);
    expect(seams).not.toEqual(dilate(image, disk).data);
  });

  it("refuses a halo that is no number of rows, and a filter that changes the size", () => {
    const space = bandSpace(WIDTH, HEIGHT, { bandRows: 10 });
    expect(() => filterBands(space, source, (rows) => rows, { haloPx: 1.5 })).toThrow(DomainError);
    const half: Filter = (rows) => createRaster(rows.data.slice(0, WIDTH), WIDTH, 1);
    expect(() => filterBands(space, source, half, { haloPx: 2 })).toThrow(ShapeError);
  });
});
