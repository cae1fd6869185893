import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, createRaster, DomainError, type Raster, ShapeError } from "@materiome/core";
import { segmentParticleBands, segmentPoreBands } from "@materiome/microstructure/mosaic";
import { segmentParticles, segmentPores } from "@materiome/microstructure/segment";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BandSpace, bandSpace } from "../../src/bands/bandSpace.ts";
import { memoryStore, type RowReader } from "../../src/bands/rowStore.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "particle-bands-"));
});
afterAll(() => rm(folder, { recursive: true }));

interface Look {
  readonly matrix: number;
  readonly disc: number;
  readonly noise: number;
  readonly shading?: number;
}

/** Discs at random places, many of them touching, some cut by the border, some with a hole. */
function discs(seed: number, { matrix, disc, noise, shading = 0 }: Look): Raster<Float32Array> {
  const width = 100;
  const height = 108;
  const random = createRandom(seed);
  const data = new Float32Array(width * height).fill(matrix);
  for (let k = 0; k < 22; k++) {
    const cx = width * random.next();
    const cy = height * random.next();
    const radius = 4 + 9 * random.next();
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const r = Math.hypot(x - cx, y - cy);
        if (r < radius) data[i] = k % 4 === 0 && r < radius / 3 ? matrix : disc;
      }
    }
  }
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const light = 1 + shading * (x / width + y / height - 1);
      data[i] = Math.min(1, Math.max(0, data[i]! * light + noise * random.normal()));
    }
  }
  return createRaster(data, width, height, { pixelSizeUm: 0.5 });
}

type Run = readonly [bandRows: number, isFile: boolean];
const runs: readonly Run[] = [
  [1, false],
  [7, true],
  [16, false],
  [33, true],
  [100, false],
];

function inBands<R>(
  image: Raster<Float32Array>,
  [bandRows, isFile]: Run,
  segment: (space: BandSpace, grey: RowReader<Float32Array>) => R,
): R {
  const { width, height, data } = image;
  const space = bandSpace(width, height, { bandRows, folder: isFile ? folder : undefined });
  return segment(space, memoryStore("float32", width, height, data));
}

describe("segmentParticleBands", () => {
  it.each([
    ["bright", { matrix: 0.3, disc: 0.8, noise: 0.005 }, {}],
    ["dark, uneven light", { matrix: 0.7, disc: 0.3, noise: 0.03, shading: 0.25 }, {}],
    ["noisy", { matrix: 0.35, disc: 0.6, noise: 0.08 }, { splitNeck: 0.5, minAreaUm2: 5 }],
    ["holes open, not cut", { matrix: 0.3, disc: 0.8, noise: 0 }, { fillHoles: false, splitNeck: 0 }],
    ["not flattened, threshold given", { matrix: 0.3, disc: 0.7, noise: 0.02 }, { flatten: false, threshold: 0.5 }],
  ])("gives the labels of the whole image: %s", (_name, look, options) => {
    const image = discs(5, look);
    const { labels, ...whole } = segmentParticles(image, options);
    expect(whole.nParticles).toBeGreaterThan(5);
    for (const run of runs) {
      const bands = inBands(image, run, (space, grey) =>
        segmentParticleBands(space, grey, { ...options, pixelSizeUm: 0.5 }),
      );
      const { labels: store, ...rest } = bands;
      expect(rest).toEqual(whole);
      expect(store.read(0, image.height)).toEqual(labels.data);
    }
  });

  it("refuses what segmentParticles refuses", () => {
    const flat = createRaster(new Float32Array(900).fill(0.5), 30, 30);
    expect(() => inBands(flat, [7, true], segmentParticleBands)).toThrow(/uniform/);
    expect(() => inBands({ ...flat, data: flat.data.map(() => NaN) }, [7, true], segmentParticleBands)).toThrow(/NaN/);
    expect(() => segmentParticleBands(bandSpace(4, 4), memoryStore("float32", 4, 4))).toThrow(ShapeError);
    expect(() => segmentParticleBands(bandSpace(30, 20), memoryStore("float32", 30, 30))).toThrow(ShapeError);
    const image = discs(1, { matrix: 0.3, disc: 0.8, noise: 0 });
    const limited = (space: BandSpace, grey: RowReader<Float32Array>) =>
      segmentParticleBands(space, grey, { minAreaUm2: 1 });
    expect(() => inBands(image, [16, false], limited)).toThrow(DomainError);
  });
});

describe("segmentPoreBands", () => {
  it.each([
    ["deep", { matrix: 0.7, disc: 0.1, noise: 0.01 }, {}],
    ["uneven light, holes filled, cut", { matrix: 0.7, disc: 0.2, noise: 0.03, shading: 0.3 }, { splitNeck: 0.7 }],
    ["depth given", { matrix: 0.6, disc: 0.35, noise: 0.02 }, { minDepth: 0.1, edgeLevel: 0.3, fillHoles: true }],
  ])("gives the labels of the whole image: %s", (_name, look, options) => {
    const image = discs(5, look);
    const { labels, ...whole } = segmentPores(image, options);
    expect(whole.nPores).toBeGreaterThan(3);
    for (const run of runs) {
      const bands = inBands(image, run, (space, grey) => segmentPoreBands(space, grey, options));
      const { labels: store, ...rest } = bands;
      expect(rest).toEqual(whole);
      expect(store.read(0, image.height)).toEqual(labels.data);
    }
  });

  it("drains a basin that winds through the seams at its far end", () => {
    const size = 40;
    const trench = (isOpen: boolean): Raster<Float32Array> => {
      const data = new Float32Array(size * size).fill(0.6);
      const fill = (x0: number, y0: number, x1: number, y1: number, value: number): void => {
        for (let y = y0; y < y1; y++) data.fill(value, y * size + x0, y * size + x1);
      };
      fill(2, 2, 38, 38, 0.95);
      for (let k = 0; k < 5; k++) {
        fill(6 + 6 * k, 6, 8 + 6 * k, 32, 0.1);
        if (k < 4) fill(6 + 6 * k, k % 2 === 0 ? 30 : 6, 14 + 6 * k, k % 2 === 0 ? 32 : 8, 0.1);
      }
      if (isOpen) fill(5, 0, 9, 6, 0.6);
      return createRaster(data, size, size);
    };
    for (const [isOpen, nPores] of [[true, 0] as const, [false, 1] as const]) {
      for (const run of [...runs, [40, false] as const]) {
        const found = inBands(trench(isOpen), run, (space, grey) => segmentPoreBands(space, grey, { minDepth: 0.6 }));
        expect(found.nPores).toBe(nPores);
      }
    }
  });

  it("finds no pore in an image of one grey", () => {
    const flat = createRaster(new Float32Array(900).fill(0.5), 30, 30);
    for (const run of runs) expect(inBands(flat, run, segmentPoreBands).nPores).toBe(0);
  });
});
