import type { AbortLike } from "../run/run.ts";
import type { DecimalSign } from "../table/numberText.ts";
import type { TableSchema } from "../table/schema.ts";
import type { TableNotation } from "../table/tableNotation.ts";
import type { Delimiter } from "./detectDelimiter.ts";
import type { TextEncodingName } from "./encoding.ts";

export interface ReadTableOptions extends TableNotation {
  /** Name of the file, for messages. */
  readonly file?: string | undefined;
  /** Roles, units, kinds and notation that are declared rather than inferred. */
  readonly schema?: TableSchema | undefined;
}

/** Formats of table files. */
export type TableFileFormat = "delimited" | "xlsx" | "parquet" | "json";

export interface ReadTableFileOptions extends Omit<ReadTableOptions, "file"> {
  /** @defaultValue told from the first bytes, and for JSON from the name */
  readonly format?: TableFileFormat | undefined;
  /** Of delimited text and JSON. @defaultValue detected: byte order mark, UTF-16 by its zeros, UTF-8, else Windows-1252 */
  readonly encoding?: TextEncodingName | undefined;
  /** Sheet of a workbook, by name or number from 1. @defaultValue the first */
  readonly sheet?: string | number | undefined;
  /** Looked at between pieces of delimited text, for other formats before they are read. */
  readonly signal?: AbortLike | undefined;
  /** Told how the file was read. */
  readonly onReport?: ((report: ReadReport) => void) | undefined;
}

/** How a file was read, where that was detected rather than stated. */
export interface ReadReport {
  readonly format: TableFileFormat;
  readonly encoding?: TextEncodingName | undefined;
  /** True if nothing but the bytes said that the text is Windows-1252: signs such as ° and µ are worth a look. */
  readonly isEncodingGuessed?: boolean | undefined;
  /** Of delimited text. */
  readonly delimiter?: Delimiter | undefined;
  /** Of delimited text; a point also where no number has a decimal sign. */
  readonly decimal?: DecimalSign | undefined;
  readonly sheet?: string | undefined;
}
