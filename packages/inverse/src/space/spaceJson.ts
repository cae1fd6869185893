import { COLUMN_ROLES, FormatError, IncompatibleError, type Json } from "@materiome/core";
import { createSpace } from "./createSpace.ts";
import type { FixedInput, SearchSpace, SumConstraint } from "./searchSpace.ts";
import type { Variable } from "./variable.ts";

const FORMAT = "materiome-search-space";
const VERSION = 1;

/**
 * A space as JSON: `{ format, version, variables, fixed, sums }`.
 *
 * @example
 * writeFileSync("space.json", JSON.stringify(writeSpace(space), null, 2));
 */
export function writeSpace(space: SearchSpace): Json {
  const plain = { format: FORMAT, version: VERSION, ...createSpace(space) };
  return JSON.parse(JSON.stringify(plain)) as Json;
}

/**
 * A space from JSON that {@link writeSpace} made or a person wrote.
 *
 * @throws FormatError if it is not a search space, naming the first field that is wrong
 * @throws IncompatibleError for another version
 * @throws DomainError or DataError for bounds and names that make no sense
 */
export function readSpace(data: unknown): SearchSpace {
  const space = record(data, "search space");
  if (space["format"] !== FORMAT) throw new FormatError(`not a search space: format is not "${FORMAT}"`);
  if (space["version"] !== VERSION) {
    throw new IncompatibleError(
      `search space of version ${String(space["version"])}; this release reads version ${VERSION}`,
    );
  }
  return createSpace({
    variables: list(space, "variables").map(variableOf),
    fixed: list(space, "fixed").map(fixedOf),
    sums: list(space, "sums").map(sumOf),
  });
}

function variableOf(data: unknown, i: number): Variable {
  const at = `variables[${i}]`;
  const v = record(data, at);
  const info = { name: text(v, "name", at), role: role(v, at), unit: text(v, "unit", at) };
  const kind = oneOf(v, "kind", ["continuous", "integer", "category"], at);
  if (kind === "category") {
    const columnKind = oneOf(v, "columnKind", ["category", "formula", "grade", "text"], at);
    const levels = list(v, "levels", at);
    if (!levels.every((level): level is string => typeof level === "string")) {
      throw new FormatError(`${at}.levels: expected texts`);
    }
    return { kind, ...info, columnKind, levels };
  }
  const bounds = { min: number(v, "min", at), max: number(v, "max", at) };
  if (kind === "integer") return { kind, ...info, ...bounds };
  const step = v["step"] === undefined ? undefined : number(v, "step", at);
  const origin = v["origin"] === undefined ? undefined : number(v, "origin", at);
  return { kind, ...info, ...bounds, step, origin, scale: oneOf(v, "scale", ["linear", "log"], at) };
}

function fixedOf(data: unknown, i: number): FixedInput {
  const at = `fixed[${i}]`;
  const f = record(data, at);
  const columnKind = oneOf(f, "columnKind", ["number", "category", "formula", "grade", "text"], at);
  return {
    name: text(f, "name", at),
    role: role(f, at),
    unit: text(f, "unit", at),
    columnKind,
    value: columnKind === "number" ? number(f, "value", at) : text(f, "value", at),
    why: oneOf(f, "why", ["fixed", "context", "constant"], at),
  };
}

function sumOf(data: unknown, i: number): SumConstraint {
  const at = `sums[${i}]`;
  const s = record(data, at);
  const columns = list(s, "columns", at);
  if (!columns.every((name): name is string => typeof name === "string")) {
    throw new FormatError(`${at}.columns: expected names`);
  }
  return { columns, total: number(s, "total", at), tolerance: number(s, "tolerance", at) };
}

type Fields = Readonly<Record<string, unknown>>;

function record(data: unknown, at: string): Fields {
  if (data === null || typeof data !== "object" || Array.isArray(data)) {
    throw new FormatError(`${at}: expected an object`);
  }
  return data as Fields;
}

function list(data: Fields, key: string, at = "search space"): readonly unknown[] {
  const value = data[key];
  if (!Array.isArray(value)) throw new FormatError(`${at}.${key}: expected a list`);
  return value;
}

function text(data: Fields, key: string, at: string): string {
  const value = data[key];
  if (typeof value !== "string") throw new FormatError(`${at}.${key}: expected text, got ${JSON.stringify(value)}`);
  return value;
}

function number(data: Fields, key: string, at: string): number {
  const value = data[key];
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new FormatError(`${at}.${key}: expected a finite number, got ${JSON.stringify(value)}`);
  }
  return value;
}

function oneOf<T extends string>(data: Fields, key: string, allowed: readonly T[], at: string): T {
  const value = allowed.find((option) => option === data[key]);
  if (value === undefined) {
    throw new FormatError(`${at}.${key}: expected one of ${allowed.join(", ")}, got ${JSON.stringify(data[key])}`);
  }
  return value;
}

function role(data: Fields, at: string): Variable["role"] {
  return oneOf(data, "role", COLUMN_ROLES, at);
}
