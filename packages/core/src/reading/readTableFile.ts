import { type FileHandle, open } from "node:fs/promises";
import { DataError } from "../errors/errors.ts";
import type { Table } from "../table/table.ts";
import { readDelimitedFile } from "./readDelimitedFile.ts";
import type { ReadTableFileOptions, TableFileFormat } from "./readTableOptions.ts";

/**
 * Reads a table file: delimited text (CSV, TSV), an Excel workbook (.xlsx), Parquet, or JSON records (an array of objects,
 * or one object a line). The same data give the same table in every format; see {@link readTable} for how kinds, units and
 * roles are found. Delimited text is streamed: memory holds the columns, not the file.
 *
 * Dates of workbooks and Parquet files are written as ISO 8601. A merged cell of a workbook is the value of every row that
 * it covers; formulas count by their stored value, and one without is an error. Row numbers are those of the file; of JSON
 * and Parquet, which have no header row, record 1 is row 1.
 *
 * @throws DataError if there is no such file or sheet, or it cannot be read; errors of {@link readTable}
 * @throws FormatError if it is no such file, or holds nested values
 * @example
 * const table = await readTableFile("steels.csv");
 */
export async function readTableFile(path: string, options: ReadTableFileOptions = {}): Promise<Table> {
  let handle: FileHandle | undefined;
  try {
    options.signal?.throwIfAborted();
    handle = await open(path, "r").catch((cause: unknown) => cannotRead(path, cause));
    const start = new Uint8Array(4096);
    const { bytesRead } = await handle
      .read(start, 0, start.length, 0)
      .catch((cause: unknown) => cannotRead(path, cause));
    const format = options.format ?? formatOf(path, start.subarray(0, bytesRead));
    const own = { ...options, file: path };
    switch (format) {
      case "xlsx":
        return await (await import("./readXlsx.ts")).readXlsx(await handle.readFile(), own);
      case "parquet":
        return await (await import("./readParquet.ts")).readParquet(await handle.readFile(), own);
      case "json":
        return (await import("./readJsonRecords.ts")).readJsonRecords(await handle.readFile(), own);
      default:
        return await readDelimitedFile(handle, own);
    }
  } finally {
    await handle?.close();
  }
}

/** By the first bytes; JSON also needs its name, for a CSV header may begin with a bracket. */
function formatOf(path: string, start: Uint8Array): TableFileFormat {
  const text = Buffer.from(start.buffer, start.byteOffset, start.length).toString("latin1");
  if (text.startsWith("PAR1")) return "parquet";
  if (text.startsWith("PK\u0003\u0004")) return "xlsx";
  if (text.startsWith("\u00d0\u00cf\u0011\u00e0")) {
    throw new DataError(
      "this is a workbook of the old format (.xls) or protected by a password; save it as .xlsx or CSV",
      {
        location: { file: path },
      },
    );
  }
  const other = text.startsWith("%PDF")
    ? "PDF"
    : /^\W*<(?:!doctype|html|\?xml|table)\b/i.test(text)
      ? "HTML or XML"
      : "";
  if (other !== "") {
    throw new DataError(`this is ${other}, not a table; export it as CSV or .xlsx`, { location: { file: path } });
  }
  return /\.(?:json|jsonl|ndjson)$/i.test(path) ? "json" : "delimited";
}

function cannotRead(path: string, cause: unknown): never {
  const code = (cause as NodeJS.ErrnoException).code;
  const why =
    code === "ENOENT"
      ? "there is no such file"
      : code === "EISDIR"
        ? "this is a folder, a table file is expected"
        : cause instanceof Error
          ? cause.message
          : String(cause);
  throw new DataError(`cannot read the table: ${why}`, { cause, location: { file: path } });
}
