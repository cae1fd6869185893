import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, createRaster, DataError, DomainError, ShapeError } from "@materiome/core";
import { type LayerThicknessBandsOptions, layerThicknessBands } from "@materiome/microstructure/mosaic";
import { layerThickness } from "@materiome/microstructure/segment";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bandSpace } from "../../src/bands/bandSpace.ts";
import { memoryStore } from "../../src/bands/rowStore.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "layer-bands-"));
});
afterAll(() => rm(folder, { recursive: true }));

interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

function maskOf(width: number, height: number, inside: (x: number, y: number) => boolean): Mask {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    inside(i % width, Math.floor(i / width)) ? 1 : 0,
  );
  return { width, height, data };
}

function inBands({ width, height, data }: Mask, bandRows: number, options: LayerThicknessBandsOptions = {}) {
  return layerThicknessBands(
    bandSpace(width, height, { bandRows }),
    memoryStore("uint8", width, height, data),
    options,
  );
}

/** A wavy layer across or down, with gaps, holes, specks and slopes that lead it out of the image. */
function drawn(seed: number, longest: number): Mask {
  const random = createRandom(seed);
  const [width, height] = [1 + random.int(longest), 1 + random.int(longest)];
  const isTall = random.int(2) === 1;
  const middle = random.next() * (isTall ? width : height);
  const slope = (random.next() - 0.5) * random.int(3);
  const [half, amplitude, wavelength] = [1 + 15 * random.next(), 8 * random.next(), 10 + 60 * random.next()];
  const [gapFrom, gap] = [random.next() * longest, random.int(2) * 30 * random.next()];
  const noise = random.int(3) === 0 ? 0.03 : 0;
  return maskOf(width, height, (x, y) => {
    const [along, across] = isTall ? [y, x] : [x, y];
    const centre = middle + slope * along + amplitude * Math.sin((2 * Math.PI * along) / wavelength);
    const isLayer = Math.abs(across - centre) < half && !(along > gapFrom && along < gapFrom + gap);
    return random.next() < noise ? !isLayer : isLayer;
  });
}

const outcome = (measure: () => unknown): unknown => {
  try {
    return measure();
  } catch (error) {
    return (error as Error).message;
  }
};

describe("layerThicknessBands", () => {
  it.each([1, 7, 33, 100])("is exact for slabs along the bands and across them, bands of %i rows", (bandRows) => {
    const flat = inBands(
      maskOf(130, 70, (_, y) => y >= 20 && y < 41),
      bandRows,
      { pixelSizeUm: 0.5 },
    );
    expect(flat.inPx.mean).toBeCloseTo(21, 3);
    expect(flat.inUm?.mean).toBeCloseTo(10.5, 3);
    expect(Math.abs(flat.inPx.length - 130)).toBeLessThanOrEqual(1);
    expect(flat.inPx.upperRa).toBeLessThan(1e-3);
    const upright = inBands(
      maskOf(70, 130, (x, y) => x >= 20 && x < 41 && (y < 50 || y >= 80)),
      bandRows,
    );
    expect(upright.inPx.mean).toBeCloseTo(21, 1);
    expect([upright.nPieces, upright.nInterruptions]).toEqual([2, 1]);
    expect(Math.abs(upright.coverage - 10 / 13)).toBeLessThan(0.02);
  });

  it("gives the numbers of the whole image to the last bit, for any layer, band and option", () => {
    let nMeasured = 0;
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.nat(1e9),
          bandRows: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 })),
          fillHoles: fc.boolean(),
          spansField: fc.boolean(),
          minPieceShare: fc.constantFrom(undefined, 0, 0.3),
          cutoffPx: fc.constantFrom(undefined, 12),
        }),
        ({ seed, bandRows, ...options }) => {
          const mask = drawn(seed, 70);
          const whole = outcome(() => layerThickness(createRaster(mask.data, mask.width, mask.height), options));
          expect(outcome(() => inBands(mask, bandRows, options))).toEqual(whole);
          if (typeof whole === "object") nMeasured++;
        },
      ),
      { seed: 5, numRuns: 60 },
    );
    expect(nMeasured).toBeGreaterThan(20);
  });

  it.each([1, 16, 100])("does so from a label map in files, and leaves none: bands of %i rows", async (bandRows) => {
    // Of 20 px round an arc that leaves the image on both sides, between two other layers.
    const [width, height] = [160, 150];
    const data = Uint32Array.from({ length: width * height }, (_, i) => {
      const r = Math.hypot((i % width) - 80, Math.floor(i / width) - 190);
      return r > 120 ? 1 : r > 100 ? 2 : 3;
    });
    const space = bandSpace(width, height, { bandRows, folder });
    const stored = space.store("uint32");
    stored.write(0, data);
    const options = { label: 2, pixelSizeUm: 0.25 };
    const found = layerThicknessBands(space, stored, options);
    expect(found).toEqual(layerThickness(createRaster(data, width, height, { pixelSizeUm: 0.25 }), { label: 2 }));
    expect(Math.abs(found.inPx.mean - 20)).toBeLessThan(0.25);
    expect(Math.abs((found.inUm?.mean ?? 0) - 5)).toBeLessThan(0.07);
    expect(stored.read(0, height)).toEqual(data);
    space.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it("refuses an empty mask, another size than that of the space and bad options", () => {
    const slab = maskOf(40, 30, (_, y) => y > 10 && y < 20);
    expect(() =>
      inBands(
        maskOf(40, 30, () => false),
        7,
      ),
    ).toThrow(DataError);
    expect(() => inBands(slab, 7, { label: 2 })).toThrow(/label 2 holds no region/);
    expect(() => inBands(slab, 7, { minPieceShare: 2 })).toThrow(DomainError);
    expect(() => inBands(slab, 7, { cutoffPx: 1 })).toThrow(DomainError);
    expect(() => layerThicknessBands(bandSpace(40, 31), memoryStore("uint8", 40, 30, slab.data))).toThrow(ShapeError);
  });
});
