import { createRandom, createRaster, DomainError, type Raster, type Segmenter, ShapeError } from "@materiome/core";
import { readTestTimeAugmentation, withTestTimeAugmentation } from "@materiome/microstructure/patches";
import { describe, expect, it } from "vitest";
import { undoView } from "../../src/kernels/index.ts";

const WIDTH = 7;
const HEIGHT = 5;
const random = createRandom(1);
const tile = createRaster(
  Float32Array.from({ length: WIDTH * HEIGHT }, () => random.next()),
  WIDTH,
  HEIGHT,
);

/** Two classes; the probability of the second by a function of the tile and the place. */
function segmenter(probability: (tile: Raster<Float32Array>, x: number, y: number) => number): Segmenter {
  return {
    module: "none",
    toJSON: () => ({ type: "test", version: 1, params: null, state: null }),
    classes: ["a", "b"],
    halo: 3,
    async segmentTile(seen): Promise<Raster<Float32Array>> {
      const out = new Float32Array(seen.data.length * 2);
      for (let y = 0, i = 0; y < seen.height; y++) {
        for (let x = 0; x < seen.width; x++, i++) {
          const p = probability(seen, x, y);
          out[2 * i] = 1 - p;
          out[2 * i + 1] = p;
        }
      }
      return createRaster(out, seen.width, seen.height, { channels: 2 });
    },
  };
}

describe("withTestTimeAugmentation", () => {
  it("of a segmenter that treats all directions alike changes nothing, its variance is 0", async () => {
    const plain = segmenter(({ data, width }, x, y) => data[y * width + x]!);
    const { mean, variance } = await withTestTimeAugmentation(plain).segmentTileVariance(tile);
    const expected = (await plain.segmentTile(tile)).data;
    for (const [i, value] of mean.data.entries()) expect(value).toBeCloseTo(expected[i]!, 6);
    for (const value of variance.data) expect(value).toBeLessThan(1e-12);
  });

  it("is the mean over the eight views of one that sees the left", async () => {
    // The neighbour to the left, in the eight views: each of the four neighbours twice.
    const left = segmenter(({ data, width }, x, y) => (x > 0 ? data[y * width + x - 1]! : 0));
    const { mean, variance } = await withTestTimeAugmentation(left).segmentTileVariance(tile);
    const flips = await withTestTimeAugmentation(left, { views: "flips" }).segmentTile(tile);
    const at = (x: number, y: number): number =>
      x >= 0 && y >= 0 && x < WIDTH && y < HEIGHT ? tile.data[y * WIDTH + x]! : 0;
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++) {
        const seen = [at(x - 1, y), at(x + 1, y), at(x, y - 1), at(x, y + 1)];
        const average = seen.reduce((a, b) => a + b, 0) / 4;
        const i = 2 * (y * WIDTH + x) + 1;
        expect(mean.data[i]).toBeCloseTo(average, 6);
        expect(mean.data[i - 1]).toBeCloseTo(1 - average, 6);
        expect(variance.data[i]).toBeCloseTo(seen.reduce((sum, v) => sum + (v - average) ** 2, 0) / 4, 6);
        expect(flips.data[i]).toBeCloseTo((seen[0]! + seen[1]!) / 2, 6);
      }
    }
  });

  it("each view has one that undoes it, of the eight", () => {
    const undone = Array.from({ length: 8 }, (_, view) => undoView(view));
    expect([...undone].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(undone.map(undoView)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it("is a segmenter of the same classes and halo, stored with the one inside", async () => {
    const inner = segmenter(() => 0.5);
    const wrapped = withTestTimeAugmentation(inner, { views: "flips" });
    expect([wrapped.classes, wrapped.halo]).toEqual([["a", "b"], 3]);
    const stored: unknown = JSON.parse(JSON.stringify(wrapped));
    const seen: unknown[] = [];
    const read = await readTestTimeAugmentation(stored, async (data) => {
      seen.push(data);
      return inner;
    });
    expect(seen).toEqual([{ type: "test", version: 1, params: null, state: null }]);
    expect(read.toJSON()).toEqual(wrapped.toJSON());
    await expect(readTestTimeAugmentation({ type: "x" }, async () => inner)).rejects.toThrow();
  });

  it("refuses unknown views, and a segmenter that returns another size", async () => {
    expect(() =>
      withTestTimeAugmentation(
        segmenter(() => 1),
        { views: "all" as "flips" },
      ),
    ).toThrow(DomainError);
    const wrong = { ...segmenter(() => 1), classes: ["a"] };
    await expect(withTestTimeAugmentation(wrong).segmentTile(tile)).rejects.toThrow(ShapeError);
  });
});
