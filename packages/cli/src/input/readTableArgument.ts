import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { FormatError, readSchema, readTable, type Table } from "@materiome/core";
import { readJsonFile } from "./readJsonFile.ts";
import { whyUnreadable } from "./whyUnreadable.ts";

export interface TableArgument {
  readonly table: Table;
  /** Checksum of the file's bytes: says later which data a model has seen. */
  readonly sha256: string;
}

/**
 * Reads the table that a command was given, with the roles and units of `--schema` where there is one.
 *
 * @throws FormatError naming the file if it cannot be read or is no UTF-8; errors of `readTable`
 */
export async function readTableArgument(path: string, schemaPath: string | undefined): Promise<TableArgument> {
  const schema = schemaPath === undefined ? undefined : readSchema(await readJsonFile(schemaPath), schemaPath);
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new FormatError(whyUnreadable(cause, "a CSV table"), { location: { file: path }, cause });
  });
  const table = readTable(decode(bytes, path), { file: path, schema });
  return { table, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** Another encoding would garble the names and units with signs in them (°C, µm) without a word. */
function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError("this is no text in UTF-8; export the table as CSV (UTF-8)", {
      location: { file: path },
      cause,
    });
  }
}
