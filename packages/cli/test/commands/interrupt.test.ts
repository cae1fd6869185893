import type { ChildProcess } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readLabelImage, readMicrograph } from "@materiome/microstructure";
import { describe, expect, it } from "vitest";
import { writeField } from "./fields.ts";
import { type CliResult, runCli } from "./runCli.ts";
import { filesIn, workFolder } from "./workFolder.ts";

interface Interrupted extends CliResult {
  /** From the signal to the end of the process. */
  readonly seconds: number;
}

/** Runs a command and sends it Ctrl-C as soon as a file that ends so appears below `folder`. */
async function interruptAt(ending: string, folder: string, args: readonly string[], cwd: string): Promise<Interrupted> {
  let child: ChildProcess | undefined;
  let hasEnded = false;
  const run = runCli(args, {
    cwd,
    onStart: (started) => {
      child = started;
    },
  });
  run.finally(() => {
    hasEnded = true;
  });
  const isThere = async (): Promise<boolean> => {
    const names = await readdir(folder, { recursive: true }).catch(() => []);
    return names.some((name) => name.endsWith(ending) && !name.endsWith(".tmp"));
  };
  while (!hasEnded && !(await isThere())) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(hasEnded, "the command ended before it could be interrupted").toBe(false);
  const sent = performance.now();
  child?.kill("SIGINT");
  const result = await run;
  return { ...result, seconds: (performance.now() - sent) / 1000 };
}

/** Every file is whole: pictures and label images can be read, tables end with their last row, nothing is temporary. */
async function expectWholeFiles(folder: string): Promise<void> {
  for (const name of await filesIn(folder)) {
    expect(name).not.toMatch(/\.tmp$/);
    const path = join(folder, name);
    if (name.endsWith(".labels.tif")) await readLabelImage(path);
    else if (name.endsWith(".png")) await readMicrograph(path);
    else if (name.endsWith(".csv") || name.endsWith(".ndjson")) expect(await readFile(path, "utf8")).toMatch(/\n$/);
    else expect.unreachable(`${name} is written when all is done`);
  }
}

describe.skipIf(process.platform === "win32")("Ctrl-C in the middle (Windows has no such signal to send)", () => {
  it("of a batch of images: exit code 130, whole files only, no summary", async () => {
    const cwd = await workFolder();
    const images = Array.from({ length: 6 }, (_, k) => `field-${k}.png`);
    for (const [k, image] of images.entries()) await writeField(join(cwd, image), k);
    const out = join(cwd, "out");
    const args = ["digitize", ...images, "--pixel-size", "0.5", "--out", "out", "--threads", "1"];
    const { code, stderr, seconds } = await interruptAt(".labels.tif", out, args, cwd);
    expect(code).toBe(130);
    expect(seconds).toBeLessThan(5);
    expect(stderr).toContain("stopped by Ctrl-C");
    expect((await filesIn(out)).length).toBeLessThan(3 * images.length);
    await expectWholeFiles(out);
  });

  it("of the demo: exit code 130, whole pictures only, no report", async () => {
    const cwd = await workFolder();
    const out = join(cwd, "out");
    const { code, stderr, seconds } = await interruptAt(".png", out, ["demo", "--out", "out", "--threads", "1"], cwd);
    expect(code).toBe(130);
    expect(seconds).toBeLessThan(5);
    expect(stderr).toContain("stopped by Ctrl-C");
    await expectWholeFiles(out);
  });
});
