import { DataError, DomainError, FormatError, nearestNames, type TargetInfo, UnitError } from "@materiome/core";
import { converted, splitQuantity } from "../space/quantity.ts";
import type { Spec } from "./spec.ts";

/**
 * Reads a spec as people write it, against the targets of a model.
 *
 * `NAME>=600 MPa`, `NAME<=0.6 GPa`, `NAME=600±10 MPa` (also `+-`, `+/-`), `NAME=500..600 MPa`, `NAME 500..600 MPa`;
 * `≥ ≤ > <` are understood. Names may hold blanks, brackets, digits and signs: the text is matched against the target
 * names, upper and lower case being alike where that is unambiguous. Values without a unit are in the target's unit,
 * others are converted. Where the target carries no unit the values are taken as they stand and the unit written is kept
 * as `assumedUnit`.
 *
 * @throws DataError for a name that is no target (nearest names offered)
 * @throws FormatError for text that is no spec
 * @throws DomainError for reversed or equal limits
 * @throws UnitError for a unit that cannot be converted
 * @example
 * parseSpec("Fatigue Strength (10E7 Cycles)>=0.6 GPa", [{ name: "Fatigue Strength (10E7 Cycles)", unit: "MPa" }]);
 * // { target: "Fatigue Strength (10E7 Cycles)", unit: "MPa", relation: ">=", low: 600 }
 */
export function parseSpec(text: string, targets: readonly TargetInfo[]): Spec {
  const { target, rest } = splitName(text, targets);
  const operator = /^(>=|<=|==|=|≥|≤|>|<)?\s*(.*)$/s.exec(rest);
  const sign = operator?.[1] ?? "";
  const value = operator?.[2] ?? "";
  const { name, unit } = target;
  if (/^[≥>≤<]/.test(sign)) {
    const limit = single(value, text);
    const at = inUnit(limit, unit, text);
    const common = { target: name, unit, ...assumed([limit], unit, text) };
    return /^[≥>]/.test(sign) ? { ...common, relation: ">=", low: at } : { ...common, relation: "<=", high: at };
  }
  const range = /^(.+?)\s*(?:\.\.|…)\s*(.+)$/s.exec(value);
  const around = /^(.+?)\s*(?:±|\+\/-|\+-)\s*(.+)$/s.exec(value);
  if (range !== null) return between(target, ends(range[1] ?? "", range[2] ?? "", text), text);
  if (around !== null) {
    const [centre, halfWidth] = ends(around[1] ?? "", around[2] ?? "", text);
    if (centre.unit !== halfWidth.unit) throw new FormatError(`spec "${text}": value and tolerance need the same unit`);
    if (!(halfWidth.value > 0)) throw new DomainError(`spec "${text}": the tolerance must be above 0`);
    const low = { value: centre.value - halfWidth.value, unit: centre.unit };
    return between(target, [low, { value: centre.value + halfWidth.value, unit: centre.unit }], text);
  }
  if (sign === "") throw new FormatError(malformed(text));
  single(value, text);
  throw new FormatError(
    `spec "${text}": a measured value is never exactly a number; give a tolerance ("${name}=${value.trim()}" → "=…±…") or a range ("=a..b")`,
  );
}

interface Quantity {
  readonly value: number;
  readonly unit: string;
}

function between(target: TargetInfo, [from, to]: readonly [Quantity, Quantity], text: string): Spec {
  const { name, unit } = target;
  const low = inUnit(from, unit, text);
  const high = inUnit(to, unit, text);
  if (!(low < high)) throw new DomainError(`spec "${text}": the lower limit ${low} is not below the upper ${high}`);
  return { target: name, unit, ...assumed([from, to], unit, text), relation: "between", low, high };
}

/** Two quantities; the first takes the unit of the second where it has none. */
function ends(first: string, second: string, text: string): readonly [Quantity, Quantity] {
  const a = splitQuantity(first);
  const b = splitQuantity(second);
  if (a === undefined || b === undefined) throw new FormatError(malformed(text));
  return [a.unit === "" ? { value: a.value, unit: b.unit } : a, b.unit === "" ? { value: b.value, unit: a.unit } : b];
}

function single(value: string, text: string): Quantity {
  const quantity = splitQuantity(value);
  if (quantity === undefined) throw new FormatError(malformed(text));
  return quantity;
}

function inUnit(quantity: Quantity, unit: string, text: string): number {
  if (quantity.unit === "" || unit === "") return quantity.value;
  return converted(quantity.value, quantity.unit, unit, `spec "${text}"`);
}

/** The unit written where the target carries none; two different ones cannot both be the table's. */
function assumed(quantities: readonly Quantity[], unit: string, text: string): { readonly assumedUnit?: string } {
  if (unit !== "") return {};
  const written = [...new Set(quantities.map((quantity) => quantity.unit).filter((own) => own !== ""))];
  const [only] = written;
  if (only === undefined) return {};
  if (written.length > 1) {
    throw new UnitError(
      `spec "${text}": the limits are in ${written.join(" and ")}, and the target carries no unit; use one`,
    );
  }
  return { assumedUnit: only };
}

/**
 * The longest target name that the text starts with, followed by something that can start a condition. A name may be
 * written as in a table header, with its unit in brackets.
 */
function splitName(text: string, targets: readonly TargetInfo[]): { target: TargetInfo; rest: string } {
  const trimmed = text.trim();
  const spellings = targets
    .flatMap((target) => spellingsOf(target).map((name) => ({ name, target })))
    .sort((a, b) => b.name.length - a.name.length);
  const starts = (name: string, fold: (s: string) => string): boolean =>
    fold(trimmed).startsWith(fold(name)) && /^\s*(?:[><=≥≤]|\s[+-]?[\d.])/.test(trimmed.slice(name.length));
  const exact = spellings.find(({ name }) => starts(name, (s) => s));
  const alike = spellings.filter(({ name }) => starts(name, (s) => s.toLowerCase()));
  const longestAlike = alike.filter(({ name }) => name.length === alike[0]?.name.length);
  const found = exact ?? (longestAlike.length === 1 ? longestAlike[0] : undefined);
  if (found !== undefined) return { target: found.target, rest: trimmed.slice(found.name.length).trim() };
  const written = /^(.*?)\s*(?:>=|<=|=|≥|≤|>|<)[^><=≥≤]*$/s.exec(trimmed)?.[1];
  if (written === undefined || written === "") throw new FormatError(malformed(text));
  const names = targets.map((candidate) => candidate.name);
  const near = nearestNames(written, names);
  const hint =
    near.length > 0 ? `did you mean ${near.map((n) => `"${n}"`).join(" or ")}?` : `targets are: ${names.join(", ")}`;
  throw new DataError(`spec "${text}": the model does not predict "${written}"; ${hint}`);
}

function spellingsOf({ name, unit }: TargetInfo): string[] {
  return unit === "" ? [name] : [name, `${name} (${unit})`, `${name} [${unit}]`];
}

function malformed(text: string): string {
  return `"${text}" is no spec; write NAME>=VALUE UNIT, NAME<=VALUE UNIT, NAME=VALUE±TOLERANCE UNIT or NAME=LOW..HIGH UNIT`;
}
