import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What was made before, from the folder where it is kept, so that parts of a long benchmark may be made at different times. */
export async function keptRun<Result>(
  folder: string | undefined,
  name: string,
  make: () => Promise<Result>,
): Promise<Result> {
  const before = keptBefore<Result>(folder, name);
  if (before !== undefined) return before;
  const result = await make();
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    const file = fileOf(folder, name);
    writeFileSync(`${file}.tmp`, JSON.stringify(result));
    renameSync(`${file}.tmp`, file); // a run that is stopped leaves no half
  }
  return result;
}

/** What was made before; undefined where it was not. */
export function keptBefore<Result>(folder: string | undefined, name: string): Result | undefined {
  if (folder === undefined || !existsSync(fileOf(folder, name))) return undefined;
  return JSON.parse(readFileSync(fileOf(folder, name), "utf8")) as Result;
}

function fileOf(folder: string, name: string): string {
  return join(folder, `${name}.json`);
}
