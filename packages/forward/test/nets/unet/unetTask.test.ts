import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { openEngine } from "../../../src/nets/engine.ts";
import { createUNetTask } from "../../../src/nets/unet/unetTask.ts";
import { disks } from "./disks.ts";

const run = { random: createRandom(5), threads: 1 };

describe("steps of training", () => {
  const settings = {
    spec: { channels: 1, filters: [2, 3], outputs: 2 },
    backend: "wasm" as const,
    labelWeights: [1, 1],
    diceWeight: 0.5,
    normalisation: { mean: [100], deviation: [30] },
  };
  const source = disks(1, 1, { side: 4, batch: 1 });

  it("keeps memory flat over 1000 steps", async () => {
    const { tf } = await openEngine();
    const task = createUNetTask("test", settings, source, source, run);
    await task.step(task.parameters, 0, 0);
    const before = tf.memory();
    const heap = (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm;
    const bytes = heap.HEAPU8.length;
    for (let i = 0; i < 1000; i++) await task.step(task.parameters, i, 0);
    const after = tf.memory();
    expect([after.numTensors, after.numBytes, heap.HEAPU8.length]).toEqual([before.numTensors, before.numBytes, bytes]);
  });
});
