import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as core from "@materiome/core";
import { closeWorkers, createRandom, DataError } from "@materiome/core";
import {
  type DigitizeBatchOptions,
  type DigitizeSummary,
  digitizeBatch,
  writeMicrographPng,
} from "@materiome/microstructure";
import { renderMicrograph, voronoiGrains } from "@materiome/microstructure/synthesis";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

/** The file or task that finds the disk full. */
const disk = vi.hoisted(() => ({ fullAt: "" }));
vi.mock("@materiome/core", async (original) => {
  const real = await original<typeof core>();
  const noSpace = (): Error => Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC", errno: -28 });
  return {
    ...real,
    writeFileAtomic: async (path: string, data: string | Uint8Array) => {
      if (disk.fullAt !== "" && path.endsWith(disk.fullAt)) throw real.cannotWrite(path, noSpace());
      await real.writeFileAtomic(path, data);
    },
    runTasks: (
      task: core.TaskFunction,
      inputs: readonly { readonly file: string }[],
      options: core.RunTasksOptions,
    ) => {
      const isFull = disk.fullAt !== "" && task.name === "runMosaic" && inputs[0]?.file.endsWith(disk.fullAt);
      if (isFull === true) return Promise.reject(real.cannotWrite("scratch", noSpace(), "scratch data"));
      return real.runTasks(task, inputs, options);
    },
  };
});

let folder: string;
let files: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "disk-full-"));
  files = [];
  for (const k of [1, 2, 3]) {
    const file = join(folder, `field-${k}.png`);
    const labels = voronoiGrains({ width: 96, height: 96, nGrains: 20 }, createRandom(k));
    await writeMicrographPng(file, renderMicrograph(labels, { noise: "low" }, createRandom(k)));
    files.push(file);
  }
});
beforeEach(() => {
  disk.fullAt = "";
});
afterAll(async () => {
  await closeWorkers();
  await rm(folder, { recursive: true, force: true });
});

const run = (out: string, options: Partial<DigitizeBatchOptions>): Promise<DigitizeSummary> =>
  digitizeBatch(files, { outDir: join(folder, out), pixelSizeUm: 0.5, threads: 1, method: "lines", ...options });

describe("digitizeBatch on a full disk", () => {
  it.each([
    ["whole images", undefined, "field-2.overlay.png"],
    ["images in bands", 1000, "field-2.overlay.png"],
    ["scratch data of bands", 1000, "field-2.png"],
    ["the labels, which come last", undefined, "field-2.labels.tif"],
  ])("stops, names the folder, keeps what was finished, goes on later: %s", async (name, mostPixels, fullAt) => {
    const out = name.replaceAll(/\W/g, "-");
    const outDir = join(folder, out);
    disk.fullAt = fullAt;
    const failed = run(out, { mostPixels });
    await expect(failed).rejects.toThrow(DataError);
    await expect(failed).rejects.toThrow(`${outDir}: the disk is full; the batch stopped after 1 of 3 images`);
    await expect(failed).rejects.toThrow("--resume");
    const there = await readdir(outDir);
    expect(there).toContain("field-1.labels.tif");
    expect(there).not.toContain("field-2.labels.tif");
    expect(there.filter((file) => file.startsWith("field-3") || file.endsWith(".tmp"))).toEqual([]);
    disk.fullAt = "";
    const resumed = await run(out, { mostPixels, resume: true });
    expect(resumed).toMatchObject({ nResumed: 1, skipped: [] });
    expect(resumed.images).toHaveLength(3);
  });
});
