import { createRandom, createRaster, DomainError, ShapeError } from "@materiome/core";
import {
  clearBorderBands,
  greyHistogramBands,
  localThresholdBands,
  type RowReader,
  reconstructByDilationBands,
  reconstructByErosionBands,
  removeSmallHoleBands,
  removeSmallObjectBands,
  thresholdBands,
} from "@materiome/microstructure/mosaic";
import {
  clearBorder,
  greyHistogram,
  type LocalThresholdMethod,
  localThreshold,
  reconstructByDilation,
  reconstructByErosion,
  removeSmallHoles,
  removeSmallObjects,
  thresholdImage,
} from "@materiome/microstructure/segment";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BandSpace, bandSpace } from "../../src/bands/bandSpace.ts";
import { memoryStore } from "../../src/bands/rowStore.ts";

const cases = fc.record({
  width: fc.integer({ min: 1, max: 14 }),
  height: fc.integer({ min: 1, max: 22 }),
  bandRows: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 9 })),
  nLevels: fc.constantFrom(2, 4, 300),
  connectivity: fc.constantFrom<4 | 8>(4, 8),
  seed: fc.nat(1e9),
});

/** Calls `check` with random grey in bands and whole. */
function forRandom(
  check: (one: { space: BandSpace; grey: Float32Array; other: Float32Array; connectivity: 4 | 8 }) => void,
): void {
  fc.assert(
    fc.property(cases, ({ width, height, bandRows, nLevels, connectivity, seed }) => {
      const random = createRandom(seed);
      const draw = (): Float32Array =>
        Float32Array.from({ length: width * height }, () => random.int(nLevels) / nLevels);
      check({ space: bandSpace(width, height, { bandRows }), grey: draw(), other: draw(), connectivity });
    }),
    { seed: 3, numRuns: 120 },
  );
}

const whole = <T>({ height }: BandSpace, rows: RowReader<T>): T => rows.read(0, height);

describe("removeSmallObjectBands, removeSmallHoleBands, clearBorderBands", () => {
  it("keep parts that only a seam cuts small, fill holes over seams, clear what touches the border in one band", () => {
    const mask = Uint8Array.from([...".....", ".###.", ".#.#.", ".#.#.", ".###.", "....#"].join(""), (c) =>
      c === "#" ? 1 : 0,
    );
    const text = ({ width, height }: BandSpace, rows: RowReader<Uint8Array>): string[] =>
      Array.from({ length: height }, (_, y) => [...rows.read(y, y + 1)].map((v) => ".#"[v]).join("")).filter(
        (row) => row.length === width,
      );
    for (const bandRows of [1, 2, 4, 6]) {
      const space = bandSpace(5, 6, { bandRows });
      const rows = memoryStore("uint8", 5, 6, mask);
      const four = { connectivity: 4 } as const;
      const ring = [".....", ".###.", ".#.#.", ".#.#.", ".###.", "....."];
      expect(text(space, removeSmallObjectBands(space, rows, 10, four))).toEqual(ring);
      expect(text(space, clearBorderBands(space, rows, four))).toEqual(ring);
      const solid = [".....", ".###.", ".###.", ".###.", ".###.", "....#"];
      expect(text(space, removeSmallHoleBands(space, rows, 3))).toEqual(solid);
      expect(text(space, removeSmallHoleBands(space, rows, 2))).toEqual(text(space, rows));
    }
  });

  it("give what they give for the whole image", () => {
    forRandom(({ space, grey, connectivity }) => {
      const { width, height } = space;
      const data = Uint8Array.from(grey, (value) => (value >= 0.5 ? 1 : 0));
      const mask = createRaster(data, width, height);
      const rows = memoryStore("uint8", width, height, data);
      const options = { connectivity };
      for (const area of [2, 4]) {
        const objects = removeSmallObjectBands(space, rows, area, options);
        expect(whole(space, objects)).toEqual(removeSmallObjects(mask, area, options).data);
        const holes = removeSmallHoleBands(space, rows, area, options);
        expect(whole(space, holes)).toEqual(removeSmallHoles(mask, area, options).data);
      }
      expect(whole(space, clearBorderBands(space, rows, options))).toEqual(clearBorder(mask, options).data);
    });
    const space = bandSpace(3, 3);
    expect(() => removeSmallObjectBands(space, memoryStore("uint8", 3, 3), -1)).toThrow(DomainError);
    expect(() => clearBorderBands(space, memoryStore("uint8", 3, 2))).toThrow(ShapeError);
  });
});

describe("reconstructByDilationBands, reconstructByErosionBands", () => {
  it("give what they give for the whole image", () => {
    forRandom(({ space, grey, other, connectivity }) => {
      const { width, height } = space;
      const low = grey.map((value, i) => Math.min(value, other[i]!) - 0.25);
      const rows = (data: Float32Array) => memoryStore("float32", width, height, data);
      const raster = (data: Float32Array) => createRaster(data, width, height);
      const options = { connectivity };
      const grown = reconstructByDilationBands(space, rows(low), rows(grey), options);
      expect(whole(space, grown)).toEqual(reconstructByDilation(raster(low), raster(grey), options).data);
      const lowered = reconstructByErosionBands(space, rows(grey), rows(low), options);
      expect(whole(space, lowered)).toEqual(reconstructByErosion(raster(grey), raster(low), options).data);
    });
  });

  it("refuse a marker on the wrong side of the mask, with the pixel, and NaN", () => {
    const space = bandSpace(1, 4, { bandRows: 2 });
    const rows = (...values: number[]) => memoryStore("float32", 1, 4, Float32Array.from(values));
    const flat = rows(0, 0, 0, 0);
    expect(() => reconstructByDilationBands(space, rows(0, 0, 0, 0.5), flat)).toThrow(
      /reconstructByDilation: marker must not exceed mask; at pixel 3 it is 0.5 and mask 0/,
    );
    expect(() => reconstructByErosionBands(space, rows(0, 0, -0.5, 0), flat)).toThrow(/pixel 2 it is -0.5 and mask 0/);
    expect(() => reconstructByDilationBands(space, flat, rows(0, Number.NaN, 0, 0))).toThrow(/pixel 1 is NaN/);
  });
});

describe("greyHistogramBands", () => {
  // Ten pixels each of 0, 3, …, 60, a row a grey; the mask leaves rows 5 … 9 out.
  const grey = Float32Array.from({ length: 210 }, (_, i) => 3 * Math.floor(i / 10));
  const inside = Uint8Array.from({ length: 210 }, (_, i) => (i >= 50 && i < 100 ? 0 : 1));
  const source = memoryStore("float32", 10, 21, grey);
  const mask = memoryStore("uint8", 10, 21, inside);

  it.each([1, 7, 21])("counts every pixel once, bands of %i rows", (bandRows) => {
    const space = bandSpace(10, 21, { bandRows });
    expect(greyHistogramBands(space, source, { bins: 3 })).toEqual({
      counts: Float64Array.of(70, 70, 70),
      min: 0,
      max: 60,
    });
    expect(greyHistogramBands(space, source, { bins: 3, mask }).counts).toEqual(Float64Array.of(50, 40, 70));
    const range = [30, 63] as const;
    expect(greyHistogramBands(space, source, { bins: 11, range }).counts).toEqual(
      Float64Array.from({ length: 11 }, (_, k) => (k === 0 ? 110 : 10)), // what lies below counts in the first
    );
  });

  it("gives what greyHistogram gives for the whole image", () => {
    const random = createRandom(7);
    const noise = grey.map((value) => value * random.next());
    for (const options of [{}, { bins: 7 }, { range: [2, 9] as const }]) {
      const expected = greyHistogram(createRaster(noise, 10, 21), { ...options, mask: createRaster(inside, 10, 21) });
      for (const bandRows of [1, 7, 21]) {
        const space = bandSpace(10, 21, { bandRows });
        expect(greyHistogramBands(space, memoryStore("float32", 10, 21, noise), { ...options, mask })).toEqual(
          expected,
        );
      }
    }
  });

  it("refuses one grey, other sizes and NaN, but where it is masked", () => {
    const space = bandSpace(10, 21, { bandRows: 4 });
    expect(() => greyHistogramBands(space, memoryStore("float32", 10, 21))).toThrow(/greyHistogram: .*uniform/);
    expect(() => greyHistogramBands(bandSpace(10, 20), source)).toThrow(ShapeError);
    expect(() => greyHistogramBands(space, source, { mask: memoryStore("uint8", 21, 10) })).toThrow(ShapeError);
    const broken = memoryStore("float32", 10, 21, grey.slice().fill(Number.NaN, 97, 100));
    expect(() => greyHistogramBands(space, broken)).toThrow(/3 pixels are NaN/);
    expect(greyHistogramBands(space, broken, { bins: 3, mask }).counts).toEqual(Float64Array.of(50, 40, 70));
  });
});

describe("thresholdBands", () => {
  const methods = ["otsu", "li", "triangle", "yen", "isodata", "multi-otsu", "manual", "hysteresis"] as const;

  it.each(methods)("gives what thresholdImage gives for the whole image: %s", (method) => {
    const random = createRandom(4);
    const [width, height] = [23, 40];
    const grey = Float32Array.from({ length: width * height }, () => random.next() ** 3 + 0.2 * random.int(3));
    const inside = Uint8Array.from(grey, () => (random.next() < 0.8 ? 1 : 0));
    const given = { manual: [0.4], hysteresis: [0.7, 0.3] };
    const thresholds = method === "manual" || method === "hysteresis" ? given[method] : undefined;
    for (const foreground of ["bright", "dark"] as const) {
      for (const mask of [undefined, inside]) {
        const expected = thresholdImage(createRaster(grey, width, height), {
          method,
          foreground,
          thresholds,
          bins: 100,
          mask: mask && createRaster(mask, width, height),
        });
        for (const bandRows of [1, 7, 40]) {
          const space = bandSpace(width, height, { bandRows });
          const found = thresholdBands(space, memoryStore("float32", width, height, grey), {
            method,
            foreground,
            thresholds,
            bins: 100,
            mask: mask && memoryStore("uint8", width, height, mask),
          });
          expect(found.thresholds).toEqual(expected.thresholds);
          expect(whole(space, found.mask)).toEqual(expected.mask.data);
          expect(found.nForeground).toBe(expected.mask.data.reduce((sum, v) => sum + v, 0));
          expect(found.nForeground).toBeGreaterThan(0);
        }
      }
    }
  });

  it("refuses thresholds that are missing, unknown methods, NaN and a uniform image", () => {
    const space = bandSpace(2, 4, { bandRows: 1 });
    const rows = memoryStore("float32", 2, 4, Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7));
    expect(() => thresholdBands(space, rows, { method: "hysteresis", thresholds: [1] })).toThrow(/needs 2 finite/);
    expect(() => thresholdBands(space, rows, { method: "best" as "li" })).toThrow(/unknown method "best"/);
    expect(() => thresholdBands(space, memoryStore("float32", 2, 4))).toThrow(/uniform/);
    const broken = memoryStore("float32", 2, 4, Float32Array.of(0, 1, 2, 3, 4, 5, 6, Number.NaN));
    expect(() => thresholdBands(space, broken)).toThrow(/1 pixels are NaN/);
    expect(() => thresholdBands(bandSpace(2, 5), rows)).toThrow(ShapeError);
  });
});

describe("localThresholdBands", () => {
  it("gives the thresholds of the whole image to the last bit, windows larger than bands and image among them", () => {
    const methods: readonly LocalThresholdMethod[] = ["sauvola", "niblack", "local-mean", "local-gaussian"];
    forRandom(({ space, grey }) => {
      const { width, height } = space;
      for (const method of methods) {
        for (const windowPx of [3, 9, 61]) {
          const options = { method, windowPx, offset: 0.1 };
          const found = localThresholdBands(space, memoryStore("float32", width, height, grey), options);
          expect(whole(space, found)).toEqual(localThreshold(createRaster(grey, width, height), options).data);
        }
      }
    });
  });

  it("refuses other sizes, NaN and an even window", () => {
    const rows = memoryStore("float32", 3, 3, new Float32Array(9).fill(Number.NaN, 8));
    expect(() => localThresholdBands(bandSpace(3, 4), rows)).toThrow(ShapeError);
    expect(() => localThresholdBands(bandSpace(3, 3), rows)).toThrow(/1 pixels are NaN/);
    const zero = memoryStore("float32", 3, 3);
    expect(() => localThresholdBands(bandSpace(3, 3), zero, { windowPx: 4 })).toThrow(/odd/);
  });
});
