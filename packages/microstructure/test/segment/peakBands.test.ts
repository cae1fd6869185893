import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, createRaster, DomainError, ShapeError } from "@materiome/core";
import {
  hMaximaBands,
  hMinimaBands,
  localMaximaBands,
  type RowReader,
  regionalMaximaBands,
  regionalMinimaBands,
} from "@materiome/microstructure/mosaic";
import { hMaxima, hMinima, localMaxima, regionalMaxima, regionalMinima } from "@materiome/microstructure/segment";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BandSpace, bandSpace } from "../../src/bands/bandSpace.ts";
import { memoryStore } from "../../src/bands/rowStore.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "peak-bands-"));
});
afterAll(() => rm(folder, { recursive: true }));

const whole = <T>({ height }: BandSpace, rows: RowReader<T>): T => rows.read(0, height);

/** An image of digits. */
const digits = (...rows: string[]): Float32Array => Float32Array.from([...rows.join("")], Number);

interface Case {
  readonly space: BandSpace;
  readonly data: Float32Array;
  readonly connectivity: 4 | 8;
}

/** Random greys, few of which make plateaus over seams; in bands of any height, in memory or in files. */
function forRandom(check: (one: Case) => void): void {
  fc.assert(
    fc.property(
      fc.record({
        width: fc.integer({ min: 1, max: 16 }),
        height: fc.integer({ min: 1, max: 26 }),
        bandRows: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 11 })),
        nLevels: fc.constantFrom(1, 2, 3, 5, 400),
        connectivity: fc.constantFrom<4 | 8>(4, 8),
        isFile: fc.boolean(),
        seed: fc.nat(1e9),
      }),
      ({ width, height, bandRows, nLevels, connectivity, isFile, seed }) => {
        const random = createRandom(seed);
        // Levels on either side of 0, −0 among them.
        const data = Float32Array.from({ length: width * height }, () => -random.int(nLevels) / 4 + random.int(2));
        const space = bandSpace(width, height, { bandRows, folder: isFile ? folder : undefined });
        check({ space, data, connectivity });
        space.close();
      },
    ),
    { seed: 11, numRuns: 60 },
  );
}

/** Heights of random images are multiples of twice this. */
const LESS_THAN_A_LEVEL = 1 / 8;

/** Places within `reach`, the larger of |dx| and |dy|, of a pixel; of 4 neighbours those of its row and column. */
function around(i: number, width: number, height: number, reach: number, connectivity: 4 | 8 = 8): number[] {
  const found: number[] = [];
  const [x, y] = [i % width, Math.floor(i / width)];
  for (let yy = Math.max(0, y - reach); yy <= Math.min(height - 1, y + reach); yy++) {
    for (let xx = Math.max(0, x - reach); xx <= Math.min(width - 1, x + reach); xx++) {
      if ((xx !== x || yy !== y) && (connectivity === 8 || xx === x || yy === y)) found.push(yy * width + xx);
    }
  }
  return found;
}

/** By definition: what is reached from each pixel without going below it by `h` or more; a peak meets nothing higher there. */
function peaksByDefinition({ space: { width, height }, data, connectivity }: Case, h: number): Uint8Array {
  return Uint8Array.from(data, (value, start) => {
    const seen = new Set([start]);
    for (const i of seen) {
      if (data[i]! > value) return 0;
      for (const j of around(i, width, height, 1, connectivity)) if (data[j]! > value - h) seen.add(j);
    }
    return 1;
  });
}

describe("regionalMaximaBands and regionalMinimaBands", () => {
  // The arch of 2 has its feet on different seams, the ground goes all around it.
  const arch = ["11111", "12221", "12021", "12121", "12121", "11111"];
  const higher = arch.with(4, "13121");

  it.each([1, 2, 4, 6])("follow plateaus up and down over seams, bands of %i rows", (bandRows) => {
    const find = (image: readonly string[], isMinima: boolean): string[] => {
      const space = bandSpace(5, 6, { bandRows });
      const rows = memoryStore("float32", 5, 6, digits(...image));
      const found = isMinima ? regionalMinimaBands(space, rows, { connectivity: 4 }) : regionalMaximaBands(space, rows);
      return Array.from({ length: 6 }, (_, y) => found.read(y, y + 1).join(""));
    };
    expect(find(arch, false)).toEqual(["00000", "01110", "01010", "01010", "01010", "00000"]);
    expect(find(higher, false)).toEqual(["00000", "00000", "00000", "00000", "01000", "00000"]);
    expect(find(arch, true)).toEqual(["00000", "00000", "00100", "00000", "00000", "00000"]);
    expect(find(arch.with(2, "12121"), true)).toEqual(["11111", "10001", "10101", "10101", "10101", "11111"]);
  });

  it("find what they find in the whole image, which is so by definition", () => {
    forRandom((one) => {
      const { space, data, connectivity } = one;
      const { width, height } = space;
      const rows = memoryStore("float32", width, height, data);
      const raster = createRaster(data, width, height);
      const peaks = whole(space, regionalMaximaBands(space, rows, { connectivity })).slice();
      expect(peaks).toEqual(regionalMaxima(raster, { connectivity }).data);
      expect(peaks).toEqual(peaksByDefinition(one, LESS_THAN_A_LEVEL));
      const valleys = whole(space, regionalMinimaBands(space, rows, { connectivity })).slice();
      expect(valleys).toEqual(regionalMinima(raster, { connectivity }).data);
      expect(valleys).toEqual(peaksByDefinition({ ...one, data: data.map((v) => -v) }, LESS_THAN_A_LEVEL));
    });
  });
});

describe("hMaximaBands and hMinimaBands", () => {
  it.each([1, 2, 3, 7])("know saddles far from the peaks, bands of %i rows", (bandRows) => {
    // Peaks of 9 and 8 on the left, joined by way of the right side over a saddle of 5: the lower has a dynamics of 3.
    const image = digits("9765", "0005", "8765");
    const space = bandSpace(4, 3, { bandRows });
    const rows = memoryStore("float32", 4, 3, image);
    const peaks = (h: number) => [...whole(space, hMaximaBands(space, rows, h))];
    expect(peaks(3)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
    expect(peaks(3.001)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const deep = memoryStore(
      "float32",
      4,
      3,
      image.map((v) => -v),
    );
    expect([...whole(space, hMinimaBands(space, deep, 3))]).toEqual(peaks(3));
    expect([...whole(space, hMinimaBands(space, deep, 3.001))]).toEqual(peaks(3.001));
  });

  it("find what they find in the whole image, which is so by definition", () => {
    forRandom((one) => {
      const { space, data, connectivity } = one;
      const { width, height } = space;
      const rows = memoryStore("float32", width, height, data);
      const raster = createRaster(data, width, height);
      for (const h of [0.5, 1.75]) {
        const peaks = whole(space, hMaximaBands(space, rows, h, { connectivity })).slice();
        expect(peaks).toEqual(hMaxima(raster, h, { connectivity }).data);
        expect(peaks).toEqual(peaksByDefinition(one, h));
        const valleys = whole(space, hMinimaBands(space, rows, h, { connectivity })).slice();
        expect(valleys).toEqual(hMinima(raster, h, { connectivity }).data);
        expect(valleys).toEqual(peaksByDefinition({ ...one, data: data.map((v) => -v) }, h));
      }
    });
  });

  it("tell heights apart that single precision does not: f − h is not rounded to it", () => {
    const [low, high] = [1, 1 + 2 ** -23];
    const space = bandSpace(1, 3, { bandRows: 1 });
    const rows = memoryStore("float32", 1, 3, Float32Array.of(low, 0, high));
    expect([...whole(space, hMaximaBands(space, rows, 1))]).toEqual([1, 0, 1]);
    expect([...whole(space, hMaximaBands(space, rows, 1 + 2 ** -24))]).toEqual([0, 0, 1]);
  });
});

/** Candidates that nothing within the distance exceeds, by falling height, then in raster order, each unless near one before. */
function spacedByDefinition({ space: { width, height }, data }: Case, spacing: number, threshold: number): Uint32Array {
  const markers = new Uint32Array(data.length);
  let n = 0;
  const places = Array.from(data, (_, i) => i).sort((a, b) => data[b]! - data[a]! || a - b);
  for (const i of places) {
    const near = around(i, width, height, spacing);
    if (data[i]! > threshold && near.every((j) => data[j]! <= data[i]! && markers[j] === 0)) markers[i] = ++n;
  }
  return markers;
}

describe("localMaximaBands", () => {
  it.each([1, 2, 3, 5])("take the first of equal peaks over seams, bands of %i rows", (bandRows) => {
    const space = bandSpace(3, 5, { bandRows });
    const rows = memoryStore("float32", 3, 5, digits("404", "000", "040", "000", "906"));
    const found = (minDistancePx: number, threshold?: number) => {
      const { markers, n } = localMaximaBands(space, rows, { minDistancePx, threshold });
      return { n, markers: [...whole(space, markers)] };
    };
    expect(found(1, 0)).toEqual({ n: 5, markers: [3, 0, 4, 0, 0, 0, 0, 5, 0, 0, 0, 0, 1, 0, 2] });
    expect(found(2)).toEqual({ n: 2, markers: [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0] });
    expect(found(9, 8.5)).toEqual({ n: 1, markers: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0] });
    expect(found(1, 9)).toEqual({ n: 0, markers: new Array(15).fill(0) });
  });

  it.each([1, 5, 12])(
    "leave out what is as high as the threshold beside a wide plateau, bands of %i rows",
    (bandRows) => {
      const space = bandSpace(12, 12, { bandRows });
      const data = new Float32Array(144).fill(9, 0, 72);
      data[143] = 4;
      const count = (threshold: number) =>
        localMaximaBands(space, memoryStore("float32", 12, 12, data), { minDistancePx: 3, threshold }).n;
      expect([count(3.9), count(4), count(9)]).toEqual([7, 6, 0]); // one on every 4 × 4 px of the plateau
    },
  );

  it("finds what is found in the whole image, which is so by definition", () => {
    forRandom((one) => {
      const { space, data } = one;
      const { width, height } = space;
      const rows = memoryStore("float32", width, height, data);
      for (const minDistancePx of [1, 3, 8, 40]) {
        const found = (threshold?: number): Uint32Array => {
          const { markers, n } = localMaximaBands(space, rows, { minDistancePx, threshold });
          const drawn = whole(space, markers).slice();
          markers.close();
          const expected = localMaxima(createRaster(data, width, height), { minDistancePx, threshold });
          expect({ drawn, n }).toEqual({ drawn: expected.markers.data, n: expected.n });
          expect(drawn).toEqual(spacedByDefinition(one, minDistancePx, threshold ?? -Infinity));
          return drawn;
        };
        const all = found();
        const lowest = data.filter((_, i) => all[i]! > 0).reduce((a, b) => Math.min(a, b));
        found(lowest); // peaks lie above it: those as high fall away
      }
    });
  });
});

describe("peaks in bands", () => {
  const all: readonly [string, (space: BandSpace, rows: RowReader<Float32Array>) => RowReader<unknown>][] = [
    ["hMaxima", (space, rows) => hMaximaBands(space, rows, 1)],
    ["hMinima", (space, rows) => hMinimaBands(space, rows, 1)],
    ["regionalMaxima", regionalMaximaBands],
    ["regionalMinima", regionalMinimaBands],
    ["localMaxima", (space, rows) => localMaximaBands(space, rows).markers],
  ];

  it.each(all)("of %s leave the image as it was, and no file", async (_, find) => {
    const space = bandSpace(8, 12, { bandRows: 5, folder });
    const random = createRandom(8);
    const data = Float32Array.from({ length: 96 }, () => random.int(4));
    const stored = space.store("float32");
    stored.write(0, data);
    find(space, stored);
    expect(stored.read(0, 12)).toEqual(data);
    space.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(all)("of %s refuse NaN, infinite pixels and another size than that of the space", (name, find) => {
    const broken = memoryStore("float32", 2, 3, Float32Array.of(0, 1, Number.NaN, 0, Infinity, 1));
    expect(() => find(bandSpace(2, 3, { bandRows: 1 }), broken)).toThrow(
      new DomainError(`${name}: 2 pixels are NaN or infinite; replace them or leave them out by a mask`),
    );
    expect(() => find(bandSpace(2, 4), memoryStore("float32", 2, 3))).toThrow(ShapeError);
  });

  it("refuse options out of range", () => {
    const space = bandSpace(2, 3, { bandRows: 1 });
    const rows = memoryStore("float32", 2, 3);
    for (const h of [0, -1, Infinity, Number.NaN]) {
      expect(() => hMaximaBands(space, rows, h)).toThrow(/hMaxima: h must be above 0/);
      expect(() => hMinimaBands(space, rows, h)).toThrow(/hMinima: h must be above 0/);
    }
    const connectivity = 6 as 4;
    expect(() => hMaximaBands(space, rows, 1, { connectivity })).toThrow(DomainError);
    expect(() => regionalMinimaBands(space, rows, { connectivity })).toThrow(DomainError);
    for (const minDistancePx of [0, 1.5, Number.NaN])
      expect(() => localMaximaBands(space, rows, { minDistancePx })).toThrow(/minDistancePx must be a whole number/);
    expect(() => localMaximaBands(space, rows, { threshold: Number.NaN })).toThrow(/threshold is NaN/);
  });
});
