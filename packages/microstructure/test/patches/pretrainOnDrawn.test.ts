import { type BatchSource, createRandom, type SegmenterLearner } from "@materiome/core";
import { pretrainOnDrawn } from "@materiome/microstructure/patches";
import { describe, expect, it } from "vitest";
import { blockSegmenter } from "../pixels/blockSegmenter.ts";

function recorder(): SegmenterLearner & { sources: BatchSource[] } {
  const sources: BatchSource[] = [];
  return {
    sources,
    async fit(train) {
      sources.push(train);
      return blockSegmenter();
    },
  };
}

const run = () => ({ random: createRandom(1), threads: 1 });
const small = { nImages: 5, width: 48, height: 48, grainPx: [8, 12], patchPx: 16, batches: 2 } as const;

describe("pretrainOnDrawn", () => {
  it("labels both sides of boundaries, leaves the next pixel open, and holds pictures out", async () => {
    const learner = recorder();
    const { images, split, classifier, heldOut } = await pretrainOnDrawn(learner, small, run());
    expect([split.train.length, split.validation.length, split.test.length]).toEqual([3, 1, 1]);
    expect(heldOut.map(({ role }) => role)).toEqual(["validation", "test"]);
    expect(images.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5].map((k) => `drawn ${k}`));
    const { data, width } = images[0]!.labels;
    for (let i = 0; i < data.length; i++) {
      if ((i + 1) % width === 0) continue;
      // From boundary to grain only across a pixel that is neither.
      expect([data[i], data[i + 1]].sort()).not.toEqual([1, 2]);
    }
    expect(classifier.ranges).toEqual([{ low: -4, high: 4, isLimited: true }]);
    expect(learner.sources[0]!.targets[0]!.labels).toEqual(["grain", "boundary"]);
    const again = await pretrainOnDrawn(recorder(), small, run());
    expect(again.images[4]).toEqual(images[4]);
  });

  it("takes grey as it is where asked, and refuses too few pictures", async () => {
    const { classifier } = await pretrainOnDrawn(recorder(), { ...small, normalise: "none" }, run());
    expect(classifier.ranges).toEqual([{ low: 0, high: 1, isLimited: false }]);
    await expect(pretrainOnDrawn(recorder(), { ...small, nImages: 4 }, run())).rejects.toThrow(/at least 5, got 4/);
  });
});
