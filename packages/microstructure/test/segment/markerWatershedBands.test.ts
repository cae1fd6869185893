import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, createRaster, DomainError, type Random, ShapeError } from "@materiome/core";
import { markerWatershedBands } from "@materiome/microstructure/mosaic";
import { type MarkerWatershedOptions, markerWatershed } from "@materiome/microstructure/segment";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bandSpace } from "../../src/bands/bandSpace.ts";
import { memoryStore, type RowReader } from "../../src/bands/rowStore.ts";
import { compactWatershed, type FloodRow, markerWatershed as floodLevels } from "../../src/kernels/index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "watershed-bands-"));
});
afterAll(() => rm(folder, { recursive: true }));

interface Task {
  readonly width: number;
  readonly height: number;
  readonly relief: Uint8Array | Float32Array;
  readonly markers: Uint32Array;
  readonly mask?: Uint8Array | undefined;
}
type Options = Omit<MarkerWatershedOptions, "mask">;

function whole({ width, height, relief, markers, mask }: Task, options: Options): Uint32Array {
  return markerWatershed(createRaster(relief, width, height), createRaster(markers, width, height), {
    ...options,
    mask: mask && createRaster(mask, width, height),
  }).data;
}

function inBands({ width, height, relief, markers, mask }: Task, options: Options, bandRows: number, isFile = false) {
  const space = bandSpace(width, height, { bandRows, folder: isFile ? folder : undefined });
  const image =
    relief instanceof Uint8Array
      ? memoryStore("uint8", width, height, relief)
      : memoryStore("float32", width, height, relief);
  const stored = memoryStore("uint32", width, height, markers);
  let nReads = 0;
  const counted: RowReader<Uint32Array> = {
    ...stored,
    read(from, to) {
      if (++nReads > 100 * space.nBands) throw new Error("the bands do not settle");
      return stored.read(from, to);
    },
  };
  const labels = markerWatershedBands(space, image, counted, {
    ...options,
    mask: mask && memoryStore("uint8", width, height, mask),
  });
  const data = labels.read(0, height).slice();
  space.close();
  return data;
}

/** Mask of one corridor that winds over the whole image, along the rows or across them; of random holes; or none. */
function randomMask(kind: string, width: number, height: number, random: Random): Uint8Array | undefined {
  const isOpen = (x: number, y: number): boolean => {
    if (kind === "across") return x % 2 === 0 || y === (x % 4 === 1 ? 0 : height - 1);
    if (kind === "along") return y % 2 === 0 || x === (y % 4 === 1 ? 0 : width - 1);
    return random.next() < 0.75;
  };
  if (kind === "none") return undefined;
  return Uint8Array.from({ length: width * height }, (_, i) => (isOpen(i % width, Math.floor(i / width)) ? 1 : 0));
}

/** Of one level, few, or all different ones. */
function randomTask(width: number, height: number, nLevels: number, kind: string, random: Random): Task {
  const size = width * height;
  const relief = Float32Array.from({ length: size }, () => random.int(nLevels));
  const markers = new Uint32Array(size);
  for (let k = 0; k < 8; k++) markers[random.int(size)] = 1 + random.int(8);
  const mask = randomMask(kind, width, height, random);
  if (mask !== undefined) mask[markers.findIndex((label) => label > 0)] = 1;
  return { width, height, relief, markers, mask };
}

const sizes = {
  width: fc.integer({ min: 1, max: 18 }),
  height: fc.integer({ min: 1, max: 24 }),
  nLevels: fc.constantFrom(1, 2, 4, 16, 1 << 24),
  kind: fc.constantFrom("none", "none", "holes", "across", "along"),
  connectivity: fc.constantFrom<4 | 8>(4, 8),
  seed: fc.nat(1e9),
};

describe("markerWatershedBands", () => {
  it("gives the labels of the whole image for any relief, mask, band and option", () => {
    fc.assert(
      fc.property(
        fc.record({
          ...sizes,
          compactness: fc.constantFrom(0, 0.03, 0.7, 1, 40, 1e6),
          line: fc.boolean(),
          bandRows: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 9 })),
        }),
        ({ width, height, nLevels, kind, seed, bandRows, ...options }) => {
          const task = randomTask(width, height, nLevels, kind, createRandom(seed));
          expect(inBands(task, options, bandRows)).toEqual(whole(task, options));
        },
      ),
      { seed: 5, numRuns: 600 },
    );
  });

  it.each([1, 7, 16, 33, 100])("does so on a larger relief, in files, bands of %i rows", (bandRows) => {
    const random = createRandom(bandRows);
    const [width, height] = [70, 100];
    const relief = Float32Array.from(
      { length: width * height },
      (_, i) => Math.sin((i % width) / 4) * Math.cos(i / width / 5) + 0.3 * random.next(),
    );
    const markers = new Uint32Array(width * height);
    for (let k = 1; k <= 40; k++) markers[random.int(markers.length)] = k;
    for (const options of [{}, { line: true }, { compactness: 0.05 }, { compactness: 0.05, line: true }]) {
      const task = { width, height, relief, markers };
      expect(inBands(task, options, bandRows, true)).toEqual(whole(task, options));
    }
  });

  it("ends where floods that prove wrong would keep each other alive over the seam", () => {
    // Without taking away what came through a flood that has changed, these two rows go on for ever.
    const task = {
      width: 4,
      height: 2,
      relief: Float32Array.of(1.4, 0.6, 5.6, 1.9, 5.6, 1.3, 2, 1.5),
      mask: Uint8Array.of(1, 1, 1, 0, 1, 0, 1, 1),
      markers: Uint32Array.of(0, 0, 2, 6, 0, 7, 6, 0),
    };
    const options = { compactness: 4.85, line: true, connectivity: 8 } as const;
    expect(inBands(task, options, 1)).toEqual(whole(task, options));
  });

  it("draws a line beside a marker that the band below holds, however late its turn", () => {
    const task = { width: 2, height: 2, relief: Uint8Array.of(0, 1, 9, 9), markers: Uint32Array.of(1, 0, 0, 2) };
    for (const bandRows of [1, 2]) expect([...inBands(task, { line: true }, bandRows)]).toEqual([1, 0, 0, 2]);
  });

  it("floods levels by waves as the order of the paths says, in linear time", () => {
    const none: FloodRow = {
      priority: new Float64Array(0),
      source: new Float64Array(0),
      step: new Uint32Array(0),
      dip: new Uint32Array(0),
      label: new Uint32Array(0),
      entry: new Int32Array(0),
    };
    fc.assert(
      fc.property(fc.record(sizes), ({ width, height, nLevels, kind, connectivity, seed }) => {
        const task = randomTask(width, height, Math.min(nLevels, 1 << 16), kind, createRandom(seed));
        const { relief, mask = new Uint8Array(0), markers } = task;
        const [a, b] = [markers.slice(), markers.slice()];
        floodLevels(width, height, Uint16Array.from(relief), mask, connectivity, a);
        const grey = Float32Array.from(relief);
        compactWatershed(width, height, 0, grey, mask, connectivity, 0, false, none, none, b, none, none);
        expect(a).toEqual(b);
      }),
      { seed: 6, numRuns: 400 },
    );
  });

  it("shares a plateau between markers by distance, ties to the pixel that lies first", () => {
    const row = (...markers: number[]): Task => ({
      width: 7,
      height: 1,
      relief: new Uint8Array(7),
      markers: Uint32Array.from(markers),
    });
    expect([...inBands(row(1, 0, 0, 0, 0, 0, 2), {}, 1)]).toEqual([1, 1, 1, 1, 2, 2, 2]);
    expect([...inBands(row(2, 0, 0, 0, 0, 0, 1), { line: true }, 1)]).toEqual([2, 2, 2, 0, 1, 1, 1]);
    const column = { ...row(2, 0, 0, 0, 0, 0, 1), width: 1, height: 7 };
    for (const bandRows of [1, 2, 3, 7]) {
      expect([...inBands(column, {}, bandRows)]).toEqual([2, 2, 2, 2, 1, 1, 1]);
      expect([...inBands(column, { compactness: 0.1 }, bandRows)]).toEqual([2, 2, 2, 2, 1, 1, 1]);
      expect([...inBands(column, { line: true }, bandRows)]).toEqual([2, 2, 2, 0, 1, 1, 1]);
    }
  });

  it("takes 8-bit relief, keeps labels beyond 2³¹, leaves parts without a marker 0 and ignores NaN outside the mask", () => {
    const relief = Uint8Array.of(5, 5, 5, 5, 5, 5);
    const markers = Uint32Array.of(0, 4_000_000_000, 0, 0, 0, 0);
    const mask = Uint8Array.of(1, 1, 1, 0, 1, 1);
    const task = { width: 1, height: 6, relief, markers, mask };
    for (const options of [{}, { line: true }, { compactness: 2 }]) {
      expect([...inBands(task, options, 2)]).toEqual([4e9, 4e9, 4e9, 0, 0, 0]);
      const grey = Float32Array.of(5, 5, 5, Number.NaN, 5, 5);
      expect([...inBands({ ...task, relief: grey }, options, 2)]).toEqual([4e9, 4e9, 4e9, 0, 0, 0]);
    }
  });

  it("leaves no file, nor the rows it was given, changed", async () => {
    const task = randomTask(20, 30, 50, "holes", createRandom(8));
    const space = bandSpace(20, 30, { bandRows: 4, folder });
    const image = space.store("float32");
    image.write(0, task.relief as Float32Array);
    const markers = space.store("uint32");
    markers.write(0, task.markers);
    const labels = markerWatershedBands(space, image, markers, { line: true });
    expect(labels.read(0, 30)).toEqual(whole({ ...task, mask: undefined }, { line: true }));
    expect(image.read(0, 30)).toEqual(task.relief);
    expect(markers.read(0, 30)).toEqual(task.markers);
    space.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it("refuses NaN in any band, no marker in the mask, other sizes and bad options", () => {
    const task = randomTask(20, 30, 50, "none", createRandom(9));
    const broken = task.relief.slice();
    broken[20 * 29] = Number.NaN;
    broken[3] = Number.POSITIVE_INFINITY;
    expect(() => inBands({ ...task, relief: broken }, { line: true }, 4)).toThrow(
      /markerWatershed: 2 pixels are NaN or infinite/,
    );
    const away = task.markers.map(() => 0);
    expect(() => inBands({ ...task, markers: away }, {}, 4)).toThrow(/no marker lies inside the mask/);
    expect(() => inBands({ ...task, mask: new Uint8Array(600) }, {}, 4)).toThrow(/mask is 0 everywhere/);
    expect(() => inBands(task, { compactness: Number.NaN }, 4)).toThrow(DomainError);
    expect(() => inBands(task, { connectivity: 6 as 4 }, 4)).toThrow(/connectivity/);
    const image = memoryStore("uint8", 20, 30);
    const marks = memoryStore("uint32", 20, 30, task.markers);
    expect(() => markerWatershedBands(bandSpace(20, 31), image, marks)).toThrow(ShapeError);
    const mask = memoryStore("uint8", 19, 30);
    expect(() => markerWatershedBands(bandSpace(20, 30), image, marks, { mask })).toThrow(/the mask is 19 × 30 px/);
  });
});
