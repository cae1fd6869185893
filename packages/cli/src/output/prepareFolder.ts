import { access, constants, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { FormatError } from "@materiome/core";

/**
 * Makes an output folder, or makes sure that an existing one can be written: found out before hours of work, not after.
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
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
}
