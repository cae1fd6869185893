import { type BatchSource, createRandom } from "@materiome/core";
import { createUNetSegmenter, DivergenceError, type TrainingCheckpoint } from "@materiome/forward/nets";
import { describe, expect, it } from "vitest";
import { keepBest } from "../../src/segment/keepBest.ts";

/** Bright left halves; from batch `spoilt` on, counted over all epochs, a grey is no number. */
function halves(spoilt = Number.POSITIVE_INFINITY): BatchSource {
  let count = 0;
  return {
    length: 2,
    imageShape: [8, 8, 1],
    targets: [{ name: "phase", kind: "classes", labels: ["left", "right"] }],
    targetsPer: "pixel",
    batch: (_, random) => {
      const x = Float32Array.from({ length: 128 }, (_value, p) => (p % 8 < 4 ? 1 : 0) + 0.1 * random.normal());
      if (count++ >= spoilt) x[5] = Number.NaN;
      const y = Float32Array.from({ length: 256 }, (_value, i) => ((i >> 1) % 8 < 4 === (i % 2 === 0) ? 1 : 0));
      return { shape: [2, 8, 8, 1], x, yShape: [2, 8, 8, 2], y, weights: new Float32Array(128).fill(1) };
    },
  };
}

const options = { filters: [4, 8], epochs: 5 };
const run = { random: createRandom(1), threads: 1 };

describe("keepBest", () => {
  it("gives the net of the best epoch before the loss was no number, and says so", async () => {
    const told: [DivergenceError, TrainingCheckpoint][] = [];
    // A survey of the 2 batches comes first, then 2 a pass: two passes are whole. What is fitted again is surveyed again.
    const sources = { spoilt: halves(7), sound: halves() };
    const train: BatchSource = {
      ...sources.sound,
      batch: (i, random) => sources[told.length === 0 ? "spoilt" : "sound"].batch(i, random),
    };
    const learner = keepBest(
      (changes) => createUNetSegmenter({ ...options, ...changes }),
      (...what) => told.push(what),
    );
    const net = await learner.fit(train, halves(), run);
    expect(told.length).toBe(1);
    const [error, kept] = told[0]!; // one, above
    expect(error.message).toMatch(/not finite at step/);
    expect(net.learningCurve).toEqual(kept.curve);
    expect(net.bestEpoch).toBe(kept.bestEpoch);
  });

  it("leaves the error where no epoch was whole", async () => {
    const learner = keepBest(
      (changes) => createUNetSegmenter({ ...options, ...changes }),
      () => undefined,
    );
    await expect(learner.fit(halves(2), halves(), run)).rejects.toThrow(DivergenceError);
  });
});
