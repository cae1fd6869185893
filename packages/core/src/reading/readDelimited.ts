import { FormatError, isMateriomeError } from "../errors/errors.ts";
import { isMaterialName } from "../table/inferRole.ts";
import { type DecimalSign, parseNumber } from "../table/numberText.ts";
import type { Table } from "../table/table.ts";
import { resolveNotation } from "../table/tableNotation.ts";
import { assembleTable, decimalOf, kindsOf, type Layout, layOut, type RawTable } from "./assembleTable.ts";
import { type CellPlan, DelimitedScan, type ScannedTable } from "./delimitedScan.ts";
import { type Delimiter, detectDelimiter } from "./detectDelimiter.ts";
import { textsOf } from "./rawColumn.ts";
import type { ReadTableOptions } from "./readTableOptions.ts";

/** What a reader asks of whoever holds the file: the next piece (undefined at its end), or to begin again. */
export type SourceRequest = "more" | "again";

const SAMPLE_BYTES = 1 << 20;
/** Enough for the hundred rows that tell the delimiter. */
const DELIMITER_BYTES = 1 << 18;

/** How the text turned out to be written. */
export interface DetectedSigns {
  readonly delimiter: Delimiter;
  readonly decimal: DecimalSign;
}

export interface ReadDelimitedOptions extends ReadTableOptions {
  /** Bytes looked at before the whole file is; changes speed only. @defaultValue 1 MiB */
  readonly sampleBytes?: number | undefined;
  /** Length of the file, where known: saves growing. */
  readonly totalBytes?: number | undefined;
  readonly onDetected?: ((signs: DetectedSigns) => void) | undefined;
}

/**
 * Reads delimited UTF-8 text that comes in pieces.
 *
 * A first sample says what to expect of each column: numbers, which are then read straight from the bytes, or texts. The
 * whole column decides: where the sample was wrong, the file is read once more for those columns. So the result depends
 * neither on the pieces nor on the sample.
 */
export function* readDelimited(options: ReadDelimitedOptions): Generator<SourceRequest, Table, Uint8Array | undefined> {
  const { file } = options;
  const stated = resolveNotation(options);
  const sampleSize = options.sampleBytes ?? SAMPLE_BYTES;

  const pieces: Uint8Array[] = [];
  let nSampled = 0;
  let isWhole = false;
  while (nSampled <= Math.max(sampleSize, DELIMITER_BYTES)) {
    const piece = yield "more";
    if (piece === undefined) {
      isWhole = true;
      break;
    }
    refuseZeros(piece, file);
    pieces.push(piece);
    nSampled += piece.length;
  }
  const sample = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
  isWhole &&= nSampled <= sampleSize;
  const head = sample.subarray(0, sampleSize);
  const first = sample.subarray(0, DELIMITER_BYTES);
  const text = Buffer.from(first.buffer, first.byteOffset, first.length)
    .toString("utf8")
    .replace(/^\ufeff/, "");
  const said = /^"?sep=([\t;|,])"?\r?\n/.exec(text)?.[1] as Delimiter | undefined; // a first line that Excel writes
  const headerRow = Math.max(stated.headerRow, said === undefined ? 1 : 2);
  const delimiter = stated.delimiter ?? said ?? detectDelimiter(text, headerRow);
  const base = { delimiter, hasHeader: stated.header, headerRow, file };

  const sampleScan = new DelimitedScan({ ...base, decimal: ".", expectedRows: 256 });
  sampleScan.push(isWhole ? sample : head);
  const sampled = rawOf(sampleScan.finish(isWhole), delimiter);
  if (isWhole) {
    const layout = layOut(sampled, options);
    const sign = decimalOf(sampled, layout, ".", options);
    options.onDetected?.({ delimiter, decimal: sign });
    return assembleTable(sampled, layout, sign, options);
  }

  const expectedRows = expectedRowsOf(sampled, head.length, options.totalBytes);
  let decimal = guessDecimal(sampled, options);
  let scan = new DelimitedScan({ ...base, decimal, plans: planColumns(sampled, decimal, options), expectedRows });
  for (const piece of pieces) scan.push(piece);
  pieces.length = 0;
  yield* pushRest(scan, file);
  let raw = rawOf(scan.finish(true), delimiter);
  const decided = decimalOf(raw, layOut(raw, options), decimal, options);
  if (decided !== decimal) {
    decimal = decided;
    scan = new DelimitedScan({ ...base, decimal, plans: planColumns(sampled, decimal, options), expectedRows });
    yield "again";
    yield* pushRest(scan, file);
    raw = rawOf(scan.finish(true), delimiter);
  }
  const layout = layOut(raw, options);
  const kinds = kindsOf(raw, layout, decimal, options);
  const misjudged = new Set(
    layout.columns.flatMap(({ header: { index } }, i) =>
      kinds[i] !== "number" && raw.columns[index]?.plan === "numbers" ? [index] : [],
    ),
  );
  if (misjudged.size > 0) {
    const plans = raw.columns.map((_, c): CellPlan => (misjudged.has(c) ? "labels" : "skip"));
    const again = new DelimitedScan({ ...base, decimal, plans, expectedRows });
    yield "again";
    yield* pushRest(again, file);
    const texts = again.finish(true).columns;
    raw = { ...raw, columns: raw.columns.map((column, c) => texts[c] ?? column) };
  }
  options.onDetected?.({ delimiter, decimal });
  return assembleTable(raw, layout, decimal, options);
}

function* pushRest(
  scan: DelimitedScan,
  file: string | undefined,
): Generator<SourceRequest, undefined, Uint8Array | undefined> {
  for (;;) {
    const piece = yield "more";
    if (piece === undefined) return undefined;
    refuseZeros(piece, file);
    scan.push(piece);
  }
}

function rawOf(scanned: ScannedTable, delimiter: Delimiter): RawTable {
  return { ...scanned, columns: scanned.columns.filter((column) => column !== undefined), delimiter };
}

/** Numbers where at least half of the sample is numbers, unless the text of a number may matter. */
function planColumns(sampled: RawTable, decimal: DecimalSign, options: ReadTableOptions): CellPlan[] | undefined {
  if (sampled.header.length === 0 || sampled.rowNumbers.length === 0) return undefined;
  const layout = tryLayOut(sampled, options);
  return sampled.columns.map((column, c): CellPlan => {
    const own = layout?.columns.find(({ header }) => header.index === c);
    if (own === undefined || own.missing.includesNumbers) return "labels";
    if (own.declared?.kind !== undefined) return own.declared.kind === "number" ? "numbers" : "labels";
    if (isMaterialName(own.header.name)) return "labels"; // 4140
    const { labels, counts } = textsOf(column);
    let nNumbers = 0;
    let nPresent = 0;
    for (const [code, text] of labels.entries()) {
      if (own.missing.hasAsNumber(text)) continue;
      nPresent += counts[code] ?? 0;
      if (parseNumber(text, decimal) !== undefined) nNumbers += counts[code] ?? 0;
    }
    return nNumbers > 0 && 2 * nNumbers >= nPresent ? "numbers" : "labels";
  });
}

/** The sample may be ambiguous where the file is not: then any guess does, the whole file decides. */
function guessDecimal(sampled: RawTable, options: ReadTableOptions): DecimalSign {
  const { decimal } = resolveNotation(options);
  if (decimal !== undefined) return decimal;
  const layout = tryLayOut(sampled, options);
  try {
    return layout === undefined ? "." : decimalOf(sampled, layout, ".", options);
  } catch (error) {
    if (!isMateriomeError(error)) throw error;
    return ".";
  }
}

/** What is wrong with the sample is wrong with the file, and reported when all of it is read. */
function tryLayOut(sampled: RawTable, options: ReadTableOptions): Layout | undefined {
  try {
    return layOut(sampled, options);
  } catch (error) {
    if (!isMateriomeError(error)) throw error;
    return undefined;
  }
}

function expectedRowsOf(sampled: RawTable, sampleBytes: number, totalBytes: number | undefined): number {
  const rows = sampled.rowNumbers.length;
  return Math.ceil(1.02 * rows * Math.max(1, (totalBytes ?? sampleBytes) / sampleBytes)) + 16;
}

function refuseZeros(piece: Uint8Array, file: string | undefined): void {
  if (piece.includes(0)) {
    throw new FormatError("this is no text in UTF-8; export the table as CSV (UTF-8)", { location: { file } });
  }
}
