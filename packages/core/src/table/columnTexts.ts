import { type Column, columnLength } from "./column.ts";

/** The values of any column as text, undefined where missing; numbers in their shortest exact form. */
export function columnTexts(column: Column): readonly (string | undefined)[] {
  switch (column.kind) {
    case "number":
      return Array.from(column.values, (value, i) => (column.valid[i] === 0 ? undefined : numberText(value)));
    case "category":
      return Array.from(column.codes, (code) => (code < 0 ? undefined : column.labels[code]));
    case "formula":
    case "grade":
    case "text":
      return column.texts;
  }
}

/** Shortest decimal text that reads back as the same number (−0 included). */
export function numberText(value: number): string {
  if (Object.is(value, -0)) return "-0";
  if (value === Number.POSITIVE_INFINITY) return "inf";
  if (value === Number.NEGATIVE_INFINITY) return "-inf";
  return String(value);
}

/** How many values of a column are present. */
export function countPresent(column: Column): number {
  let n = 0;
  switch (column.kind) {
    case "number":
      for (const flag of column.valid) n += flag === 0 ? 0 : 1;
      return n;
    case "category":
      for (const code of column.codes) n += code < 0 ? 0 : 1;
      return n;
    case "formula":
    case "grade":
    case "text":
      for (const text of column.texts) n += text === undefined ? 0 : 1;
      return n;
  }
}

/** True if row `i` of the column has a value; `i` within the column. */
export function isPresent(column: Column, i: number): boolean {
  if (!(i >= 0 && i < columnLength(column))) return false;
  switch (column.kind) {
    case "number":
      return column.valid[i] !== 0;
    case "category":
      return (column.codes[i] ?? -1) >= 0;
    case "formula":
    case "grade":
    case "text":
      return column.texts[i] !== undefined;
  }
}
