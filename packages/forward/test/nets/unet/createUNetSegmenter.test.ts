import {
  type BatchSource,
  createRandom,
  createRaster,
  DataError,
  IncompatibleError,
  ShapeError,
} from "@materiome/core";
import { reader } from "@materiome/forward";
import { beforeAll, describe, expect, it } from "vitest";
import {
  createUNetSegmenter,
  readUNetSegmenter,
  type TrainingCheckpoint,
  type UNetSegmenter,
} from "../../../src/nets/index.ts";
import { DivergenceError } from "../../../src/nets/training/trainNetwork.ts";
import { disks } from "./disks.ts";

const tiny = { filters: [4, 8], epochs: 2 };
const run = { random: createRandom(5), threads: 1 };

async function iouOf(segmenter: UNetSegmenter, source: BatchSource): Promise<number> {
  let both = 0;
  let either = 0;
  const [side, , channels] = source.imageShape;
  for (let b = 0; b < source.length; b++) {
    const { x, y, shape, weights } = await source.batch(b, createRandom(77));
    for (let n = 0; n < shape[0]; n++) {
      const size = side * side;
      const tile = createRaster(x.slice(n * size * channels, (n + 1) * size * channels), side, side, { channels });
      const { data } = await segmenter.segmentTile(tile);
      for (let p = 0; p < size; p++) {
        if (weights[n * size + p] === 0) continue;
        const found = data[2 * p + 1]! > 0.5;
        const truth = y[2 * (n * size + p) + 1]! > 0.5;
        if (found && truth) both++;
        if (found || truth) either++;
      }
    }
  }
  return both / either;
}

describe("createUNetSegmenter", () => {
  let segmenter: UNetSegmenter;

  beforeAll(async () => {
    segmenter = await createUNetSegmenter({ filters: [8, 16], epochs: 10, learningRate: 0.01 }).fit(
      disks(1, 8),
      disks(2, 2),
      run,
    );
  });

  it("learns bright disks on noise", async () => {
    expect(await iouOf(segmenter, disks(3, 4))).toBeGreaterThan(0.9);
    expect(segmenter.learningCurve[0]!.validationLoss).toBeGreaterThan(segmenter.learningCurve.at(-1)!.validationLoss);
    expect(segmenter.classes).toEqual(["matrix", "disk"]);
  });

  it("starts from a pretrained U-Net: all but the last layer, and its normalisation", async () => {
    const options = { pretrained: readUNetSegmenter(JSON.parse(JSON.stringify(segmenter))), epochs: 1 };
    const adapted = await createUNetSegmenter({ ...options, learningRate: 1e-9 }).fit(disks(4, 1), disks(5, 1), run);
    const state = (net: UNetSegmenter) => net.toJSON().state as { mean: number[]; parameters: Record<string, unknown> };
    expect(state(adapted).mean).toEqual(state(segmenter).mean);
    const learned = await createUNetSegmenter({ ...options, learningRate: 0.01 }).fit(disks(4, 2), disks(5, 1), run);
    const fresh = await createUNetSegmenter({ filters: [8, 16], epochs: 1, learningRate: 0.01 }).fit(
      disks(4, 2),
      disks(5, 1),
      run,
    );
    expect(learned.learningCurve[0]!.validationLoss).toBeLessThan(fresh.learningCurve[0]!.validationLoss);
    expect(() => createUNetSegmenter({ pretrained: segmenter, filters: [4, 8] })).toThrow(
      /filters 8, 16, asked are 4, 8/,
    );
    const colour = createUNetSegmenter({ pretrained: segmenter }).fit(
      disks(1, 1, { channels: 3 }),
      disks(2, 1, { channels: 3 }),
      run,
    );
    await expect(colour).rejects.toThrow(/takes 1 channels, the training images have 3/);
  });

  const picture = (width: number, height: number) => {
    const random = createRandom(9);
    return createRaster(
      Float32Array.from({ length: width * height }, () => 100 + 20 * random.normal()),
      width,
      height,
      { pixelSizeUm: 0.5 },
    );
  };

  it("comes back from JSON bit for bit", async () => {
    const again = readUNetSegmenter(JSON.parse(JSON.stringify(segmenter)));
    expect(JSON.stringify(again)).toBe(JSON.stringify(segmenter));
    const stored = JSON.parse(JSON.stringify(segmenter));
    expect(reader.types).toContain(stored.type);
    expect(JSON.stringify(await reader.read(stored, reader))).toBe(JSON.stringify(segmenter));
    const tile = picture(13, 9);
    const found = await segmenter.segmentTile(tile);
    expect(await again.segmentTile(tile)).toEqual(found);
    expect(found).toMatchObject({ width: 13, height: 9, channels: 2, pixelSizeUm: 0.5 });
    for (let p = 0; p < 13 * 9; p++) expect(found.data[2 * p]! + found.data[2 * p + 1]!).toBeCloseTo(1, 5);
  });

  it("gives in a tile with its halo what the whole image gives", async () => {
    const image = picture(64, 48);
    const whole = await segmenter.segmentTile(image);
    const { halo } = segmenter;
    const from = 24 - halo;
    const crop = createRaster(new Float32Array((16 + 2 * halo) * 48), 16 + 2 * halo, 48);
    for (let y = 0; y < 48; y++)
      crop.data.set(image.data.subarray(y * 64 + from, y * 64 + from + crop.width), y * crop.width);
    const part = await segmenter.segmentTile(crop);
    for (let y = 0; y < 48; y++) {
      for (let x = 24; x < 40; x++) {
        expect(part.data[2 * (y * crop.width + x - from)]).toBeCloseTo(whole.data[2 * (y * 64 + x)]!, 5);
      }
    }
    expect(halo % 2).toBe(0);
  });

  it("refuses colour for a grey model, numbers that are none, and weights of another architecture", async () => {
    await expect(segmenter.segmentTile(createRaster(new Float32Array(48), 4, 4, { channels: 3 }))).rejects.toThrow(
      IncompatibleError,
    );
    await expect(segmenter.segmentTile(createRaster(new Float32Array(4).fill(Number.NaN), 2, 2))).rejects.toThrow(
      DataError,
    );
    const stored = JSON.parse(JSON.stringify(segmenter));
    stored.params.filters = [8, 8];
    expect(() => readUNetSegmenter(stored)).toThrow(/"down1.0.filter" hold 1152 numbers, this network needs 576/);
    stored.params.filters = [...segmenter.filters, 8];
    expect(() => readUNetSegmenter(stored)).toThrow(
      /weights "down2.0.filter" are missing; the others belong to another/,
    );
  });

  it("taken up from a checkpoint it ends where it would have, bit for bit; best weights come without training", async () => {
    const checkpoints: TrainingCheckpoint[] = [];
    const whole = await createUNetSegmenter({ ...tiny, onCheckpoint: (c) => checkpoints.push(c) }).fit(
      disks(1, 2),
      disks(2, 1),
      run,
    );
    const resume = JSON.parse(JSON.stringify(checkpoints[0]));
    const later = await createUNetSegmenter({ ...tiny, resume }).fit(disks(1, 2), disks(2, 1), run);
    expect(JSON.stringify(later)).toBe(JSON.stringify(whole));
  });

  it("learns several channels, boundaries and values at once", async () => {
    const source = disks(1, 2, { channels: 3, batch: 3, side: 16 });
    const mixed: BatchSource = {
      ...source,
      targets: [
        { name: "edge", kind: "presence", labels: ["edge"] },
        { name: "height", kind: "values", labels: ["height"] },
      ],
    };
    const fitted = await createUNetSegmenter({ ...tiny, epochs: 1 }).fit(mixed, mixed, run);
    const found = await fitted.segmentTile(createRaster(new Float32Array(5 * 7 * 3).fill(100), 5, 7, { channels: 3 }));
    expect([fitted.channels, found.channels, fitted.classes]).toEqual([3, 2, ["edge", "height"]]);
    expect(found.data.every((v, i) => Number.isFinite(v) && (i % 2 === 1 || (v > 0 && v < 1)))).toBe(true);
  });

  it("stops by the signal, and at a loss that is no number", async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error("enough"));
    const fitted = createUNetSegmenter(tiny).fit(disks(1, 2), disks(2, 1), {
      ...run,
      signal: controller.signal,
      onProgress,
    });
    await expect(fitted).rejects.toThrow("enough");
    const source = disks(1, 2);
    const broken: BatchSource = {
      ...source,
      async batch(i, random) {
        const batch = await source.batch(i, random);
        // Finite when surveyed, infinite after normalisation in 32 bit is what overflow looks like.
        return { ...batch, y: batch.y.map((v) => (random.key === run.random.fork(1).key ? Number.NaN * v : v)) };
      },
    };
    const error = await createUNetSegmenter(tiny)
      .fit(broken, disks(2, 1), run)
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DivergenceError);
    expect((error as DivergenceError).message).toMatch(
      /step 3 \(epoch 2, batch 1\); the best weights are those of epoch 1/,
    );
  });

  it("refuses what cannot be learned, with the reason", async () => {
    const learner = createUNetSegmenter(tiny);
    await expect(learner.fit(disks(1, 1, { side: 15 }), disks(2, 1), run)).rejects.toThrow(ShapeError);
    const without: BatchSource = {
      ...disks(1, 1),
      targets: [{ name: "phase", kind: "classes", labels: ["matrix", "disk"] }],
      batch: async (i, random) => {
        const batch = await disks(1, 1).batch(i, random);
        return { ...batch, y: batch.y.map((_, j) => (j % 2 === 0 ? 1 : 0)) };
      },
    };
    await expect(learner.fit(without, disks(2, 1), run)).rejects.toThrow(
      /no pixel of the training batches is labelled "disk"/,
    );
    await expect(learner.fit({ ...disks(1, 1), targetsPer: "image" }, disks(2, 1), run)).rejects.toThrow(DataError);
    await expect(learner.fit({ ...disks(1, 1), imageShape: [32768, 32768, 1] }, disks(2, 1), run)).rejects.toThrow(
      /patches of \d+ px fit/,
    );
    await expect(
      createUNetSegmenter({ ...tiny, classWeights: { dsik: 2 } }).fit(disks(1, 1), disks(2, 1), run),
    ).rejects.toThrow(/classWeights names "dsik", which is no class/);
    expect(() => createUNetSegmenter({ filters: [] })).toThrow(/filters/);
    expect(() => createUNetSegmenter({ diceWeight: -1 })).toThrow(/diceWeight/);
  });
});
