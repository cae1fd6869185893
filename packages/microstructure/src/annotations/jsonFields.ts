import { FormatError } from "@materiome/core";

export type JsonObject = { readonly [key: string]: unknown };

/** Reads fields of parsed JSON, complaining with the place. */
export function object(value: unknown, where: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new FormatError(`${where}: expected an object, got ${kindOf(value)}`);
}

export function list(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new FormatError(`${where}: expected a list, got ${kindOf(value)}`);
}

export function text(value: unknown, where: string): string {
  if (typeof value === "string") return value;
  throw new FormatError(`${where}: expected text, got ${kindOf(value)}`);
}

export function finite(value: unknown, where: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new FormatError(`${where}: expected a number, got ${kindOf(value)}`);
}

export function size(value: unknown, where: string): number {
  const n = finite(value, where);
  if (Number.isInteger(n) && n > 0) return n;
  throw new FormatError(`${where}: expected a whole number of pixels above 0, got ${n}`);
}

/** Points `[[x, y], …]` as x and y in turn. */
export function pointList(value: unknown, where: string): Float64Array {
  const points = list(value, where);
  const out = new Float64Array(2 * points.length);
  for (const [k, point] of points.entries()) {
    const [x, y] = list(point, `${where}[${k}]`);
    out[2 * k] = finite(x, `${where}[${k}][0]`);
    out[2 * k + 1] = finite(y, `${where}[${k}][1]`);
  }
  return out;
}

/** Parses JSON text; an object that is parsed already passes. */
export function parsed(json: unknown, caller: string): unknown {
  if (typeof json !== "string") return json;
  try {
    return JSON.parse(json) as unknown;
  } catch (cause) {
    throw new FormatError(`${caller}: this is no JSON (${(cause as Error).message}); the file may be cut short`, {
      cause,
    });
  }
}

/** A ring without its repeated first point; at least three points. */
export function ring(points: Float64Array, where: string): Float64Array {
  const n = points.length;
  const repeats = n >= 4 && points[0] === points[n - 2] && points[1] === points[n - 1];
  const open = repeats ? points.subarray(0, n - 2) : points;
  if (open.length >= 6) return open;
  throw new FormatError(`${where}: a polygon needs at least 3 points, got ${open.length / 2}`);
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? `"${value.slice(0, 40)}"` : `a ${typeof value}`;
}
