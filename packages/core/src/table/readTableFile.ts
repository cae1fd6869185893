import { readFile } from "node:fs/promises";
import { DataError, FormatError } from "../errors/errors.ts";
import { type ReadTableOptions, readTable } from "./readTable.ts";
import type { Table } from "./table.ts";

/**
 * Reads a CSV file (UTF-8); see {@link readTable}.
 *
 * @throws DataError if there is no such file or it cannot be read; errors of {@link readTable}
 * @example
 * const table = await readTableFile("steels.csv");
 */
export async function readTableFile(path: string, options: Omit<ReadTableOptions, "file"> = {}): Promise<Table> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const why =
      code === "ENOENT"
        ? "there is no such file"
        : code === "EISDIR"
          ? "this is a folder, a CSV file is expected"
          : cause instanceof Error
            ? cause.message
            : String(cause);
    throw new DataError(`cannot read the table: ${why}`, { cause, location: { file: path } });
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError("this is no text in UTF-8; export the table as CSV (UTF-8)", {
      cause,
      location: { file: path },
    });
  }
  return readTable(text, { ...options, file: path });
}
