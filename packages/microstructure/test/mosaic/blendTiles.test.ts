import { createRandom, createRaster, DomainError, type Raster, type Segmenter } from "@materiome/core";
import { bandSpace, segmentTiles } from "@materiome/microstructure/mosaic";
import { withTestTimeAugmentation } from "@materiome/microstructure/patches";
import { describe, expect, it } from "vitest";
import { memoryStore } from "../../src/bands/rowStore.ts";

const WIDTH = 83;
const HEIGHT = 61;
const random = createRandom(2);
const grey = Float32Array.from({ length: WIDTH * HEIGHT }, () => random.next());

function segmenter(halo: number, probability: (tile: Raster<Float32Array>, x: number, y: number) => number): Segmenter {
  return {
    module: "none",
    toJSON: () => ({ type: "test", version: 1, params: null, state: null }),
    classes: ["dark", "bright"],
    halo,
    async segmentTile(tile): Promise<Raster<Float32Array>> {
      const { width, height } = tile;
      const out = new Float32Array(2 * width * height);
      for (let y = 0, i = 0; y < height; y++) {
        for (let x = 0; x < width; x++, i++) {
          const p = probability(tile, x, y);
          out[2 * i] = 1 - p;
          out[2 * i + 1] = p;
        }
      }
      return createRaster(out, width, height, { channels: 2 });
    },
  };
}

/** Mean over 5 × 5, cut at the border of the tile: with a halo of 2 the same for all tiles. */
const smooth = segmenter(2, ({ data, width, height }, x, y) => {
  let sum = 0;
  let n = 0;
  for (let v = Math.max(0, y - 2); v <= Math.min(height - 1, y + 2); v++) {
    for (let u = Math.max(0, x - 2); u <= Math.min(width - 1, x + 2); u++, n++) sum += data[v * width + u]!;
  }
  return sum / n;
});

const run = async (asked: Segmenter, options: Parameters<typeof segmentTiles>[3]) => {
  const space = bandSpace(WIDTH, HEIGHT, { bandRows: 16 });
  const found = await segmentTiles(space, memoryStore("float32", WIDTH, HEIGHT, grey), asked, {
    probabilityOf: "bright",
    ...options,
  });
  return {
    probability: found.probability!.read(0, HEIGHT).slice(),
    classes: found.classes.read(0, HEIGHT).slice(),
    variance: found.variance?.read(0, HEIGHT).slice(),
    uncertainty: found.uncertainty?.read(0, HEIGHT).slice(),
    counts: found.counts,
  };
};

const furthest = (one: Float32Array, other: Float32Array): number =>
  one.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i]!)), 0);

describe("segmentTiles with blended seams", () => {
  it("gives what one tile gives, for a segmenter that does not care where tiles lie", async () => {
    const whole = await run(smooth, { tilePx: 512, hasUncertainty: true });
    for (const [tilePx, blendPx, blendWindow] of [
      [16, 4, "hann"],
      [16, 8, "linear"],
      [40, 7, "hann"],
      [30, 15, "linear"],
      [60, 3, "hann"],
      [512, 100, "hann"],
      [2, 1, "hann"],
    ] as const) {
      const blended = await run(smooth, { tilePx, blendPx, blendWindow, hasUncertainty: true });
      expect(furthest(blended.probability, whole.probability)).toBeLessThan(1e-6);
      expect(furthest(blended.uncertainty!, whole.uncertainty!)).toBeLessThan(1e-5);
      const changed = blended.classes.reduce((n, code, i) => n + (code === whole.classes[i] ? 0 : 1), 0);
      expect(changed).toBe(0);
      expect(blended.counts).toEqual(whole.counts);
    }
  });

  it("shows no step where tiles of different opinion meet, and none inside them", async () => {
    let asked = 0;
    const opinionated = (): Segmenter => {
      asked = 0;
      const inner = segmenter(0, () => 0);
      return {
        ...inner,
        segmentTile: async (tile) => {
          const p = (asked++ * 0.37) % 1;
          return createRaster(
            Float32Array.from({ length: 2 * tile.width * tile.height }, (_, i) => (i % 2 === 0 ? 1 - p : p)),
            tile.width,
            tile.height,
            { channels: 2 },
          );
        },
      };
    };
    const steps = ({ probability }: { readonly probability: Float32Array }): number => {
      let most = 0;
      for (let y = 1; y < HEIGHT; y++) {
        for (let x = 1; x < WIDTH; x++) {
          const value = probability[y * WIDTH + x]!;
          const beside = Math.abs(value - probability[y * WIDTH + x - 1]!);
          most = Math.max(most, beside, Math.abs(value - probability[(y - 1) * WIDTH + x]!));
        }
      }
      return most;
    };
    expect(steps(await run(opinionated(), { tilePx: 24 }))).toBeGreaterThan(0.3);
    // A step of at most 1 over 2 · 12 px: 1/24 a pixel straight, π/2 of that at the steepest of a cosine.
    expect(steps(await run(opinionated(), { tilePx: 24, blendPx: 12, blendWindow: "linear" }))).toBeLessThan(1 / 24);
    expect(steps(await run(opinionated(), { tilePx: 24, blendPx: 12 }))).toBeLessThan(Math.PI / 2 / 24);
  });

  it("reads no more than a band of tiles with its overlap and halo", async () => {
    let most = 0;
    const store = memoryStore("float32", WIDTH, HEIGHT, grey);
    const reader = {
      ...store,
      read: (from: number, to: number) => {
        most = Math.max(most, to - from);
        return store.read(from, to);
      },
    };
    await segmentTiles(bandSpace(WIDTH, HEIGHT), reader, smooth, { tilePx: 12, blendPx: 4 });
    expect(most).toBe(12 + 2 * 4 + 2 * 2);
  });

  it("keeps the variance of views, cut or blended alike", async () => {
    const left = segmenter(1, ({ data, width }, x, y) => (x > 0 ? data[y * width + x - 1]! : 0.5));
    const steadier = withTestTimeAugmentation(left);
    const whole = await run(steadier, { hasVariance: true });
    expect(Math.max(...whole.variance!)).toBeGreaterThan(0.05);
    for (const options of [{ tilePx: 20 }, { tilePx: 20, blendPx: 6 }]) {
      const tiled = await run(steadier, { hasVariance: true, ...options });
      expect(furthest(tiled.probability, whole.probability)).toBeLessThan(1e-6);
      expect(furthest(tiled.variance!, whole.variance!)).toBeLessThan(1e-6);
    }
    await expect(run(left, { hasVariance: true })).rejects.toThrow(/withTestTimeAugmentation/);
  });

  it("refuses overlaps that do not fit", async () => {
    for (const blendPx of [-1, 0.5, 9]) {
      await expect(run(smooth, { tilePx: 16, blendPx })).rejects.toThrow(DomainError);
    }
    await expect(run(smooth, { blendWindow: "box" as "hann" })).rejects.toThrow(/blendWindow/);
  });
});
