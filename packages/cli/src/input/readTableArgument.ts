import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { FormatError, readSchema, readTable, type Table } from "@materiome/core";
import { readJsonFile } from "./readJsonFile.ts";

export interface TableArgument {
  readonly table: Table;
  /** Checksum of the file's bytes: says later which data a model has seen. */
  readonly sha256: string;
}

/** Reads the table that a command was given, with the roles and units of `--schema` where there is one. */
export async function readTableArgument(path: string, schemaPath: string | undefined): Promise<TableArgument> {
  const schema = schemaPath === undefined ? undefined : readSchema(await readJsonFile(schemaPath), schemaPath);
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const what = cause.code === "ENOENT" ? "there is no such file" : `cannot be read (${cause.message})`;
    throw new FormatError(what, { location: { file: path }, cause });
  });
  const table = readTable(new TextDecoder().decode(bytes), { file: path, schema });
  return { table, sha256: createHash("sha256").update(bytes).digest("hex") };
}
