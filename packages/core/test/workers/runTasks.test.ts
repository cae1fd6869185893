import { readdirSync } from "node:fs";
import {
  closeWorkers,
  createRandom,
  DataError,
  DomainError,
  isDiskFull,
  type Progress,
  runTasks,
} from "@materiome/core";
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

  it("gives equal results for 1, 2 and 3 threads", async () => {
    const keys = Array.from({ length: 9 }, (_, i) => createRandom(4).fork(i).key);
    const [one, two, three] = await Promise.all(
      [1, 2, 3].map((threads) => runTasks<string, number>({ module, name: "meanNormal" }, keys, { threads })),
    );
    expect(two).toEqual(one);
    expect(three).toEqual(one);
    expect(await runTasks({ module, name: "square" }, [])).toEqual([]);
  });

  it("shares arrays over SharedArrayBuffer with the workers", async () => {
    const shared = new Float64Array(new SharedArrayBuffer(8 * 6));
    const inputs = Array.from({ length: 6 }, (_, at) => ({ shared, at }));
    await runTasks({ module, name: "fillShared" }, inputs, { threads: 2 });
    expect([...shared]).toEqual([0, 1, 4, 9, 16, 25]);
  });

  it("brings back what the file system said", async () => {
    const failed = runTasks({ module, name: "fillDisk" }, ["out/a.tif"]);
    await expect(failed).rejects.toSatisfy(isDiskFull);
    await expect(failed).rejects.toThrow(/^out.a\.tif: cannot write the file: the disk is full/);
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

  it("terminates a synchronous loop in the middle of it, and works again afterwards", async () => {
    const ticks = new Int32Array(new SharedArrayBuffer(4));
    const controller = new AbortController();
    const reason = new Error("enough");
    const work = runTasks({ module, name: "spin" }, [ticks, ticks, ticks], { threads: 2, signal: controller.signal });
    const watch = setInterval(() => {
      if (Atomics.load(ticks, 0) > 0) controller.abort(reason);
    }, 5);
    await expect(work).rejects.toBe(reason);
    clearInterval(watch);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const stopped = Atomics.load(ticks, 0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(Atomics.load(ticks, 0)).toBe(stopped);
    expect(await runTasks({ module, name: "square" }, [5])).toEqual([25]);
  });

  it("stops the other tasks when one fails", async () => {
    const ticks = new Int32Array(new SharedArrayBuffer(4));
    const work = Promise.all([
      runTasks({ module, name: "spinOrFail" }, [{ ticks }, { ticks, fail: true }], { threads: 2 }),
    ]);
    await expect(work).rejects.toThrow("failed on purpose");
    await new Promise((resolve) => setTimeout(resolve, 200));
    const stopped = Atomics.load(ticks, 0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(Atomics.load(ticks, 0)).toBe(stopped);
  });

  it("reports a thread that ends in the middle of a task by name, and works again", async () => {
    await expect(runTasks({ module, name: "crash" }, [1, 2], { threads: 1 })).rejects.toThrow(
      /task 1 of 2 of "crash".*ended its thread/s,
    );
    expect(await runTasks({ module, name: "crash" }, [2], { threads: 1 })).toEqual([2]);
  });

  it("does not start when already aborted, and takes a signal without events", async () => {
    const reason = new Error("before");
    await expect(runTasks({ module, name: "square" }, [1], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    let looks = 0;
    const signal = {
      aborted: false,
      throwIfAborted: () => {
        if (++looks > 3) throw reason;
      },
    };
    await expect(runTasks({ module, name: "square" }, [1, 2, 3, 4, 5, 6], { threads: 1, signal })).rejects.toBe(reason);
    expect(looks).toBeLessThan(7);
  });

  it("refuses fractional threads and names what is no function", async () => {
    await expect(runTasks({ module, name: "square" }, [1], { threads: 0 })).rejects.toBeInstanceOf(DomainError);
    await expect(runTasks({ module, name: "square" }, [1], { threads: 1.5 })).rejects.toThrow(/threads .* got 1.5/);
    await expect(runTasks({ module, name: "notAFunction" }, [1])).rejects.toThrow(/exports no function "notAFunction"/);
    await expect(runTasks({ module: `${module}.gone`, name: "x" }, [1])).rejects.toThrow(/tasks\.ts\.gone/);
  });

  it.skipIf(process.platform !== "linux")(
    "leaves no thread behind when closed, and starts new ones when asked again (counted in /proc, so on Linux only)",
    async () => {
      const threads = (): number => readdirSync("/proc/self/task").length;
      await closeWorkers();
      const closed = threads();
      await runTasks({ module, name: "slow" }, [20, 20], { threads: 2 });
      expect(threads()).toBeGreaterThan(closed);
      await closeWorkers();
      await closeWorkers();
      expect(threads()).toBe(closed);
      expect(await runTasks({ module, name: "square" }, [3])).toEqual([9]);
    },
  );
});
