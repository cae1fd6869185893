import { DataError, isMateriomeError } from "@materiome/core";

/** The error with the file it is about, where it speaks of data and does not say so itself; other errors as they are. */
export function inFile(file: string, error: unknown): unknown {
  if (!isMateriomeError(error) || error.code !== "DATA" || error.location?.file !== undefined) return error;
  return new DataError(error.message, { location: { file }, cause: error });
}
