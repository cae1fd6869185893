import { codeFields } from "../kernels/codeFields.ts";
import { parseNumberFields } from "../kernels/parseNumberFields.ts";
import { type DecimalSign, parseNumber } from "../table/numberText.ts";
import { isThousandsText } from "./detectDecimal.ts";
import type { LabelCells, NumberCells, RawColumn } from "./rawColumn.ts";

/** Fields of some records of the file, as `splitRecords` finds them. */
export interface FieldBatch {
  readonly n: number;
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** First field of each record. */
  readonly firsts: Int32Array;
}

/** Collects one column while the file passes. */
export interface CellBuilder {
  add(batch: FieldBatch, column: number): void;
  finish(): RawColumn;
}

/** A column that is read as numbers. */
export class NumberBuilder implements CellBuilder {
  readonly #decimal: DecimalSign;
  #values: Float64Array;
  #valid: Uint8Array;
  #attention = new Int32Array(0);
  #n = 0;
  #nNumbers = 0;
  #nWithSign = 0;
  #isThousands = true;
  #hasCodes = false;
  #firstWithSign: { text: string; row: number } | undefined;
  readonly #others = { rows: [] as number[], codes: [] as number[], labels: [] as string[], counts: [] as number[] };
  readonly #index = new Map<string, number>();
  readonly #out = new Int32Array(3);

  constructor(decimal: DecimalSign, expectedRows: number) {
    this.#decimal = decimal;
    this.#values = new Float64Array(expectedRows);
    this.#valid = new Uint8Array(expectedRows);
  }

  add(batch: FieldBatch, column: number): void {
    const { n, bytes, starts, ends, firsts } = batch;
    if (this.#n + n > this.#values.length) {
      const size = Math.max(this.#n + n, Math.ceil(1.5 * this.#values.length));
      this.#values = grown(this.#values, size, Float64Array);
      this.#valid = grown(this.#valid, size, Uint8Array);
    }
    if (this.#attention.length < n) this.#attention = new Int32Array(n);
    const nAttention = parseNumberFields(
      n,
      bytes,
      starts,
      ends,
      firsts,
      column,
      this.#decimal.charCodeAt(0),
      this.#values,
      this.#valid,
      this.#n,
      this.#attention,
      this.#out,
    );
    const [nSigns = 0, firstSign = -1, nEmpty = 0] = this.#out;
    this.#nNumbers += n - nAttention - nEmpty;
    this.#nWithSign += nSigns;
    if (this.#firstWithSign === undefined && firstSign >= 0) {
      this.#firstWithSign = { text: fieldText(batch, firstSign, column), row: this.#n + firstSign };
    }
    if (this.#decimal === "," && nSigns > 0 && this.#isThousands) this.#isThousands = allThousands(batch, column);
    this.#hasCodes ||= hasCode(batch, column);
    for (let k = 0; k < nAttention; k++) this.#look(batch, this.#attention[k] ?? 0, column);
    this.#n += n;
  }

  /** What the kernel left: numbers of more than 19 digits, other minus signs, missing values, texts. */
  #look(batch: FieldBatch, record: number, column: number): void {
    const text = fieldText(batch, record, column);
    if (text === "") return;
    const row = this.#n + record;
    const value = parseNumber(text, this.#decimal);
    if (value !== undefined && Number.isFinite(value)) {
      this.#values[row] = value;
      this.#valid[row] = 1;
      this.#nNumbers++;
      if (text.includes(this.#decimal)) {
        this.#nWithSign++;
        if (this.#firstWithSign === undefined || this.#firstWithSign.row > row) this.#firstWithSign = { text, row };
      }
      return;
    }
    const { rows, codes, labels, counts } = this.#others;
    let code = this.#index.get(text);
    if (code === undefined) {
      code = labels.length;
      this.#index.set(text, code);
      labels.push(text);
      counts.push(0);
    }
    counts[code] = (counts[code] ?? 0) + 1;
    rows.push(row);
    codes.push(code);
  }

  finish(): NumberCells {
    return {
      plan: "numbers",
      values: fitted(this.#values, this.#n),
      valid: fitted(this.#valid, this.#n),
      nNumbers: this.#nNumbers,
      nWithSign: this.#nWithSign,
      firstWithSign: this.#firstWithSign,
      isThousands: this.#isThousands,
      hasCodes: this.#hasCodes,
      others: this.#others,
    };
  }
}

/** A column that is read as texts, each distinct one kept once. */
export class LabelBuilder implements CellBuilder {
  #codes: Int32Array;
  #n = 0;
  #table: Int32Array = new Int32Array(256).fill(-1);
  #hashes = new Int32Array(128);
  #counts = new Int32Array(128);
  #offsets = new Int32Array(129);
  #pool = new Uint8Array(1024);
  readonly #state = new Int32Array(1);

  constructor(expectedRows: number) {
    this.#codes = new Int32Array(expectedRows);
  }

  add(batch: FieldBatch, column: number): void {
    const { n, bytes, starts, ends, firsts } = batch;
    if (this.#n + n > this.#codes.length) {
      this.#codes = grown(this.#codes, Math.max(this.#n + n, Math.ceil(1.5 * this.#codes.length)), Int32Array);
    }
    let done = 0;
    for (;;) {
      done = codeFields(
        done,
        n,
        bytes,
        starts,
        ends,
        firsts,
        column,
        this.#codes,
        this.#n,
        this.#table,
        this.#hashes,
        this.#counts,
        this.#offsets,
        this.#pool,
        this.#state,
      );
      if (done === n) break;
      const field = (firsts[done] ?? 0) + column;
      this.#grow((ends[field] ?? 0) - (starts[field] ?? 0));
    }
    this.#n += n;
  }

  /** Room for one more label of `length` bytes, and for as many again as there are. */
  #grow(length: number): void {
    const [nLabels = 0] = this.#state;
    const used = this.#offsets[nLabels] ?? 0;
    if (used + length > this.#pool.length) {
      this.#pool = grown(this.#pool, Math.max(2 * this.#pool.length, used + length), Uint8Array);
    }
    if (nLabels >= this.#hashes.length || 2 * (nLabels + 1) > this.#table.length) {
      const size = 2 * this.#hashes.length;
      this.#hashes = grown(this.#hashes, size, Int32Array);
      this.#counts = grown(this.#counts, size, Int32Array);
      this.#offsets = grown(this.#offsets, size + 1, Int32Array);
      const table = new Int32Array(2 * size).fill(-1);
      const mask = table.length - 1;
      for (let code = 0; code < nLabels; code++) {
        let slot = (this.#hashes[code] ?? 0) & mask;
        while ((table[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
        table[slot] = code;
      }
      this.#table = table;
    }
  }

  finish(): LabelCells {
    const [nLabels = 0] = this.#state;
    const raw = Array.from({ length: nLabels }, (_, k) =>
      decodeUtf8(this.#pool, this.#offsets[k] ?? 0, this.#offsets[k + 1] ?? 0).trim(),
    );
    const codes = fitted(this.#codes, this.#n);
    const index = new Map<string, number>(); // labels that differed only by blanks outside ASCII become one
    for (const label of raw) if (label !== "" && !index.has(label)) index.set(label, index.size);
    if (index.size === raw.length)
      return { plan: "labels", codes, labels: raw, counts: this.#counts.slice(0, nLabels) };
    const recoded = raw.map((label) => index.get(label) ?? -1);
    const counts = new Int32Array(index.size);
    for (const [k, code] of recoded.entries())
      if (code >= 0) counts[code] = (counts[code] ?? 0) + (this.#counts[k] ?? 0);
    return { plan: "labels", codes: codes.map((code) => recoded[code] ?? -1), labels: [...index.keys()], counts };
  }
}

/** True if every comma of the column may stand between thousands. */
function allThousands(batch: FieldBatch, column: number): boolean {
  for (let r = 0; r < batch.n; r++) {
    const text = fieldText(batch, r, column);
    if (text.includes(",") && !isThousandsText(text)) return false;
  }
  return true;
}

/** True if a field holds nothing but digits, the first of several a zero, or more of them than a double keeps. */
function hasCode({ n, bytes, starts, ends, firsts }: FieldBatch, column: number): boolean {
  const isDigit = (at: number): boolean => (bytes[at] ?? 0) >= 0x30 && (bytes[at] ?? 0) <= 0x39;
  for (let r = 0; r < n; r++) {
    const field = (firsts[r] ?? 0) + column;
    const end = ends[field] ?? 0;
    let at = starts[field] ?? 0;
    if (bytes[at] !== 0x30 && bytes[at] !== 0x20 && end - at < 16) continue;
    while (at < end && bytes[at] === 0x20) at++;
    const first = at;
    while (at < end && isDigit(at)) at++;
    const nDigits = at - first;
    while (at < end && bytes[at] === 0x20) at++;
    if (at === end && (nDigits > 15 || (nDigits > 1 && bytes[first] === 0x30))) return true;
  }
  return false;
}

/** Text of a field, without the blanks around it. */
export function fieldText({ bytes, starts, ends, firsts }: FieldBatch, record: number, column: number): string {
  const field = (firsts[record] ?? 0) + column;
  return decodeUtf8(bytes, starts[field] ?? 0, ends[field] ?? 0).trim();
}

export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8", start, end);
}

function grown<A extends Float64Array | Int32Array | Uint8Array>(old: A, size: number, Class: new (n: number) => A): A {
  const array = new Class(size);
  array.set(old as never);
  return array;
}

/** The first `n` values; a copy where much would lie unused behind them. */
function fitted<A extends Float64Array | Int32Array | Uint8Array>(array: A, n: number): A {
  return (n === array.length ? array : array.slice(0, n)) as A;
}
