import { readFile } from "node:fs/promises";
import { FormatError } from "@materiome/core";

/**
 * Parsed content of a JSON file.
 *
 * @throws FormatError naming the file if it cannot be read or is no JSON
 */
export async function readJsonFile(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const what = cause.code === "ENOENT" ? "there is no such file" : `cannot be read (${cause.message})`;
    throw new FormatError(what, { location: { file: path }, cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    const shown = `is no complete JSON (${(cause as Error).message}); it may be cut off or edited by hand`;
    throw new FormatError(shown, { location: { file: path }, cause });
  }
}
