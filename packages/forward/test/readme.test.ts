import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

describe("README", () => {
  it("has an example that runs as it stands", () => {
    const text = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const hook = new URL("../../../tools/testing/register-typescript.mjs", import.meta.url).href;
    // Inside the package, so that it finds the packages by their names.
    const file = fileURLToPath(new URL(`./readme-${process.pid}.tmp.ts`, import.meta.url));
    writeFileSync(file, /```ts\n([\s\S]*?)```/.exec(text)?.[1] ?? "");
    try {
      const args = ["--import", hook, "--conditions=@materiome/source", file];
      const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
      expect(stderr).toBe("");
      expect(stdout).toMatch(
        /^\d+ MPa mean error on heats held out, R² 0\.9\d\n\d+ MPa, 90 % between \d+ and \d+\ninside/,
      );
    } finally {
      rmSync(file);
    }
  });
});
