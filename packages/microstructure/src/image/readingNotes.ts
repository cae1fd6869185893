import { DataError, isMateriomeError } from "@materiome/core";

/** An error of a later stage with what was seen on reading (clipped, one grey, a class mask): often why nothing could be found. */
export function withReadingNotes(cause: unknown, warnings: readonly string[]): unknown {
  if (!isMateriomeError(cause) || warnings.length === 0) return cause;
  return new DataError(`${cause.message}; on reading the file: ${warnings.join("; ")}`, { cause });
}
