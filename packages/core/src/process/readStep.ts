import { nearestNames } from "../text/nearestNames.ts";
import { convertUnit, isConvertible } from "../units/convertUnit.ts";
import { isKnownUnit } from "../units/unit.ts";
import type { Step, StepKind } from "./step.ts";
import { bareName, fieldProblem, fieldsOf, type NumberField, STEP_KINDS } from "./stepFields.ts";

/** Reports a problem of one step, of a field or of the step as a whole. */
export type AddProblem = (message: string, field?: string) => void;

/** A step from parsed JSON; undefined if not even its kind can be told. Problems in its fields are added. */
export function readStep(data: unknown, add: AddProblem): Step | undefined {
  const entry = readKind(data, add);
  if (entry === undefined) return undefined;
  const { kind, entries } = entry;
  const fields = readFields(kind, entries, add);
  addMissing(kind, Object.keys(fields), add);
  return { kind, ...fields } as unknown as Step;
}

/** The kind of a step, and its other entries. */
export function readKind(
  data: unknown,
  add: AddProblem,
): { readonly kind: StepKind; readonly entries: Readonly<Record<string, unknown>> } | undefined {
  if (!isRecord(data)) {
    add(`expected an object { kind, … }, found ${JSON.stringify(data)}`);
    return undefined;
  }
  const { kind, ...entries } = data;
  const known = STEP_KINDS.find((name) => name === kind);
  if (known === undefined) {
    const hint = typeof kind === "string" ? suggestion(kind, STEP_KINDS) : "";
    add(`expected one of ${STEP_KINDS.join(", ")}, found ${JSON.stringify(kind)}${hint}`, "kind");
    return undefined;
  }
  return { kind: known, entries };
}

/** Fields in their units; a text under a bare name brings its own unit. */
export function readFields(
  kind: StepKind,
  entries: Readonly<Record<string, unknown>>,
  add: AddProblem,
): Readonly<Record<string, unknown>> {
  const out: Record<string, unknown> = {};
  for (const [key, given] of Object.entries(entries)) {
    if (given === undefined) continue;
    const name = fieldNamed(kind, key, add);
    if (name === undefined) continue;
    if (Object.hasOwn(out, name)) {
      add(`given twice, as ${bareName(name)} and ${name}; keep one`, key);
      continue;
    }
    const field = fieldsOf(kind)[name] as NumberField; // fieldNamed; only numbers have a bare name of their own
    const hasOwnUnit = key !== name || (field.unit === "fraction" && typeof given === "string");
    const value = hasOwnUnit ? quantity(given, name, field) : given;
    const problem = value instanceof Error ? value.message : fieldProblem(field, value);
    if (problem !== undefined) add(problem, key);
    out[name] = value;
  }
  return out;
}

/** Name of the field that a key means, with or without its unit. */
export function fieldNamed(kind: StepKind, key: string, add: AddProblem): string | undefined {
  const names = Object.keys(fieldsOf(kind));
  const name = names.find((field) => field === key) ?? names.find((field) => bareName(field) === key);
  if (name === undefined) add(`a ${kind} step has no such field${suggestion(key, names)}`, key);
  return name;
}

/** Adds a problem for each required field that is not there. */
export function addMissing(kind: StepKind, present: readonly string[], add: AddProblem): void {
  for (const [name, field] of Object.entries(fieldsOf(kind))) {
    if (field.required !== true || present.includes(name)) continue;
    const what = field.type === "choice" ? `one of ${field.choices.join(", ")}` : "a value";
    add(`expected ${what}, found none; a ${kind} step needs it`, name);
  }
}

/** "2 h" in the unit of the field. */
function quantity(given: unknown, name: string, field: NumberField): number | Error {
  const example = `a text such as "${field.unit === "fraction" ? "30 %" : `10 ${field.unit}`}"`;
  if (typeof given === "number") return new Error(`expected ${example}, found ${given}; a number goes under ${name}`);
  const match =
    typeof given === "string" ? /^\s*([+-]?[\d.]+(?:[eE][+-]?\d+)?)(?![\d.,:])\s*(\S.*)?$/.exec(given) : null;
  const value = match === null ? Number.NaN : Number(match[1]);
  const unit = match?.[2]?.trim() ?? "";
  if (!Number.isFinite(value)) return new Error(`expected ${example}, found ${JSON.stringify(given)}`);
  if (unit === "") return new Error(`expected ${example}, found "${given}" without a unit; write the unit`);
  if (isConvertible(unit, field.unit)) return convertUnit(value, unit, field.unit);
  const isBareDegree = field.unit === "degC" && ["C", "F"].includes(unit);
  const why = isKnownUnit(unit) ? "it measures something else" : "the unit is not known";
  return new Error(`expected ${example}, found "${given}"; ${isBareDegree ? `write "°${unit}"` : why}`);
}

export function isRecord(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

/** "; did you mean "…"?", or the list of what there is. */
export function suggestion(name: string, known: readonly string[]): string {
  const near = nearestNames(name, known, 1)[0];
  return near === undefined ? `; there are ${known.join(", ")}` : `; did you mean "${near}"?`;
}
