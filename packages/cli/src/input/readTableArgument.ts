import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type ReadReport, readSchema, readTableFile, type Table } from "@materiome/core";
import type { Session } from "../terminal/session.ts";
import { readJsonFile } from "./readJsonFile.ts";

/** Options of every command that reads a table. */
export interface TableOptions {
  /** File of column roles and units. */
  readonly schema?: string | undefined;
  /** Sheet of a workbook, by name or by number from 1. */
  readonly sheet?: string | undefined;
}

export interface TableArgument {
  readonly table: Table;
  /** Checksum of the file's bytes: says later which data a model has seen. */
  readonly sha256: string;
}

/**
 * Reads the table that a command was given (CSV, TSV, XLSX, Parquet, JSON records), with the roles and units of `--schema`
 * where there is one. An encoding that was guessed is said in a warning.
 *
 * @throws DataError, FormatError naming the file if it cannot be read
 */
export async function readTableArgument(
  path: string,
  options: TableOptions,
  session: Pick<Session, "signal" | "warn">,
): Promise<TableArgument> {
  const schema =
    options.schema === undefined ? undefined : readSchema(await readJsonFile(options.schema), options.schema);
  let report: ReadReport | undefined;
  const table = await readTableFile(path, {
    schema,
    sheet: sheetOf(options.sheet),
    signal: session.signal,
    onReport: (found) => {
      report = found;
    },
  });
  if (report?.isEncodingGuessed === true) {
    session.warn(
      `${path} is no UTF-8; read as Windows-1252. Look at signs such as ° and µ, or export it as CSV (UTF-8)`,
    );
  }
  return { table, sha256: await sha256Of(path) };
}

function sheetOf(text: string | undefined): string | number | undefined {
  return text !== undefined && /^[1-9]\d*$/.test(text) ? Number(text) : text;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}
