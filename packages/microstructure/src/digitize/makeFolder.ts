import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { DataError } from "@materiome/core";

/**
 * Makes a folder and its parents, one at a time: Node's recursive mkdir never returns where the system answers ENOENT
 * below a folder that exists (as /proc does).
 *
 * @throws DataError naming the folder, where it cannot be made or is a file
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makeWithParents(folder);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`the output folder cannot be made (${why}); choose another`, {
      cause,
      location: { file: folder },
    });
  }
}

async function makeWithParents(folder: string): Promise<void> {
  const there = await stat(folder).catch(() => undefined);
  if (there?.isDirectory() === true) return;
  const parent = dirname(folder);
  if (parent !== folder) await makeWithParents(parent);
  await mkdir(folder).catch(async (error: NodeJS.ErrnoException) => {
    // Another process may have made it meanwhile.
    const now = await stat(folder).catch(() => undefined);
    if (error.code !== "EEXIST" || now?.isDirectory() !== true) throw error;
  });
}
