import { type BatchSource, createRandom, createRaster, DataError, DomainError, type Segmenter } from "@materiome/core";
import { contrastSource, pretrainSegmenter } from "@materiome/microstructure/patches";
import { describe, expect, it } from "vitest";

/** Each pixel has a grey of its own. */
const picture = (width: number, height: number, channels = 1) =>
  createRaster(
    Float32Array.from({ length: width * height * channels }, (_, i) => i / (width * height * channels)),
    width,
    height,
    { channels },
  );

describe("contrastSource", () => {
  it("shows two pieces of each patch, which share pixels, first ones before second ones", async () => {
    const source = contrastSource([picture(40, 50)], { sizePx: 8, batchSize: 3, augmentation: {} });
    expect(source).toMatchObject({ imageShape: [8, 8, 1], targets: [], targetsPer: "image", length: 10 });
    const { shape, x, y, weights } = await source.batch(0, createRandom(1));
    expect([shape, y.length, weights.length]).toEqual([[6, 8, 8, 1], 0, 6]);
    const view = (k: number) => new Set(x.subarray(k * 64, (k + 1) * 64));
    for (let k = 0; k < 3; k++) {
      const shared = [...view(k)].filter((grey) => view(3 + k).has(grey)).length;
      expect(shared).toBeGreaterThanOrEqual(16); // places at most 4 px apart
    }
    expect(Array.from(view(0))).not.toEqual(Array.from(view(3)));
  });

  it("augments each view on its own, the same for the same seed, also in colour and images smaller than a patch", async () => {
    const source = contrastSource([picture(12, 12, 3)], { sizePx: 16, batchSize: 2, augmentation: { brightness: {} } });
    const batch = await source.batch(0, createRandom(2));
    expect(await source.batch(0, createRandom(2))).toEqual(batch);
    expect((await source.batch(0, createRandom(3))).x).not.toEqual(batch.x);
    expect(batch.x.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(source.length).toBe(1);
  });

  it("is what pretrainSegmenter teaches where its task is contrast, sixteen patches at a time", async () => {
    const asked: BatchSource[] = [];
    const learner = {
      fit: async (train: BatchSource, validation: BatchSource) => {
        asked.push(train, validation);
        return {} as Segmenter;
      },
    };
    const run = { random: createRandom(1), threads: 1 };
    await pretrainSegmenter([{ image: picture(40, 40) }], learner, { task: "contrast", patchPx: 8 }, run);
    expect(asked).toMatchObject([{ targets: [], targetsPer: "image", length: 16 }, { length: 8 }]);
    expect((await asked[0]!.batch(0, run.random)).shape).toEqual([32, 8, 8, 1]);
    const strange = pretrainSegmenter([{ image: picture(9, 9) }], learner, { task: "guess" as never }, run);
    await expect(strange).rejects.toThrow(/task must be "restore" or "contrast"/);
  });

  it("refuses what cannot be told apart", () => {
    expect(() => contrastSource([])).toThrow(DataError);
    expect(() => contrastSource([picture(9, 9)], { batchSize: 1 })).toThrow(DomainError);
    expect(() => contrastSource([picture(9, 9)], { augmentation: { cutMix: {} } })).toThrow(/cutMix mixes patches/);
  });
});
