import {
  type BatchSource,
  createRandom,
  createRaster,
  DataError,
  type LabelMap,
  type Random,
  type SegmenterLearner,
} from "@materiome/core";
import { trainSegmenter } from "@materiome/microstructure/patches";
import type { TrainingImage } from "@materiome/microstructure/pixels";
import { describe, expect, it } from "vitest";
import { blockSegmenter } from "../pixels/blockSegmenter.ts";

const classes = ["dark", "bright"];
const run = () => ({ random: createRandom(1), threads: 1 });

/** Left part dark, right part bright; `base` tells images apart. */
function picture(name: string, width = 80, height = 60, edge = 40, group?: string): TrainingImage {
  const random = createRandom(name);
  const data = Float32Array.from(
    { length: width * height },
    (_, i) => (i % width < edge ? 0.3 : 0.7) + 0.02 * random.next(),
  );
  const labels: LabelMap = createRaster(
    Uint32Array.from(data, (_, i) => (i % width < edge ? 1 : 2)),
    width,
    height,
  );
  return { image: createRaster(data, width, height), labels, name, group };
}

/** Keeps what it is given. */
function recorder(): SegmenterLearner & { sources: { train: BatchSource; validation: BatchSource; random: Random }[] } {
  const sources: { train: BatchSource; validation: BatchSource; random: Random }[] = [];
  return {
    sources,
    async fit(train, validation, { random }) {
      sources.push({ train, validation, random });
      return blockSegmenter();
    },
  };
}

/** Greys of all labelled pixels that batches show. */
async function shown(source: BatchSource, random = createRandom(3)): Promise<Set<number>> {
  const seen = new Set<number>();
  for (let i = 0; i < source.length; i++) {
    const { x, weights } = await source.batch(i, random);
    for (const [p, weight] of weights.entries()) if (weight > 0) seen.add(x[p]!);
  }
  return seen;
}

describe("trainSegmenter", () => {
  it("holds whole images out of five and more: one chooses the epoch, one is scored, the rest is learned from", async () => {
    const images = Array.from({ length: 5 }, (_, k) => picture(`field ${k}`));
    const learner = recorder();
    const found = await trainSegmenter(images, learner, { classes, patchPx: 16, augmentation: {} }, run());
    const { split, heldOut } = found;
    expect(split.kind).toBe("images");
    const parts = [split.train, split.validation, split.test].map((part) => part.map(({ image }) => image));
    expect(parts.map((part) => part.length)).toEqual([3, 1, 1]);
    expect(parts.flat().sort()).toEqual([0, 1, 2, 3, 4]);
    expect(heldOut.map(({ role, image }) => [role, image])).toEqual([
      ["validation", parts[1]![0]],
      ["test", parts[2]![0]],
    ]);
    for (const { labels, image } of heldOut) {
      const right = labels.data.filter((label, i) => label === images[image]!.labels.data[i]).length;
      expect(right / labels.data.length).toBeGreaterThan(0.9);
    }
    const { train, validation } = learner.sources[0]!;
    const [learned, chosen] = [await shown(train), await shown(validation)];
    const greys = (k: number): number[] => [...images[k]!.image.data];
    expect(greys(parts[1]![0]!).every((grey) => chosen.has(grey))).toBe(true);
    // Some greys are equal by chance.
    expect(greys(parts[1]![0]!).filter((grey) => learned.has(grey)).length).toBeLessThan(240);
    expect(found.nLabelled).toEqual([12_000, 12_000]);
    expect(found.nTraining).toEqual([7200, 7200]);
    expect(train.imageShape).toEqual([16, 16, 1]);
    expect(train.length).toBe(16); // 14400 / (8 × 16²) is 7
    const again = await trainSegmenter(images, recorder(), { classes, patchPx: 16 }, run());
    expect(again.split).toEqual(split);
  });

  it("of one image holds out the quarter in which classes are shared out; patches never reach into it", async () => {
    const learner = recorder();
    const one = picture("one");
    const { split, heldOut } = await trainSegmenter(
      [one],
      learner,
      { classes, patchPx: 16, augmentation: { turn: {}, rotate: {} } },
      run(),
    );
    expect(split).toMatchObject({
      kind: "bands",
      train: [{ image: 0, region: { x: 0, y: 0, width: 80, height: 45 } }],
      validation: [{ image: 0, region: { x: 0, y: 45, width: 80, height: 15 } }],
      test: [],
    });
    expect(heldOut).toMatchObject([{ role: "validation", labels: { width: 80, height: 15 } }]);
    const { train, validation } = learner.sources[0]!;
    // Grey by row: an interpolated pixel of the rest is never as bright as one of the band.
    const rows = {
      ...one,
      image: createRaster(
        one.image.data.map((_, i) => Math.floor(i / 80) / 100),
        80,
        60,
      ),
    };
    const seen = recorder();
    await trainSegmenter([rows], seen, { classes, patchPx: 16, augmentation: { turn: {}, rotate: {} } }, run());
    expect(Math.max(...(await shown(seen.sources[0]!.train)))).toBeLessThanOrEqual(0.44001);
    expect(Math.min(...(await shown(seen.sources[0]!.validation)))).toBeGreaterThanOrEqual(0.45 - 1e-6);
    expect([train.length, validation.length]).toEqual([16, 1]);
  });

  it("keeps images of a group together, and holds out what is named", async () => {
    const images = Array.from({ length: 6 }, (_, k) => picture(`field ${k}`, 40, 40, 20, `specimen ${k % 3}`));
    const { split } = await trainSegmenter(images, recorder(), { classes, patchPx: 16 }, run());
    for (const part of [split.train, split.validation, split.test]) {
      expect(part).toHaveLength(2);
      expect(part[1]!.image - part[0]!.image).toBe(3);
    }
    const named = await trainSegmenter(
      images,
      recorder(),
      { classes, patchPx: 16, validation: ["field 1", "field 4"], test: ["field 0", "field 3"] },
      run(),
    );
    const of = (part: readonly { image: number }[]) => part.map(({ image }) => image);
    expect([of(named.split.train), of(named.split.validation), of(named.split.test)]).toEqual([
      [2, 5],
      [1, 4],
      [0, 3],
    ]);
    const chosen = await trainSegmenter(
      images,
      recorder(),
      { classes, patchPx: 16, validation: ["field 4", "field 1"] },
      run(),
    );
    expect([chosen.split.train.length, chosen.split.test.length]).toEqual([4, 0]);
    const refuse = (options: object) => trainSegmenter(images, recorder(), { classes, patchPx: 16, ...options }, run());
    await expect(refuse({ validation: ["field 4"] })).rejects.toThrow(
      /field 4 is held out, but not field 1 of the same group \(specimen 1\)/,
    );
    await expect(refuse({ validation: ["field 1"], test: ["field 4"] })).rejects.toThrow(/hold out whole groups/);
    await expect(refuse({ validation: ["field 9"] })).rejects.toThrow(/field 9 is to be held out, but no image/);
    await expect(refuse({ validation: ["field 1"], test: ["field 1"] })).rejects.toThrow(/name it once/);
    await expect(refuse({ validation: images.map(({ name }) => name) })).rejects.toThrow(/6 of 6 images are held out/);
  });

  it("keeps a class that only one image shows among those learned from, and says so where that cannot be", async () => {
    const three = ["dark", "bright", "rare"];
    const images = Array.from({ length: 6 }, (_, k) => picture(`field ${k}`));
    images[3]!.labels.data.fill(3, 0, 100);
    for (const seed of [1, 2, 3]) {
      const { split } = await trainSegmenter(
        images,
        recorder(),
        { classes: three, patchPx: 16 },
        { ...run(), random: createRandom(seed) },
      );
      expect(split.train.map(({ image }) => image)).toContain(3);
    }
    const refused = trainSegmenter(images, recorder(), { classes: three, patchPx: 16, test: ["field 3"] }, run());
    await expect(refused).rejects.toThrow(/no pixel of rare is labelled/);
    const few = [images[0]!, images[1]!, images[3]!];
    await expect(
      trainSegmenter(few, recorder(), { classes: three, patchPx: 16, test: ["field 3"] }, run()),
    ).rejects.toThrow(/no pixel of rare is labelled in the images that are not held out/);
    const corner = picture("corner");
    corner.labels.data.fill(0).fill(1, 0, 20).fill(2, 20, 40);
    await expect(trainSegmenter([corner], recorder(), { classes, patchPx: 16 }, run())).rejects.toThrow(
      /no quarter of the image can be held out/,
    );
  });

  it("brings standardised grey to a range that leaves no class out, and takes images smaller than a patch", async () => {
    const learner = recorder();
    const bright = picture("bright", 20, 12, 17);
    bright.image.data[0] = 1; // one pixel far beyond the others
    const { classifier } = await trainSegmenter(
      [bright, picture("b"), picture("c"), picture("d")],
      learner,
      { classes, patchPx: 32, normalise: "image", augmentation: {} },
      run(),
    );
    const [range] = classifier.ranges;
    expect(range!.isLimited).toBe(true);
    expect(range!.low).toBeLessThan(-1);
    expect(range!.high).toBeGreaterThan(1);
    const { train } = learner.sources[0]!;
    expect(train.imageShape).toEqual([32, 32, 1]);
    const batch = await train.batch(0, createRandom(1));
    expect(batch.x.every((v) => v >= 0 && v <= 1)).toBe(true);
  });

  it("takes the range from what is learned from alone: held-out images and bands do not change it", async () => {
    const images = Array.from({ length: 4 }, (_, k) => picture(`field ${k}`));
    const held = { validation: ["field 2"], test: ["field 3"] };
    const rangesOf = async (list: readonly TrainingImage[], options: object) =>
      (await trainSegmenter(list, recorder(), { classes, patchPx: 16, normalise: "image", ...options }, run()))
        .classifier.ranges;
    const before = await rangesOf(images, held);
    const other = (image: TrainingImage): TrainingImage => ({
      ...image,
      image: { ...image.image, data: image.image.data.map((value, i) => (i % 7 === 0 ? 1 - value : value)) },
    });
    expect(await rangesOf([images[0]!, images[1]!, other(images[2]!), other(images[3]!)], held)).toEqual(before);
    expect(await rangesOf([images[0]!, other(images[1]!), images[2]!, images[3]!], held)).not.toEqual(before);
    // Of one image the lower quarter chooses the epoch; labels there are exchanged, the grey stays.
    const [one] = images as [TrainingImage];
    const relabelled = {
      ...one,
      labels: { ...one.labels, data: one.labels.data.map((label, i) => (i >= 80 * 45 ? 3 - label : label)) },
    };
    expect(await rangesOf([relabelled], {})).toEqual(await rangesOf([one], {}));
  });

  it("refuses labels beyond the classes, mixed kinds, and a class without labels", async () => {
    const images = [picture("a"), picture("b")];
    const refuse = (list: readonly TrainingImage[], named = classes) =>
      trainSegmenter(list, recorder(), { classes: named, patchPx: 16 }, run());
    await expect(refuse(images, ["dark"])).rejects.toThrow(DataError);
    await expect(refuse(images, ["dark", "dark"])).rejects.toThrow(
      /trainSegmenter: classes must have different names, got dark, dark/,
    );
    await expect(refuse(images, ["dark", "bright", "rare"])).rejects.toThrow(/too few labelled pixels of rare \(0\)/);
    const colour = { ...picture("c"), image: createRaster(new Float32Array(3 * 4800), 80, 60, { channels: 3 }) };
    await expect(refuse([...images, colour])).rejects.toThrow(/is colour, those before it are grey/);
    images[0]!.labels.data[5] = 7;
    await expect(refuse(images)).rejects.toThrow(/trainSegmenter: a: label 7 occurs, but 2 classes are named/);
  });
});
