import { closeWorkers, createRandom, DataError, type Progress, runTasks } from "@materiome/core";
import { afterAll, describe, expect, it } from "vitest";

const module = new URL("./tasks.ts", import.meta.url).href;

afterAll(closeWorkers);

describe("runTasks", () => {
  it("returns results in the order of the inputs and reports progress", async () => {
    const progress: Progress[] = [];
    const squares = await runTasks<number, number>({ module, name: "square" }, [3, 1, 2], {
      threads: 2,
      onProgress: (p) => progress.push(p),
    });
    expect(squares).toEqual([9, 1, 4]);
    expect(progress.map((p) => p.done)).toEqual([1, 2, 3]);
    expect(progress.at(-1)).toEqual({ stage: "square", done: 3, total: 3 });
  });

  it("gives the same random numbers for any number of threads", async () => {
    const keys = Array.from({ length: 8 }, (_, i) => createRandom(1).fork(i).key);
    const one = await runTasks<string, number>({ module, name: "draw" }, keys, { threads: 1 });
    const two = await runTasks<string, number>({ module, name: "draw" }, keys, { threads: 2 });
    expect(two).toEqual(one);
    expect(one).toEqual(keys.map((key) => createRandom(key).next()));
  });

  it("brings an error back with its class, code and place", async () => {
    const work = runTasks<number, number>({ module, name: "fail" }, [1, 2, 3, 4], { threads: 2 });
    const error = await work.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DataError);
    expect(error).toMatchObject({
      code: "DATA",
      message: "numbers.csv, row 3: two is not allowed",
      location: { row: 3 },
    });
  });

  it("throws the abort reason untouched and stops the workers", async () => {
    const controller = new AbortController();
    const reason = new Error("stop now");
    setTimeout(() => controller.abort(reason), 100);
    const started = performance.now();
    await expect(runTasks({ module, name: "slow" }, [10_000, 10_000], { signal: controller.signal })).rejects.toBe(
      reason,
    );
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
