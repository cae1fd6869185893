import { rmdirSync } from "node:fs";
import { access, constants, mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { FormatError } from "@materiome/core";

/** Made by this process, parents first. */
const made: string[] = [];

/**
 * Makes an output folder, or makes sure that an existing one can be written: found out before hours of work, not after.
 * What it made and nobody wrote to goes with {@link removeUnusedFolders}.
 *
 * @throws FormatError naming the folder and the remedy
 */
export async function prepareFolder(folder: string): Promise<void> {
  const location = { file: folder };
  const existing = await stat(folder).catch(() => undefined);
  if (existing !== undefined && !existing.isDirectory()) {
    throw new FormatError("is a file, expected a folder for the results; choose another --out", { location });
  }
  try {
    await makeWithParents(folder);
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
    const message = `the output folder cannot be written (${reason}); choose another --out or change its rights`;
    throw new FormatError(message, { location, cause });
  }
}

/** One level at a time: Node's recursive mkdir never returns where the system answers ENOENT below an existing folder. */
async function makeWithParents(folder: string): Promise<void> {
  const parent = dirname(folder);
  const isThere = await stat(parent).then(
    () => true,
    () => false,
  );
  if (!isThere && parent !== folder) await makeWithParents(parent);
  await mkdir(folder).then(
    () => made.push(resolve(folder)),
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    },
  );
}

/** Removes the folders that {@link prepareFolder} made and that hold nothing: a command that was refused leaves no trace. */
export function removeUnusedFolders(): void {
  for (const folder of made.splice(0).reverse()) {
    try {
      rmdirSync(folder);
    } catch {
      // It holds something, or is gone: either way not ours to remove.
    }
  }
}
