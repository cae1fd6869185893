import { FormatError } from "../errors/errors.ts";
import {
  SPLIT_QUOTE_NOT_CLOSED,
  SPLIT_TABLE_FULL,
  SPLIT_TEXT_AFTER_QUOTE,
  splitRecords,
} from "../kernels/splitRecords.ts";
import type { DecimalSign } from "../table/numberText.ts";
import {
  type CellBuilder,
  decodeUtf8,
  type FieldBatch,
  fieldText,
  LabelBuilder,
  NumberBuilder,
} from "./cellBuilders.ts";
import type { Delimiter } from "./detectDelimiter.ts";
import type { RawColumn } from "./rawColumn.ts";

/** How a column is collected in one pass over the file. */
export type CellPlan = "labels" | "numbers" | "skip";

export interface DelimitedScanOptions {
  readonly delimiter: Delimiter;
  readonly decimal: DecimalSign;
  readonly hasHeader: boolean;
  /** Row that the table begins in, from 1; what stands above is left out. */
  readonly headerRow: number;
  /** Plan of each column; all labels where absent. */
  readonly plans?: readonly CellPlan[] | undefined;
  readonly expectedRows: number;
  readonly file: string | undefined;
}

/** What one pass over a file found. */
export interface ScannedTable {
  /** Header cells; as many empty ones as there are columns where the file has no header. */
  readonly header: readonly string[];
  readonly headerRow: number;
  /** Undefined for a column that was skipped. */
  readonly columns: readonly (RawColumn | undefined)[];
  /** Row of the file of each row, as a spreadsheet counts. */
  readonly rowNumbers: Int32Array;
  /** Records with fewer fields than the header, or more (blank ones at the end do not count); they are not among the rows. */
  readonly ragged: readonly { readonly row: number; readonly nFields: number }[];
}

/** Fields split at once: as many as stay in the cache. */
const FIELDS = 1 << 16;

/**
 * One pass over delimited text that comes in pieces of any size. Records without any value are left out. The result does
 * not depend on where the text is cut.
 */
export class DelimitedScan {
  readonly #options: DelimitedScanOptions;
  readonly #out = new Int32Array(3);
  #starts = new Int32Array(0);
  #ends = new Int32Array(0);
  #firstField = new Int32Array(0);
  #firsts = new Int32Array(0);
  #buffer = new Uint8Array(0);
  #used = 0;
  #needed = 0;
  #isAtStart = true;
  #record = 0;
  #header: string[] | undefined;
  #headerRow = 1;
  #builders: (CellBuilder | undefined)[] = [];
  #rowNumbers: Int32Array;
  #nRows = 0;
  readonly #ragged: { row: number; nFields: number }[] = [];

  constructor(options: DelimitedScanOptions) {
    this.#options = options;
    this.#rowNumbers = new Int32Array(options.expectedRows);
  }

  push(chunk: Uint8Array): void {
    if (this.#used + chunk.length > this.#buffer.length) {
      const buffer = new Uint8Array(Math.max(2 * this.#buffer.length, this.#used + chunk.length));
      buffer.set(this.#buffer.subarray(0, this.#used));
      this.#buffer = buffer;
    }
    this.#buffer.set(chunk, this.#used);
    this.#used += chunk.length;
    // A record longer than the buffer is looked at again only when twice as much of it is there.
    if (this.#used >= this.#needed) this.#scan(false);
  }

  /** @param isWhole - false where the text was cut: what stands after the last end of a line is then left out */
  finish(isWhole: boolean): ScannedTable {
    if (isWhole) this.#scan(true);
    return {
      header: this.#header ?? [],
      headerRow: this.#headerRow,
      columns: this.#builders.map((builder) => builder?.finish()),
      rowNumbers: this.#rowNumbers.slice(0, this.#nRows),
      ragged: this.#ragged,
    };
  }

  #scan(isLast: boolean): void {
    let from = 0;
    if (this.#isAtStart) {
      if (this.#used < 3 && !isLast) return;
      const [a, b, c] = this.#buffer;
      if (this.#used >= 3 && a === 0xef && b === 0xbb && c === 0xbf) from = 3; // byte order mark
      this.#isAtStart = false;
    }
    const room = Math.min(FIELDS, this.#used + 2); // no more fields than bytes and one
    if (this.#starts.length < room) {
      this.#starts = new Int32Array(room);
      this.#ends = new Int32Array(room);
      this.#firstField = new Int32Array(room);
      this.#firsts = new Int32Array(room);
    }
    const delimiter = this.#options.delimiter.charCodeAt(0);
    for (;;) {
      const code = splitRecords(
        this.#buffer,
        from,
        this.#used,
        isLast,
        delimiter,
        this.#starts,
        this.#ends,
        this.#firstField,
        this.#out,
      );
      const [nRecords = 0, , consumed = from] = this.#out;
      this.#take(nRecords);
      from = consumed;
      if (code === SPLIT_QUOTE_NOT_CLOSED) this.#refuse("a quoted field is not closed");
      if (code === SPLIT_TEXT_AFTER_QUOTE) this.#refuse("text follows the closing quote of a field");
      if (code === SPLIT_TABLE_FULL && nRecords === 0) {
        this.#starts = new Int32Array(2 * this.#starts.length);
        this.#ends = new Int32Array(2 * this.#ends.length);
      } else if (nRecords === 0) {
        break;
      }
    }
    this.#buffer.copyWithin(0, from, this.#used);
    this.#used -= from;
    this.#needed = from === 0 ? 2 * this.#used : 0;
  }

  #refuse(why: string): never {
    throw new FormatError(`${why}; double every quote inside a quoted field`, {
      location: { file: this.#options.file, row: this.#record + 1 },
    });
  }

  #take(nRecords: number): void {
    if (nRecords === 0) return;
    const batch = { bytes: this.#buffer, starts: this.#starts, ends: this.#ends };
    let n = 0;
    if (this.#nRows + nRecords > this.#rowNumbers.length) {
      const rowNumbers = new Int32Array(Math.ceil(1.5 * (this.#nRows + nRecords)));
      rowNumbers.set(this.#rowNumbers);
      this.#rowNumbers = rowNumbers;
    }
    for (let r = 0; r < nRecords; r++) {
      this.#record++;
      const first = this.#firstField[r] ?? 0;
      const nFields = (this.#firstField[r + 1] ?? first) - first;
      if (this.#record < this.#options.headerRow || this.#isBlank(first, nFields)) continue;
      if (this.#header === undefined) {
        const record: FieldBatch = { ...batch, n: 1, firsts: this.#firstField.subarray(r, r + 1) };
        const texts = Array.from({ length: nFields }, (_, c) => fieldText(record, 0, c));
        this.#header = this.#options.hasHeader ? texts : texts.map(() => "");
        this.#headerRow = this.#record;
        this.#builders = texts.map((_, c) => this.#builderFor(c));
        if (this.#options.hasHeader) continue;
      }
      const width = this.#header.length;
      if (nFields < width || (nFields > width && !this.#isBlank(first + width, nFields - width))) {
        this.#ragged.push({ row: this.#record, nFields });
        continue;
      }
      this.#firsts[n] = first;
      this.#rowNumbers[this.#nRows + n] = this.#record;
      n++;
    }
    const rows: FieldBatch = { ...batch, n, firsts: this.#firsts };
    for (const [c, builder] of this.#builders.entries()) builder?.add(rows, c);
    this.#nRows += n;
  }

  #builderFor(column: number): CellBuilder | undefined {
    const { plans, decimal, expectedRows } = this.#options;
    const plan = plans === undefined ? "labels" : plans[column];
    if (plan === "numbers") return new NumberBuilder(decimal, expectedRows);
    return plan === "labels" ? new LabelBuilder(expectedRows) : undefined;
  }

  #isBlank(first: number, nFields: number): boolean {
    for (let f = first; f < first + nFields; f++) {
      const end = this.#ends[f] ?? 0;
      for (let i = this.#starts[f] ?? 0; i < end; i++) {
        const byte = this.#buffer[i] ?? 0;
        if (byte > 0x7f) {
          if (decodeUtf8(this.#buffer, i, end).trim() !== "") return false;
          break;
        }
        if (byte > 0x20) return false;
      }
    }
    return true;
  }
}
