import { UnitError } from "../errors/errors.ts";
import { parseUnit } from "./unit.ts";

/** True if values can be converted between the units: equal text, or two known units of one dimension. */
export function isConvertible(from: string, to: string): boolean {
  const a = parseUnit(from);
  const b = parseUnit(to);
  return a.text === b.text || (a.known && b.known && a.dimension === b.dimension);
}

/**
 * Converts a value, or each of several values, from one unit to another; equal units return the same numbers exactly.
 * Temperature scales convert with their offset; `degC/min` and the like are differences and carry none.
 *
 * @param values - a number, or an array (not modified; NaN stays NaN)
 * @returns a number, or a new Float64Array of the same length
 * @throws UnitError if either unit is unknown (and they differ), or they measure different quantities
 * @example
 * convertUnit(100, "ksi", "MPa"); // 689.4757…
 * convertUnit(Float64Array.of(25), "degC", "K"); // Float64Array [298.15]
 */
export function convertUnit(values: number, from: string, to: string): number;
export function convertUnit(values: ArrayLike<number>, from: string, to: string): Float64Array;
export function convertUnit(values: number | ArrayLike<number>, from: string, to: string): number | Float64Array {
  const { scale, shift } = conversion(from, to);
  return applied(values, scale, shift);
}

/**
 * Converts differences, such as standard deviations, tolerances and undercoolings: as {@link convertUnit}, without the
 * offset of temperature scales.
 *
 * @throws UnitError as {@link convertUnit}
 * @example
 * convertDifference(9, "degF", "K"); // 5: a spread of 9 °F is one of 5 K
 */
export function convertDifference(values: number, from: string, to: string): number;
export function convertDifference(values: ArrayLike<number>, from: string, to: string): Float64Array;
export function convertDifference(values: number | ArrayLike<number>, from: string, to: string): number | Float64Array {
  return applied(values, conversion(from, to).scale, 0);
}

function applied(values: number | ArrayLike<number>, scale: number, shift: number): number | Float64Array {
  if (typeof values === "number") return values * scale + shift;
  const out = values instanceof Float64Array ? values.slice() : Float64Array.from(values);
  if (scale !== 1 || shift !== 0) {
    for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? Number.NaN) * scale + shift;
  }
  return out;
}

function conversion(from: string, to: string): { readonly scale: number; readonly shift: number } {
  const a = parseUnit(from);
  const b = parseUnit(to);
  if (a.text === b.text) return { scale: 1, shift: 0 };
  if (!isConvertible(from, to)) {
    throw new UnitError(`convertUnit: cannot convert ${describe(from)} to ${describe(to)}; ${reason(from, to)}`);
  }
  return { scale: ratio(a.factor, b.factor), shift: (a.offset - b.offset) / b.factor };
}

/** a / b, rounded to the nearest "short" decimal where the division only missed it by rounding: µm → mm is 0.001. */
function ratio(a: number, b: number): number {
  const quotient = a / b;
  const short = Number(quotient.toPrecision(15));
  return Math.abs(short - quotient) <= 2 ** -51 * Math.abs(quotient) ? short : quotient;
}

function describe(unit: string): string {
  return unit.trim() === "" ? "a quantity without a unit" : `"${unit}"`;
}

function reason(from: string, to: string): string {
  for (const unit of [from, to]) {
    if (unit.trim() === "") return "give the column its unit in the header, as in “Strength (MPa)”, or in the schema";
    if (!parseUnit(unit).known) return `"${unit}" is not a unit this library knows; convert the values beforehand`;
  }
  return "they measure different quantities";
}
