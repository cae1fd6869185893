import { FormatError } from "../errors/errors.ts";
import type { Table } from "../table/table.ts";
import { cellText } from "./cellText.ts";
import { labelCells, NO_LABELS, type RawColumn } from "./rawColumn.ts";
import { tableOfRaw } from "./readRecords.ts";
import type { ReadTableFileOptions } from "./readTableOptions.ts";

/** A Parquet file as a table; columns of numbers, texts, dates and booleans, in any of the usual compressions. */
export async function readParquet(
  bytes: Uint8Array,
  options: ReadTableFileOptions & { readonly file: string },
): Promise<Table> {
  const { file } = options;
  const [{ parquetMetadata, parquetRead, parquetSchema }, { compressors }] = await Promise.all([
    import("hyparquet"),
    import("hyparquet-compressors"),
  ]);
  const fail = (cause: unknown): never => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError(`this cannot be read as Parquet: ${why}`, { cause, location: { file } });
  };
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  let metadata: ReturnType<typeof parquetMetadata>;
  try {
    metadata = parquetMetadata(buffer);
  } catch (cause) {
    return fail(cause);
  }
  const leaves = parquetSchema(metadata).children;
  const nested = leaves.filter((leaf) => leaf.children.length > 0 || leaf.element.repetition_type === "REPEATED");
  if (nested.length > 0) {
    const names = nested.map((leaf) => `"${leaf.element.name}"`).join(", ");
    throw new FormatError(
      `the columns ${names} hold lists or structures, a table needs one value a cell; write each part into a column of its own`,
      { location: { file } },
    );
  }
  const n = Number(metadata.num_rows);
  const values = new Map<string, unknown[]>(leaves.map((leaf) => [leaf.element.name, new Array<unknown>(n)]));
  await parquetRead({
    file: buffer,
    metadata,
    compressors,
    onChunk: ({ columnName, columnData, rowStart }) => {
      const column = values.get(columnName);
      if (column === undefined) return;
      for (let i = 0; i < columnData.length; i++) column[rowStart + i] = columnData[i];
    },
  }).catch(fail);
  options.onReport?.({ format: "parquet" });
  return tableOfRaw(
    {
      header: [...values.keys()],
      headerRow: 1,
      columns: [...values].map(([name, cells]) => rawColumnOf(name, cells, file)),
      rowNumbers: Int32Array.from({ length: n }, (_, i) => i + 1),
      ragged: [],
      delimiter: undefined,
    },
    { ...options, header: options.header ?? true },
  );
}

function rawColumnOf(name: string, cells: readonly unknown[], file: string): RawColumn {
  const isNumeric = cells.every(
    (cell) => cell == null || (typeof cell === "number" && Math.abs(cell) !== Number.POSITIVE_INFINITY),
  );
  if (isNumeric && cells.some((cell) => typeof cell === "number")) {
    const values = Float64Array.from(cells, (cell) => (typeof cell === "number" ? cell : Number.NaN));
    const valid = Uint8Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1));
    const nNumbers = valid.reduce((sum, flag) => sum + flag, 0);
    return {
      plan: "numbers",
      values,
      valid,
      nNumbers,
      nWithSign: 0,
      firstWithSign: undefined,
      isThousands: false,
      hasCodes: false,
      others: NO_LABELS,
    };
  }
  const texts = cells.map((cell, i) => {
    const text = cellText(cell);
    if (text !== undefined) return text;
    const kind = cell instanceof Uint8Array ? "bytes" : "a list or structure";
    throw new FormatError(`holds ${kind}, expected numbers, texts or dates`, {
      location: { file, row: i + 1, column: name },
    });
  });
  return labelCells(texts);
}
