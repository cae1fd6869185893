import { type BatchSource, createRandom, createRaster, DataError, type SegmenterLearner } from "@materiome/core";
import { panopticQuality } from "@materiome/microstructure/compare";
import { regionClasses, separateRegions, trainInstances } from "@materiome/microstructure/patches";
import { describe, expect, it } from "vitest";
import { distanceSegmenter } from "../pixels/distanceSegmenter.ts";
import { pictureOf, touchingDiscs } from "./touchingDiscs.ts";

const run = () => ({ random: createRandom(1), threads: 1 });
const quality = (a: Parameters<typeof panopticQuality>[0], b: typeof a): number => panopticQuality(a, b).quality;

function recorder(): SegmenterLearner & { sources: BatchSource[] } {
  const sources: BatchSource[] = [];
  return {
    sources,
    async fit(train, validation) {
      sources.push(train, validation);
      return distanceSegmenter();
    },
  };
}

const truth = touchingDiscs(60, 48);
const images = Array.from({ length: 5 }, (_, k) => ({
  image: pictureOf(truth, 0.03),
  labels: truth,
  name: `field ${k}`,
}));
const plain = { normalise: "none", augmentation: {}, patchPx: 16 } as const;

describe("trainInstances", () => {
  it("gives the net classes and distance, and finds the depth that tells regions apart", async () => {
    const learner = recorder();
    const { classifier, depths, heldOut, nLabelled } = await trainInstances(
      images,
      learner,
      quality,
      {
        ...plain,
        depths: [0.2, 0.9],
      },
      run(),
    );
    for (const { targets } of learner.sources) {
      expect(targets).toEqual([
        { name: "class", kind: "classes", labels: ["matrix", "particle"] },
        { name: "distance", kind: "values", labels: ["distance"] },
      ]);
    }
    const { y, weights } = await learner.sources[1]!.batch(0, createRandom(2));
    expect(weights.every((w) => w === 0 || w === 1)).toBe(true);
    for (let i = 0; i < weights.length; i++) expect(y[3 * i + 2]! > 0).toBe(y[3 * i + 1] === 1);
    expect(classifier.instances).toMatchObject({ kind: "particles", depth: 0.2 });
    expect(depths[0]!.quality).toBeGreaterThan(depths[1]!.quality + 0.3);
    expect(heldOut.map(({ role }) => role)).toEqual(["validation", "test"]);
    for (const { regions, trueRegions } of heldOut) expect(quality(regions, trueRegions)).toBeGreaterThan(0.85);
    expect(nLabelled.reduce((a, b) => a + b, 0)).toBe(5 * 60 * 48);
  });

  it("refuses labels without regions and depths out of range", async () => {
    const empty = { ...images[0]!, labels: { ...truth, data: new Uint32Array(truth.data.length) } };
    const train = (list: typeof images, depths?: number[]) =>
      trainInstances(list, recorder(), quality, { ...plain, depths }, run());
    await expect(train([empty, ...images])).rejects.toThrow(DataError);
    await expect(train(images, [0])).rejects.toThrow(/depths must lie/);
    await expect(train(images, [])).rejects.toThrow(/at least one/);
  });
});

describe("regionClasses and separateRegions", () => {
  const labels = createRaster(Uint32Array.from([1, 1, 1, 2, 2, 2, 2, 2, 0, 1]), 10, 1);

  it("marks particles, or boundaries on both sides and the lines between", () => {
    expect([...regionClasses(labels, "particles").data]).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 1, 2]);
    expect([...regionClasses(labels, "grains").data]).toEqual([1, 1, 2, 2, 1, 1, 1, 1, 2, 1]);
    expect([...regionClasses(labels, "grains", { doubtPx: 2 }).data]).toEqual([1, 0, 2, 2, 0, 1, 1, 0, 2, 0]);
  });

  it("numbers parts of one number apart, over corners in particles alone", () => {
    expect([...separateRegions(labels, "grains").data]).toEqual([1, 1, 1, 2, 2, 2, 2, 2, 0, 3]);
    const diagonal = createRaster(Uint32Array.from([1, 0, 0, 1]), 2, 2);
    expect([...separateRegions(diagonal, "particles").data]).toEqual([1, 0, 0, 1]);
    expect([...separateRegions(diagonal, "grains").data]).toEqual([1, 0, 0, 2]);
  });
});
