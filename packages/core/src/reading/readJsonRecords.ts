import { FormatError } from "../errors/errors.ts";
import { ProblemList } from "../errors/problemList.ts";
import type { Table } from "../table/table.ts";
import { cellText } from "./cellText.ts";
import { createTranscoder, encodingOfStart } from "./encoding.ts";
import { labelCells } from "./rawColumn.ts";
import { tableOfRaw } from "./readRecords.ts";
import type { ReadTableFileOptions } from "./readTableOptions.ts";

/** A table from an array of objects, or from one object a line (NDJSON); columns in the order of their first appearance. */
export function readJsonRecords(bytes: Uint8Array, options: ReadTableFileOptions & { readonly file: string }): Table {
  const { file } = options;
  const encoding = options.encoding ?? encodingOfStart(bytes) ?? "utf-8";
  const transcoder = createTranscoder(encoding, true, file);
  const text = Buffer.concat([transcoder.next(bytes), transcoder.next(undefined)])
    .toString("utf8")
    .replace(/^\ufeff/, "");
  const problems = new ProblemList(file);
  const records = text.trimStart().startsWith("[") ? parseArray(text, file) : parseLines(text, problems);
  const columns = new Map<string, string[]>();
  for (const [i, { record, row }] of records.entries()) {
    if (typeof record !== "object" || record === null || Array.isArray(record)) {
      problems.add(`expected an object such as {"C (wt%)": 0.2}, got ${JSON.stringify(record)?.slice(0, 40)}`, { row });
      continue;
    }
    for (const [name, value] of Object.entries(record)) {
      const cell = cellText(value);
      if (cell === undefined) {
        problems.add("holds a list or an object; write each part into a field of its own", { row, column: name });
        continue;
      }
      let cells = columns.get(name);
      if (cells === undefined) {
        cells = [];
        columns.set(name, cells);
      }
      cells[i] = cell;
    }
  }
  problems.throwIfAny();
  options.onReport?.({ format: "json", encoding });
  const n = records.length;
  const texts = [...columns.values()].map((cells) => Array.from({ length: n }, (_, i) => cells[i]));
  const kept = Array.from({ length: n }, (_, i) => i).filter((i) =>
    texts.some((cells) => (cells[i] ?? "").trim() !== ""),
  );
  return tableOfRaw(
    {
      header: [...columns.keys()],
      headerRow: 1,
      columns: texts.map((cells) => labelCells(kept.map((i) => cells[i]))),
      rowNumbers: Int32Array.from(kept, (i) => records[i]?.row ?? 0),
      ragged: [],
      delimiter: undefined,
    },
    { ...options, header: options.header ?? true },
  );
}

interface JsonRecord {
  readonly record: unknown;
  /** Place in the array, or line, from 1. */
  readonly row: number;
}

function parseArray(text: string, file: string): JsonRecord[] {
  try {
    return (JSON.parse(text) as unknown[]).map((record, i) => ({ record, row: i + 1 }));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError(`this is no JSON: ${why}`, { cause, location: { file } });
  }
}

function parseLines(text: string, problems: ProblemList): JsonRecord[] {
  return text.split("\n").flatMap((line, i): JsonRecord[] => {
    if (line.trim() === "") return [];
    try {
      return [{ record: JSON.parse(line) as unknown, row: i + 1 }];
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      problems.add(`expected an array of objects, or one JSON object a line: ${why}`, { row: i + 1 });
      return [];
    }
  });
}
