import { createRandom, runTasks } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { createUNetSegmenter } from "../../../src/nets/index.ts";
import { createUNetTask } from "../../../src/nets/unet/unetTask.ts";
import { disks } from "./disks.ts";

const run = { random: createRandom(5), threads: 1 };

describe("training in worker threads", () => {
  const settings = {
    spec: { channels: 1, filters: [2, 3], outputs: 2 },
    backend: "wasm" as const,
    labelWeights: [1, 1],
    diceWeight: 0.5,
    normalisation: { mean: [100], deviation: [30] },
  };
  const source = disks(1, 1, { side: 4, batch: 1 });

  it("gives the same for any number of threads, and another for another seed", async () => {
    const learner = createUNetSegmenter({ filters: [4, 8], epochs: 1 });
    const fit = (threads: number, seed: number) =>
      learner.fit(disks(1, 2), disks(2, 1), { random: createRandom(seed), threads });
    const one = JSON.stringify(await fit(1, 5));
    expect(JSON.stringify(await fit(2, 5))).toBe(one);
    expect(JSON.stringify(await fit(1, 6))).not.toBe(one);
  });

  it("gives the same bits twice and in a worker", async () => {
    const task = createUNetTask("test", settings, source, source, run);
    const twice = [await task.step(task.parameters, 0, 0), await task.step(task.parameters, 0, 0)];
    expect(twice[1]).toEqual(twice[0]);
    const module = new URL("./stepInWorker.ts", import.meta.url).href;
    const [there] = await runTasks({ module, name: "stepInWorker" }, [settings], { threads: 1 });
    expect(there).toEqual(twice[0]);
  });
});
