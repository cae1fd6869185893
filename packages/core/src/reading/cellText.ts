import { numberText } from "../table/columnTexts.ts";

/** A value of a typed file as it would stand in a CSV file; undefined for what no cell can hold. */
export function cellText(value: unknown): string | undefined {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number") return Number.isNaN(value) ? "" : numberText(value);
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (value instanceof Date) return dateText(value);
  return undefined;
}

/** `2024-03-01`, `01.03.2024`, `3/1/24`, each with or without a time. Which of the numbers is the month, nobody asks. */
export function isDateText(text: string): boolean {
  return /^(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d{2}))(?:[T ]\d{1,2}:\d{2}.*)?$/.test(text);
}

/** ISO 8601, the time left out where it is midnight. */
function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return "";
  const text = date.toISOString().replace(".000Z", "Z");
  return text.endsWith("T00:00:00Z") ? text.slice(0, 10) : text;
}
