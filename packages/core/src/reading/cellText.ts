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

/** ISO 8601, the time left out where it is midnight. */
function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return "";
  const text = date.toISOString();
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : text;
}
