import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { openEngine } from "../../../src/nets/engine.ts";
import { predictionFloats, unetPredict } from "../../../src/nets/unet/unetPredict.ts";
import { initialParameters, lengthsOf } from "../../../src/nets/unet/unetSpec.ts";

describe("unetPredict", () => {
  it.each([
    [1, [16, 32, 64], 3, 72],
    [3, [4, 8], 1, 18],
    [1, [8], 2, 16],
    [2, [4, 32, 4], 9, 48],
  ])(
    "of %i channels with filters %j and %i outputs keeps %i numbers a pixel at once, and leaves nothing",
    async (...shape) => {
      const [channels, filters, outputs, floats] = shape;
      const { tf } = await openEngine();
      const spec = { channels, filters, outputs };
      expect(predictionFloats(spec)).toBe(floats);
      const parameters = initialParameters(spec, createRandom(1));
      const weights = Object.values(lengthsOf(spec)).reduce((sum, n) => sum + n, 0);
      const [before, tensors] = [tf.memory().numBytes, tf.memory().numTensors];
      const engine = tf.engine();
      const { runKernel } = engine;
      let most = 0;
      engine.runKernel = ((...call) => {
        const result = runKernel.apply(engine, call);
        most = Math.max(most, tf.memory().numBytes - before);
        return result;
      }) as typeof runKernel;
      try {
        tf.tidy(() => void unetPredict(tf, spec, parameters, tf.zeros([1, 64, 48, channels])));
      } finally {
        engine.runKernel = runKernel;
      }
      const kept = most / 4 / (64 * 48);
      expect(kept).toBeGreaterThan(0.9 * floats);
      expect(kept).toBeLessThan(floats + weights / (64 * 48));
      expect(tf.memory().numTensors).toBe(tensors);
    },
  );
});
