import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface ExampleOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/**
 * Runs a TypeScript or JavaScript block of a README as a program of its own.
 *
 * @param readme - URL of the README
 * @param folder - URL of a folder from which the packages of the example are found by their names
 * @param which - which block, 0 the first
 */
export function runReadmeExample(readme: URL, folder: URL, which = 0): ExampleOutput {
  const code = [...readFileSync(readme, "utf8").matchAll(/```[jt]s\n([\s\S]*?)```/g)][which]?.[1];
  if (code === undefined) throw new Error(`${readme.href} has no ts or js block ${which}`);
  const hook = new URL("./register-typescript.mjs", import.meta.url).href;
  const file = fileURLToPath(new URL(`./readme-${process.pid}.tmp.ts`, folder));
  writeFileSync(file, code);
  try {
    const args = ["--import", hook, "--conditions=@materiome/source", file];
    return spawnSync(process.execPath, args, { encoding: "utf8" });
  } finally {
    rmSync(file);
  }
}
