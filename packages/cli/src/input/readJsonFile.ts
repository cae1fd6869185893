import { readFile } from "node:fs/promises";
import { FormatError } from "@materiome/core";
import { whyUnreadable } from "./whyUnreadable.ts";

/**
 * Parsed content of a JSON file.
 *
 * @throws FormatError naming the file if it cannot be read or is no JSON
 */
export async function readJsonFile(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new FormatError(whyUnreadable(cause, "a JSON file"), { location: { file: path }, cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    // What JSON.parse says quotes the file: of a picture, bytes that no terminal should get.
    const isText = !/[\0\uFFFD]/.test(text);
    const shown = isText
      ? `is no complete JSON (${(cause as Error).message}); it may be cut off or edited by hand`
      : "is no JSON, and no text; check the path";
    throw new FormatError(shown, { location: { file: path }, cause });
  }
}
