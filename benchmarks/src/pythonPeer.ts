import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What a Python script beside this file prints as JSON, or undefined where no Python with its imports is found. */
export function pythonPeer<Result>(script: string, args: readonly (string | number)[]): Result | undefined {
  const file = fileURLToPath(new URL(script, import.meta.url));
  for (const python of ["/usr/bin/python3", "python3"]) {
    const { status, stdout } = spawnSync(python, [file, ...args.map(String)], { encoding: "utf8", maxBuffer: 1 << 26 });
    if (status === 0) return JSON.parse(stdout) as Result;
  }
  return undefined;
}
