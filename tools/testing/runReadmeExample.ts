import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ownPackages } from "./ownPackages.ts";

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
 * @param which - which block, 0 the first; or a text that it alone holds, so that blocks before it may come and go
 */
export function runReadmeExample(readme: URL, folder: URL, which: number | string = 0): ExampleOutput {
  const blocks = Array.from(readFileSync(readme, "utf8").matchAll(/```[jt]s\n([\s\S]*?)```/g), ([, code = ""]) => code);
  const found = typeof which === "number" ? blocks.slice(which, which + 1) : blocks.filter((b) => b.includes(which));
  const [code] = found;
  if (code === undefined || found.length > 1)
    throw new Error(`${readme.href}: ${found.length} ts or js blocks for ${which}`);
  const file = fileURLToPath(new URL(`./readme-${process.pid}.tmp.ts`, folder));
  writeFileSync(file, code);
  try {
    return spawnSync(process.execPath, [...ownPackages, file], { encoding: "utf8" });
  } finally {
    rmSync(file);
  }
}
