import { access, constants, mkdir, stat } from "node:fs/promises";
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
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
    throw new FormatError(
      `the output folder cannot be written (${reason}); choose another --out or change its rights`,
      {
        location,
        cause,
      },
    );
  }
}
