import { type FormatError, isMateriomeError } from "@materiome/core";
import { readSpace, type SearchSpace } from "@materiome/inverse";
import { readJsonFile } from "./readJsonFile.ts";

/**
 * The design space of a JSON file.
 *
 * @throws the errors of `readSpace`, with the file
 */
export async function readSpaceFile(path: string): Promise<SearchSpace> {
  const data = await readJsonFile(path);
  try {
    return readSpace(data);
  } catch (cause) {
    if (!isMateriomeError(cause)) throw cause;
    throw new (cause.constructor as typeof FormatError)(cause.message, { location: { file: path }, cause });
  }
}
