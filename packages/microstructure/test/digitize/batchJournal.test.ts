import { appendFile, copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeWorkers, createRandom, FormatError, IncompatibleError } from "@materiome/core";
import {
  type DigitizeBatchOptions,
  type DigitizeSummary,
  digitizeBatch,
  writeMicrographPng,
} from "@materiome/microstructure";
import { renderMicrograph, voronoiGrains } from "@materiome/microstructure/synthesis";
import { afterAll, beforeEach, describe, expect, it } from "vitest";

let folder: string;
let files: string[];
let journal: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "materiome-journal-"));
  journal = join(folder, "out/digitize.journal.ndjson");
  files = [];
  for (const k of [1, 2, 3]) {
    const file = join(folder, `field-${k}.png`);
    const labels = voronoiGrains({ width: 96, height: 96, nGrains: 20 }, createRandom(k));
    await writeMicrographPng(file, renderMicrograph(labels, { noise: "low" }, createRandom(k)));
    files.push(file);
  }
  return () => rm(folder, { recursive: true, force: true });
});
afterAll(() => closeWorkers());

const run = (options: Partial<DigitizeBatchOptions> = {}): Promise<DigitizeSummary> =>
  digitizeBatch(files, { outDir: join(folder, "out"), pixelSizeUm: 0.5, threads: 1, ...options });

describe("digitizeBatch with resume", () => {
  it("goes on after a stop at any byte of the journal, with the results of a whole run", async () => {
    const whole = await run();
    expect(whole.nResumed).toBe(0);
    const text = await readFile(journal, "utf8");
    const lines = text.split("\n");
    expect(lines).toHaveLength(5); // header, three images, nothing after the last break
    const header = lines[0]!.length;
    for (const [keep, nResumed] of [
      [text.length, 3],
      [text.length - 1, 2],
      [text.length - lines[3]!.length, 2],
      [header + 1, 0],
    ] as const) {
      await writeFile(journal, text.slice(0, keep));
      expect(await run({ resume: true })).toEqual({ ...whole, nResumed });
    }
  });

  it("measures again what changed: the file, or a result that is gone", async () => {
    const whole = await run();
    await rm(join(folder, "out/field-1.overlay.png"));
    await copyFile(files[2]!, files[1]!);
    const again = await run({ resume: true });
    expect(again.nResumed).toBe(1);
    expect(again.images[0]).toEqual(whole.images[0]);
    expect(again.images[1]?.nGrains).toBe(whole.images[2]?.nGrains);
  });

  it("pools by the map of samples it is given now", async () => {
    await run();
    const samples = new Map(files.map((file) => [file, "A"]));
    const pooled = await run({ resume: true, samples });
    expect(pooled).toMatchObject({ nResumed: 3, samples: [{ specimen: "A", nFields: 3 }] });
  });

  it("tries failed images again and takes images that are new", async () => {
    await writeFile(files[1]!, "no image");
    expect((await run()).skipped).toHaveLength(1);
    await copyFile(files[0]!, files[1]!);
    expect(await run({ resume: true })).toMatchObject({ nResumed: 2, skipped: [] });
  });

  it("refuses other settings, naming them, and a file that is no journal", async () => {
    await run();
    await expect(run({ resume: true, pixelSizeUm: 0.25 })).rejects.toThrow(IncompatibleError);
    await expect(run({ resume: true, pixelSizeUm: 0.25 })).rejects.toThrow(/pixelSizeUm: 0\.5 then, 0\.25 now/);
    await expect(run({ resume: true, mostPixels: 1000 })).rejects.toThrow(/mostPixels: 30000000 then, 1000 now/);
    await appendFile(journal, "not json\n");
    await expect(run({ resume: true })).rejects.toThrow(FormatError);
    await writeFile(journal, "hello\n");
    await expect(run({ resume: true })).rejects.toThrow(/no journal of a batch/);
    expect((await run()).nResumed).toBe(0); // without resume an older journal is replaced
  });
});
