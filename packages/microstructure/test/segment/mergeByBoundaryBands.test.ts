import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, createRaster, DomainError, type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { mergeByBoundaryBands } from "@materiome/microstructure/mosaic";
import { type MergeByBoundaryOptions, mergeByBoundary } from "@materiome/microstructure/segment";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bandSpace } from "../../src/bands/bandSpace.ts";
import { memoryStore } from "../../src/bands/rowStore.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "boundary-bands-"));
});
afterAll(() => rm(folder, { recursive: true }));

function inBands(
  labels: LabelMap,
  strength: Raster<Float32Array>,
  bandRows: number,
  options: MergeByBoundaryOptions,
  isFile = false,
) {
  const { width, height } = labels;
  const space = bandSpace(width, height, { bandRows, folder: isFile ? folder : undefined });
  const { labels: joined, ...counts } = mergeByBoundaryBands(
    space,
    memoryStore("uint32", width, height, labels.data),
    memoryStore("float32", width, height, strength.data),
    options,
  );
  const data = joined.read(0, height).slice();
  space.close();
  return { data: textOf(data), ...counts };
}

/** Compared at once where arrays are compared value by value. */
const textOf = ({ buffer }: Uint32Array): string => Buffer.from(buffer).toString("latin1");

const BAND_ROWS = [1, 7, 16, 33, 100];

describe("mergeByBoundaryBands", () => {
  it.each(BAND_ROWS)("pools the borders of joined regions across seams, bands of %i rows", (bandRows) => {
    // Columns 1 and 2 | 3 | 0 and 4, 40 rows: the border of 1 and 2 is weak, that of 2 and 3 strong in its lower half only.
    const row = [1, 1, 2, 2, 3, 3, 0, 4, 4];
    const labels = createRaster(
      Uint32Array.from({ length: 360 }, (_, i) => row[i % 9]!),
      9,
      40,
    );
    const strength = createRaster(
      Float32Array.from({ length: 360 }, (_, i) => (i % 9 === 1 ? 0.1 : i % 9 === 3 ? (i < 180 ? 0.2 : 0.8) : 0)),
      9,
      40,
    );
    const rowsOf = (joined: readonly number[]) => Uint32Array.from({ length: 360 }, (_, i) => joined[i % 9]!);
    const untouched = labels.data.slice();
    expect(inBands(labels, strength, bandRows, { maxStrength: 0.49 })).toEqual({
      data: textOf(rowsOf([1, 1, 1, 1, 2, 2, 0, 3, 3])),
      n: 3,
      nMerged: 1,
    });
    expect(inBands(labels, strength, bandRows, { maxStrength: 0.51 })).toEqual({
      data: textOf(rowsOf([1, 1, 1, 1, 1, 1, 0, 2, 2])),
      n: 2,
      nMerged: 2,
    });
    expect(textOf(labels.data)).toBe(textOf(untouched));
  });

  it.each(BAND_ROWS)("leaves ends near a third region out of the mean, bands of %i rows", (bandRows) => {
    // 1 beside 2 over 3: the border of 1 and 2 is weak but near 3, rows 18 and 19.
    const labels = createRaster(
      Uint32Array.from({ length: 400 }, (_, i) => (i < 200 ? (i % 10 < 5 ? 1 : 2) : 3)),
      10,
      40,
    );
    const strength = createRaster(
      Float32Array.from({ length: 400 }, (_, i) => (i >= 180 && i < 200 ? 1 : 0)),
      10,
      40,
    );
    const options = { maxStrength: 0.02 };
    expect(inBands(labels, strength, bandRows, { ...options, endPx: 0 }).n).toBe(3);
    expect(inBands(labels, strength, bandRows, { ...options, endPx: 2 }).n).toBe(2);
    expect(inBands(labels, strength, bandRows, { ...options, endPx: 40 }).n).toBe(3); // all ends: judged whole
  });

  it("gives the labels of the whole image for any size, band and option", () => {
    fc.assert(
      fc.property(
        fc.record({
          width: fc.integer({ min: 1, max: 40 }),
          height: fc.integer({ min: 1, max: 60 }),
          bandRows: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 30 })),
          nLabels: fc.constantFrom(2, 9, 200),
          nLevels: fc.constantFrom(1, 2, 5, 1000), // few levels: many borders of equal strength
          maxStrength: fc.constantFrom(undefined, 0.3, 0.6, 2),
          minAreaPx: fc.constantFrom(0, 3, 30),
          endPx: fc.integer({ min: 0, max: 5 }),
          seed: fc.nat(1e6),
        }),
        ({ width, height, bandRows, nLabels, nLevels, seed, ...options }) => {
          const random = createRandom(seed);
          const size = width * height;
          const labels = createRaster(
            Uint32Array.from({ length: size }, () => random.int(nLabels)),
            width,
            height,
          );
          const strength = createRaster(
            Float32Array.from({ length: size }, () => random.int(nLevels) / nLevels),
            width,
            height,
          );
          const { labels: whole, ...counts } = mergeByBoundary(labels, strength, options);
          expect(inBands(labels, strength, bandRows, options)).toEqual({ data: textOf(whole.data), ...counts });
        },
      ),
      { seed: 5, numRuns: 120 },
    );
  });

  it.each([1, 7, 40])("does so in files, with zeros between some grains: %i rows", async (bandRows) => {
    const grains = voronoiGrains({ width: 90, height: 300, nGrains: 900 }, createRandom(3));
    const labels = createRaster(
      grains.data.map((label) => (label % 11 === 0 ? 0 : label)),
      90,
      300,
    );
    const random = createRandom(4);
    const strength = createRaster(
      Float32Array.from({ length: 27000 }, () => random.next()),
      90,
      300,
    );
    const options = { maxStrength: 0.64, minAreaPx: 40, endPx: 2 };
    const { labels: whole, ...counts } = mergeByBoundary(labels, strength, options);
    expect(counts.n).toBeGreaterThan(100);
    expect(counts.nMerged).toBeGreaterThan(100);
    expect(inBands(labels, strength, bandRows, options, true)).toEqual({ data: textOf(whole.data), ...counts });
    expect(await readdir(folder)).toEqual([]);
  });

  it("refuses strengths that are not finite, other sizes and bad options", () => {
    const space = bandSpace(4, 3, { bandRows: 1 });
    const labels = memoryStore("uint32", 4, 3, new Uint32Array(12).fill(1));
    const strength = (value: number) => memoryStore("float32", 4, 3, new Float32Array(12).fill(value, 7));
    expect(mergeByBoundaryBands(space, labels, strength(1)).n).toBe(1);
    expect(() => mergeByBoundaryBands(space, labels, strength(Number.NaN))).toThrow(/5 pixels are NaN or infinite/);
    expect(() => mergeByBoundaryBands(space, labels, strength(Infinity))).toThrow(DomainError);
    expect(() => mergeByBoundaryBands(space, labels, memoryStore("float32", 3, 4))).toThrow(ShapeError);
    expect(() => mergeByBoundaryBands(space, memoryStore("uint32", 4, 4), strength(1))).toThrow(/label map is 4 × 4/);
    for (const options of [{ maxStrength: Number.NaN }, { minAreaPx: -1 }, { endPx: 1.5 }]) {
      expect(() => mergeByBoundaryBands(space, labels, strength(1), options)).toThrow(DomainError);
    }
  });
});
