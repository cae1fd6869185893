import { COLUMN_ROLES, type ColumnRole, FormatError, IncompatibleError, type Json } from "@materiome/core";
import { checkFeasible } from "./checkFeasible.ts";
import { readConstraint } from "./constraintJson.ts";
import { createSpace } from "./createSpace.ts";
import { JsonFields } from "./jsonFields.ts";
import type { FixedInput, SearchSpace, SumConstraint } from "./searchSpace.ts";
import type { Condition, Variable } from "./variable.ts";

const FORMAT = "materiome-search-space";
const VERSION = 2;

/**
 * A space as JSON: `{ format, version, variables, fixed, sums, constraints }`; the fields are described in `docs/search-space.md`.
 *
 * @example
 * writeFileSync("space.json", JSON.stringify(writeSpace(space), null, 2));
 */
export function writeSpace(space: SearchSpace): Json {
  const plain = { format: FORMAT, version: VERSION, ...createSpace(space) };
  return JSON.parse(JSON.stringify(plain)) as Json;
}

/**
 * A space from JSON that {@link writeSpace} made or a person wrote, of version 2 or 1.
 *
 * @throws FormatError if it is not a search space, naming the first field that is wrong or unknown
 * @throws IncompatibleError for another version
 * @throws DomainError, DataError or UnitError for bounds, names and constraints that make no sense
 * @throws InfeasibleError for constraints that exclude each other, naming them
 */
export function readSpace(data: unknown): SearchSpace {
  const space = new JsonFields(data, "search space");
  if (space.value("format") !== FORMAT) throw new FormatError(`not a search space: format is not "${FORMAT}"`);
  const version = space.value("version");
  if (version !== 1 && version !== VERSION) {
    throw new IncompatibleError(
      `search space of version ${String(version)}; this release reads versions 1 and ${VERSION}`,
    );
  }
  space.only(["format", "version", "variables", "fixed", "sums", "constraints"]);
  const read = createSpace({
    variables: space.objects("variables").map(variableOf),
    fixed: space.objects("fixed", []).map(fixedOf),
    sums: space.objects("sums", []).map(sumOf),
    ...(space.has("constraints") ? { constraints: space.objects("constraints").map(readConstraint) } : {}),
  });
  if ((read.constraints ?? []).length > 0) checkFeasible(read);
  return read;
}

const INFO = ["kind", "name", "role", "unit", "when"];

function variableOf(v: JsonFields): Variable {
  const info = { name: v.text("name"), ...described(v), ...v.optional("when", () => conditionOf(v)) };
  const kind = v.oneOf("kind", ["continuous", "integer", "ordinal", "category"]);
  switch (kind) {
    case "category":
      v.only([...INFO, "columnKind", "levels", "descriptors"]);
      return {
        kind,
        ...info,
        columnKind: v.oneOf("columnKind", ["category", "formula", "grade", "text"], "category"),
        levels: v.texts("levels"),
        ...v.optional("descriptors", () => descriptorsOf(v)),
      };
    case "ordinal":
      v.only([...INFO, "values", "labels"]);
      return { kind, ...info, values: v.numbers("values"), ...v.optional("labels", (key) => v.texts(key)) };
    case "integer":
      v.only([...INFO, "min", "max"]);
      return { kind, ...info, min: v.number("min"), max: v.number("max") };
    case "continuous":
      v.only([...INFO, "min", "max", "step", "origin", "scale"]);
      return {
        kind,
        ...info,
        min: v.number("min"),
        max: v.number("max"),
        ...v.optional("step", (key) => v.number(key)),
        ...v.optional("origin", (key) => v.number(key)),
        scale: v.oneOf("scale", ["linear", "log"], "linear"),
      };
  }
}

function described(v: JsonFields): { readonly role: ColumnRole; readonly unit: string } {
  return { role: v.oneOf("role", COLUMN_ROLES, "process"), unit: v.text("unit", "") };
}

function conditionOf(v: JsonFields): Condition {
  const when = new JsonFields(v.value("when"), `${v.at}.when`);
  when.only(["name", "in"]);
  return { name: when.text("name"), in: when.textsOrNumbers("in") };
}

function descriptorsOf(v: JsonFields): Readonly<Record<string, readonly number[]>> {
  const descriptors = new JsonFields(v.value("descriptors"), `${v.at}.descriptors`);
  const names = Object.keys(v.value("descriptors") as object);
  return Object.fromEntries(names.map((name) => [name, descriptors.numbers(name)]));
}

function fixedOf(f: JsonFields): FixedInput {
  f.only(["name", "role", "unit", "columnKind", "value", "why"]);
  const isNumber = typeof f.value("value") === "number";
  const kinds = ["number", "category", "formula", "grade", "text"] as const;
  const columnKind = f.oneOf("columnKind", kinds, isNumber ? "number" : "category");
  return {
    name: f.text("name"),
    ...described(f),
    columnKind,
    value: columnKind === "number" ? f.number("value") : f.text("value"),
    why: f.oneOf("why", ["fixed", "context", "constant"], "fixed"),
  };
}

function sumOf(s: JsonFields): SumConstraint {
  s.only(["columns", "total", "tolerance"]);
  const total = s.number("total");
  return { columns: namesOf(s), total, tolerance: s.number("tolerance", 1e-6 * Math.abs(total)) };
}

function namesOf(s: JsonFields): readonly string[] {
  const columns = s.list("columns");
  if (!columns.every((name): name is string => typeof name === "string")) {
    throw new FormatError(`${s.at}.columns: expected names`);
  }
  return columns;
}
