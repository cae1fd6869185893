import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, createRaster, DomainError, type Raster, ShapeError } from "@materiome/core";
import { segmentLayerBands } from "@materiome/microstructure/mosaic";
import { type SegmentLayersOptions, segmentLayers } from "@materiome/microstructure/segment";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bandSpace } from "../../src/bands/bandSpace.ts";
import { memoryStore } from "../../src/bands/rowStore.ts";
import { transposeBands } from "../../src/bands/transposeBands.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "layer-bands-"));
});
afterAll(() => rm(folder, { recursive: true }));

const RUNS = [
  [1, false],
  [7, true],
  [16, false],
  [33, true],
  [100, false],
] as const;

/** Three layers whose interfaces wave and tilt, with pores in them. */
function layers(width: number, height: number, isVertical: boolean, noise: number): Raster<Float32Array> {
  const random = createRandom(2);
  const along = isVertical ? height : width;
  const across = isVertical ? width : height;
  const data = new Float32Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const [s, t] = isVertical ? [y, x] : [x, y];
      const first = across * (0.3 + 0.05 * Math.sin((9 * s) / along) + (0.1 * s) / along);
      const second = across * (0.7 + 0.06 * Math.cos((14 * s) / along));
      const isPore = (s % 17) + (t % 13) < 3;
      const grey = isPore ? 0 : t < first ? 0.25 : t < second ? 0.6 : 0.4;
      data[i] = Math.min(1, Math.max(0, grey + noise * random.normal()));
    }
  }
  return createRaster(data, width, height);
}

describe("segmentLayerBands", () => {
  it.each<[string, boolean, number, SegmentLayersOptions]>([
    ["horizontal", false, 0.03, {}],
    ["vertical", true, 0.03, {}],
    ["noisy, steep slopes", false, 0.12, { nLayers: 4, maxSlope: 5 }],
    ["across the layers", true, 0.05, { direction: "horizontal", nLayers: 2, maxSlope: 1 }],
  ])("gives the labels of the whole image: %s", (_name, isVertical, noise, options) => {
    const image = layers(70, 103, isVertical, noise);
    const { labels, ...whole } = segmentLayers(image, options);
    expect(whole.nLayers).toBeGreaterThan(1);
    if (options.direction === undefined) expect(whole.direction).toBe(isVertical ? "vertical" : "horizontal");
    for (const [bandRows, isFile] of RUNS) {
      const space = bandSpace(70, 103, { bandRows, folder: isFile ? folder : undefined });
      const { labels: store, ...rest } = segmentLayerBands(space, memoryStore("float32", 70, 103, image.data), options);
      expect(rest).toEqual(whole);
      expect(store.read(0, 103)).toEqual(labels.data);
      space.close();
    }
  });

  it("follows interfaces to the pixel in an image without noise", () => {
    const [width, height] = [60, 64];
    const line = (x: number): number => 30 + Math.round(6 * Math.sin(x / 14));
    const data = Float32Array.from({ length: width * height }, (_, i) =>
      Math.floor(i / width) < line(i % width) ? 0.2 : 0.8,
    );
    const space = bandSpace(width, height, { bandRows: 9 });
    const { interfaces } = segmentLayerBands(space, memoryStore("float32", width, height, data), { nLayers: 2 });
    expect(interfaces).toHaveLength(1);
    for (const [x, y] of interfaces[0]!.entries()) expect(Math.abs(y - line(x))).toBeLessThanOrEqual(1);
  });

  it("refuses what segmentLayers refuses", () => {
    const space = bandSpace(32, 32, { bandRows: 7, folder });
    const flat = memoryStore("float32", 32, 32, new Float32Array(1024).fill(0.5));
    expect(() => segmentLayerBands(space, flat)).toThrow(/no layers/);
    expect(() => segmentLayerBands(space, flat, { nLayers: 13 })).toThrow(DomainError);
    expect(() => segmentLayerBands(space, flat, { maxSlope: 9 })).toThrow(DomainError);
    expect(() => segmentLayerBands(bandSpace(8, 8), memoryStore("float32", 8, 8))).toThrow(ShapeError);
    space.close();
  });
});

describe("transposeBands", () => {
  it.each([
    [1, 9, 3],
    [40, 5, 2],
    [70, 33, 33],
    [37, 70, 16],
    [12, 7, 1],
  ])("exchanges rows and columns of %i × %i px in bands of %i rows", (width, height, bandRows) => {
    const random = createRandom(width);
    const data = Float32Array.from({ length: width * height }, () => random.next());
    for (const place of [folder, undefined]) {
      const space = bandSpace(width, height, { bandRows, folder: place });
      const turned = transposeBands(space, memoryStore("float32", width, height, data));
      expect([turned.width, turned.height]).toEqual([height, width]);
      const rows = turned.read(0, width);
      const wrong = data.findIndex((value, i) => rows[(i % width) * height + Math.floor(i / width)] !== value);
      expect(wrong).toBe(-1);
      space.close();
    }
  });
});
