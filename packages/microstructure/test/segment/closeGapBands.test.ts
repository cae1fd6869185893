import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, createRaster, DomainError, type Raster, ShapeError } from "@materiome/core";
import { bandSpace, closeGapBands, memoryStore } from "@materiome/microstructure/mosaic";
import { type CloseGapsOptions, closeGaps } from "@materiome/microstructure/segment";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gap-bands-"));
});
afterAll(() => rm(folder, { recursive: true }));

function inBands(
  { width, height, data }: Raster<Uint8Array>,
  bandRows: number,
  options: CloseGapsOptions,
  file = false,
) {
  const space = bandSpace(width, height, { bandRows, folder: file ? folder : undefined });
  const { mask, ...found } = closeGapBands(space, memoryStore("uint8", width, height, data), options);
  const closed = mask.read(0, height).slice();
  space.close();
  return { ...found, mask: closed };
}

function whole(mask: Raster<Uint8Array>, options: CloseGapsOptions) {
  const { mask: closed, ...found } = closeGaps(mask, options);
  return { ...found, mask: closed.data };
}

/** Boundaries of grains, `thickness` px, of which pieces are missing: ends of lines everywhere. */
function brokenMesh(width: number, height: number, nGrains: number, seed: number, thickness = 1): Raster<Uint8Array> {
  const random = createRandom(seed);
  const labels = voronoiGrains({ width, height, nGrains: Math.min(nGrains, width * height) }, random).data;
  const gaps = Array.from({ length: 3 * nGrains }, () => [random.int(width), random.int(height), 1 + random.int(6)]);
  const data = Uint8Array.from(labels, (label, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    if (gaps.some(([u = 0, v = 0, r = 0]) => Math.hypot(x - u, y - v) < r)) return 0;
    for (let step = 1; step <= thickness; step++) {
      if (x + step < width && labels[i + step] !== label) return 255;
      if (y + step < height && labels[i + step * width] !== label) return 255;
    }
    return 0;
  });
  return createRaster(data, width, height);
}

describe("closeGapBands", () => {
  it.each([1, 3, 10, 12, 100])(
    "joins a line across seams, and leads one to the border: bands of %i rows",
    (bandRows) => {
      // Column 5, broken over rows 8 … 13, ends two pixels above the border of the image.
      const data = Uint8Array.from({ length: 11 * 30 }, (_, i) => {
        const y = Math.floor(i / 11);
        return i % 11 === 5 && (y < 8 || y > 13) && y < 28 ? 1 : 0;
      });
      const { mask, links, nEnds, nOpen } = inBands(createRaster(data, 11, 30), bandRows, { maxGapPx: 8 });
      expect(links).toEqual([
        { from: { x: 5, y: 27 }, to: { x: 5, y: 29 }, kind: "border" },
        { from: { x: 5, y: 7 }, to: { x: 5, y: 14 }, kind: "end" },
      ]);
      expect([nEnds, nOpen]).toEqual([4, 1]); // the first pixel lies on the border already
      expect(mask.reduce((sum, v) => sum + v, 0)).toBe(30);
    },
  );

  it.each([1, 4, 100])(
    "leads an end whose partner another end has taken to the next line: bands of %i rows",
    (bandRows) => {
      const picture = [
        "...............#....",
        "...............#....",
        "######.........#....",
        "...............#....",
        "....................",
        "#######....########.",
        "....................",
        "....................",
        "....................",
      ];
      const data = Uint8Array.from(picture.join(""), (c) => (c === "#" ? 1 : 0));
      const { links } = inBands(createRaster(data, 20, 9), bandRows, { toBorder: false });
      expect(links).toEqual([
        { from: { x: 15, y: 3 }, to: { x: 15, y: 5 }, kind: "line" },
        { from: { x: 6, y: 5 }, to: { x: 11, y: 5 }, kind: "end" },
        { from: { x: 5, y: 2 }, to: { x: 15, y: 2 }, kind: "line" },
      ]);
    },
  );

  const mesh = brokenMesh(180, 240, 60, 5, 2);
  const options = { maxGapPx: 14 };
  it.each([1, 7, 16, 33, 100])("gives links and mask of the whole picture, bands of %i rows", (bandRows) => {
    const expected = whole(mesh, options);
    expect(expected.links.length).toBeGreaterThan(40);
    const found = inBands(mesh, bandRows, options, bandRows === 16);
    expect({ ...found, mask: undefined }).toEqual({ ...expected, mask: undefined });
    expect(Buffer.compare(found.mask, expected.mask)).toBe(0);
  });

  it("does so for any size, band and option", async () => {
    fc.assert(
      fc.property(
        fc.record({
          width: fc.integer({ min: 1, max: 60 }),
          height: fc.integer({ min: 1, max: 90 }),
          bandRows: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 })),
          nGrains: fc.integer({ min: 1, max: 30 }),
          thickness: fc.integer({ min: 1, max: 4 }),
          seed: fc.nat(1e6),
          maxGapPx: fc.double({ min: 1, max: 30, noNaN: true }),
          maxTurnDeg: fc.integer({ min: 0, max: 90 }),
          directionPx: fc.double({ min: 1, max: 12, noNaN: true }),
          minLinePx: fc.integer({ min: 1, max: 6 }),
          toBorder: fc.boolean(),
        }),
        ({ width, height, bandRows, nGrains, thickness, seed, ...limits }) => {
          const mask = brokenMesh(width, height, nGrains, seed, thickness);
          expect(inBands(mask, bandRows, limits)).toEqual(whole(mask, limits));
        },
      ),
      { seed: 15, numRuns: 80 },
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it("refuses bad options and a mask of another size than the space", () => {
    expect(() => inBands(mesh, 7, { maxGapPx: 0.5 })).toThrow(DomainError);
    expect(() => closeGapBands(bandSpace(20, 31), memoryStore("uint8", 20, 30))).toThrow(ShapeError);
  });
});
