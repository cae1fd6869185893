import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createRandom,
  createRaster,
  DataError,
  DomainError,
  type LabelMap,
  type Raster,
  ShapeError,
} from "@materiome/core";
import { findTwinBands, mergeTwinBands } from "@materiome/microstructure/mosaic";
import { type FindTwinsOptions, findTwins, mergeTwins, type Twin } from "@materiome/microstructure/segment";
import { renderMicrograph, voronoiGrains } from "@materiome/microstructure/synthesis";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bandSpace } from "../../src/bands/bandSpace.ts";
import { memoryStore, type RowStore } from "../../src/bands/rowStore.ts";
import { allChannelRows } from "../../src/segment/channelRows.ts";
import { insertTwins } from "./insertTwins.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "twin-bands-"));
});
afterAll(() => rm(folder, { recursive: true }));

interface Case {
  readonly image?: Raster<Float32Array> | undefined;
  readonly options?: FindTwinsOptions | undefined;
  readonly isFile?: boolean;
}

const rowsOf = ({ width, height, data }: LabelMap): RowStore<Uint32Array> => memoryStore("uint32", width, height, data);

/** Twins and merged labels in bands. */
function inBands(labels: LabelMap, bandRows: number, { image, options, isFile }: Case) {
  const { width, height } = labels;
  const space = bandSpace(width, height, { bandRows, folder: isFile === true ? folder : undefined });
  const twins = findTwinBands(space, rowsOf(labels), image && allChannelRows(image), options);
  const { labels: merged, ...counts } = mergeTwinBands(space, rowsOf(labels), twins);
  const data = merged.read(0, height).slice();
  space.close();
  return { twins, data: textOf(data), ...counts };
}

/** Compared at once where arrays are compared value by value. */
const textOf = ({ buffer }: Uint32Array): string => Buffer.from(buffer).toString("latin1");

function whole(labels: LabelMap, { image, options }: Case) {
  const twins = findTwins(labels, image, options);
  const { labels: merged, ...counts } = mergeTwins(labels, twins);
  return { twins, data: textOf(merged.data), ...counts };
}

/** Grains 3 and 5 beside the lamella 4 of rows 36 … 43, in a frame of 1 and 2. */
function square(): LabelMap {
  const data = Uint32Array.from({ length: 80 * 80 }, (_, i) => {
    const [x, y] = [i % 80, Math.floor(i / 80)];
    if (x < 15 || x >= 65 || y < 15 || y >= 65) return x < 40 ? 1 : 2;
    return y < 36 ? 3 : y < 44 ? 4 : 5;
  });
  return createRaster(data, 80, 80);
}

const BAND_ROWS = [1, 7, 16, 33, 100];
const LOOSE = { maxAngleDeg: 30, minAspect: 1, minFacing: 0.51, minOutside: 0.2, maxBendPx: 5 };

describe("findTwinBands and mergeTwinBands", () => {
  it.each(BAND_ROWS)(
    "find a lamella and make one grain of it and the parts beside it, bands of %i rows",
    (bandRows) => {
      const labels = square();
      const { twins, data, nGrains, nMerged } = inBands(labels, bandRows, {});
      expect(twins).toHaveLength(1);
      const [twin] = twins as [Twin];
      expect(twin).toMatchObject({ label: 4, parents: [3, 5] });
      expect(twin.widthPx).toBeCloseTo(8, 5);
      expect(twin.orientationDeg).toBeCloseTo(0, 5);
      expect([nGrains, nMerged]).toEqual([3, 2]);
      expect(data).toBe(textOf(labels.data.map((label) => Math.min(label, 3))));
      expect(textOf(labels.data)).toBe(textOf(square().data)); // not changed
    },
  );

  it("give the twins, numbers and labels of the whole image, with grey and colour", () => {
    for (const seed of [1, 2]) {
      const mosaic = voronoiGrains({ width: 210, height: 260, nGrains: 40, relaxations: seed }, createRandom(seed));
      const { labels } = insertTwins(mosaic, 0.7, createRandom(seed + 10));
      const grey = renderMicrograph(mosaic, { grainContrast: 0.2 }, createRandom(seed));
      const colour = createRaster(
        Float32Array.from({ length: 3 * grey.data.length }, (_, i) => grey.data[Math.floor(i / 3)]! ** (1 + (i % 3))),
        210,
        260,
        { channels: 3 },
      );
      for (const image of [undefined, grey, colour]) {
        for (const options of [{}, LOOSE]) {
          const expected = whole(labels, { image, options });
          expect(expected.twins.length).toBeGreaterThan(8);
          for (const [k, bandRows] of BAND_ROWS.entries()) {
            const isFile = k % 2 === 0;
            expect(inBands(labels, bandRows, { image, options, isFile })).toEqual(expected);
          }
        }
      }
    }
  });

  it("do so on noise with gaps in the labels, of any size", () => {
    let nTwins = 0;
    fc.assert(
      fc.property(
        fc.record({
          width: fc.integer({ min: 1, max: 50 }),
          height: fc.integer({ min: 1, max: 50 }),
          bandRows: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 30 })),
          block: fc.integer({ min: 3, max: 25 }),
          noise: fc.constantFrom(0, 0.05, 0.3),
          seed: fc.nat(1e6),
        }),
        ({ width, height, bandRows, block, noise, seed }) => {
          const random = createRandom(seed);
          const data = Uint32Array.from({ length: width * height }, (_, i) => {
            const [x, y] = [i % width, Math.floor(i / width)];
            // Strips of alternating width; 0 is among the labels.
            const strip = 2 * Math.floor(y / block) + (y % block < block / 3 ? 1 : 0);
            return 5 * (strip + 40 * Math.floor(x / (3 * block))) + (random.next() < noise ? 5 : 0);
          });
          const labels = createRaster(data, width, height);
          const image = createRaster(
            Float32Array.from(data, () => random.next()),
            width,
            height,
          );
          const options = { ...LOOSE, minOutside: 0, maxParentDifference: 3 };
          for (const input of [{ options }, { image, options }]) {
            const found = inBands(labels, bandRows, input);
            expect(found).toEqual(whole(labels, input));
            nTwins += found.twins.length;
          }
        },
      ),
      { seed: 7, numRuns: 80 },
    );
    expect(nTwins).toBeGreaterThan(50);
  });

  it("leave no file", async () => {
    inBands(square(), 9, { isFile: true });
    expect(await readdir(folder)).toEqual([]);
  });

  it("refuse other sizes, NaN in the image, bad options, and twins of another map", () => {
    const labels = square();
    const space = bandSpace(80, 80, { bandRows: 11 });
    const grey = (value: number) => memoryStore("float32", 80, 80, new Float32Array(6400).fill(value, 6000));
    expect(findTwinBands(space, rowsOf(labels), grey(0.5))).toHaveLength(1);
    expect(() => findTwinBands(space, rowsOf(labels), grey(Number.NaN))).toThrow(DomainError);
    expect(() => findTwins(labels, createRaster(grey(Infinity).read(0, 80), 80, 80))).toThrow(/NaN or infinite/);
    expect(() => findTwinBands(space, memoryStore("uint32", 80, 81))).toThrow(ShapeError);
    expect(() => findTwinBands(space, rowsOf(labels), memoryStore("float32", 79, 80))).toThrow(ShapeError);
    expect(() => findTwinBands(space, rowsOf(labels), undefined, { minFacing: 0.5 })).toThrow(DomainError);
    const [twin] = findTwins(labels) as [Twin];
    for (const label of [0, 9]) {
      expect(() => mergeTwinBands(space, rowsOf(labels), [{ ...twin, label }])).toThrow(DataError);
      expect(() => mergeTwinBands(space, rowsOf(labels), [{ ...twin, parents: [3, label] }])).toThrow(DataError);
    }
    expect(() => mergeTwinBands(space, memoryStore("uint32", 8, 8), [])).toThrow(ShapeError);
  });
});
