import { FormatError } from "../errors/errors.ts";
import type { Delimiter } from "../reading/detectDelimiter.ts";
import { nearestNames } from "../text/nearestNames.ts";
import { COLUMN_ROLES, type ColumnKind, type ColumnRole } from "./column.ts";
import type { DecimalSign } from "./numberText.ts";
import type { Table } from "./table.ts";
import type { TableNotation } from "./tableNotation.ts";

/** What a column is, where its header and values do not say it, or say it wrongly. Absent fields are inferred. */
export interface ColumnSchema {
  /** Name or header of the column, as {@link resolveColumn} finds it. */
  readonly name: string;
  readonly role?: ColumnRole | undefined;
  /** Unit of the values as they stand in the file; "" for none. */
  readonly unit?: string | undefined;
  readonly kind?: ColumnKind | undefined;
  /** Column that an `uncertainty` or `censor` column speaks of. */
  readonly describes?: string | undefined;
  /** Least and most allowed number, in `unit`; other values are errors. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Texts allowed; others are errors. */
  readonly labels?: readonly string[] | undefined;
  /** True if the column must be there and have a value in every row. @defaultValue false */
  readonly required?: boolean | undefined;
  /** Texts that mean "no value" in this column, in place of the usual ones. */
  readonly missing?: readonly string[] | undefined;
}

/** Roles, units and kinds of columns, and how the file is written. Stored as JSON; columns not listed are inferred. */
export interface TableSchema extends TableNotation {
  readonly version: 1;
  readonly columns: readonly ColumnSchema[];
}

const TABLE_KEYS = [
  ...["version", "columns", "delimiter", "decimal", "header", "headerRow", "missing", "certificates", "coverageFactor"],
  "description",
];
const COLUMN_KEYS = [
  ...["name", "role", "unit", "kind", "describes", "min", "max", "labels", "required", "missing"],
  "description",
];
const KINDS: readonly ColumnKind[] = ["number", "category", "formula", "grade", "text"];

/**
 * Checks a schema that was read from JSON.
 *
 * @param data - the parsed JSON
 * @param file - its name, for messages
 * @throws FormatError listing everything that is wrong with it
 * @example
 * readSchema({ version: 1, columns: [{ name: "RR", role: "process" }] });
 */
export function readSchema(data: unknown, file?: string): TableSchema {
  const problems: string[] = [];
  const schema = readRecord(data);
  if (schema === undefined) throw invalid(["it must be an object { version: 1, columns: [...] }"], file);
  checkKeys(schema, TABLE_KEYS, "schema", problems);
  if (schema["version"] !== 1) {
    const found = schema["version"];
    problems.push(
      `version must be 1, got ${JSON.stringify(found)}${typeof found === "number" && found > 1 ? "; the schema was written by a newer release, update this one" : ""}`,
    );
  }
  checkOneOf(schema["delimiter"], [",", ";", "\t", "|"], "delimiter", problems);
  checkOneOf(schema["decimal"], [".", ","], "decimal", problems);
  checkOneOf(schema["header"], [true, false], "header", problems);
  const headerRow = schema["headerRow"];
  if (headerRow !== undefined && !(Number.isInteger(headerRow) && (headerRow as number) >= 1)) {
    problems.push(`headerRow must be a row number from 1, got ${JSON.stringify(headerRow)}`);
  }
  checkOneOf(schema["certificates"], [true, false], "certificates", problems);
  checkTexts(schema["missing"], "missing", problems);
  const factor = schema["coverageFactor"];
  if (factor !== undefined && !(typeof factor === "number" && factor > 0 && Number.isFinite(factor))) {
    problems.push(`coverageFactor must be a positive number, got ${JSON.stringify(factor)}`);
  }
  const columns: ColumnSchema[] = [];
  const list = schema["columns"];
  if (!Array.isArray(list)) problems.push("columns must be a list of { name, role, unit, kind }");
  const seen = new Set<string>();
  for (const [i, entry] of (Array.isArray(list) ? (list as unknown[]) : []).entries()) {
    const column = readColumn(entry, `columns[${i}]`, problems);
    if (column === undefined) continue;
    if (seen.has(column.name)) problems.push(`columns[${i}]: "${column.name}" is listed twice`);
    seen.add(column.name);
    columns.push(column);
  }
  if (problems.length > 0) throw invalid(problems, file);
  return {
    version: 1,
    columns,
    ...(schema["delimiter"] === undefined ? {} : { delimiter: schema["delimiter"] as Delimiter }),
    ...(schema["decimal"] === undefined ? {} : { decimal: schema["decimal"] as DecimalSign }),
    ...(schema["header"] === undefined ? {} : { header: schema["header"] as boolean }),
    ...(headerRow === undefined ? {} : { headerRow: headerRow as number }),
    ...(schema["missing"] === undefined ? {} : { missing: schema["missing"] as string[] }),
    ...(schema["certificates"] === undefined ? {} : { certificates: schema["certificates"] as boolean }),
    ...(factor === undefined ? {} : { coverageFactor: factor as number }),
  };
}

/**
 * The schema of a table: what would have to be declared for it to be read the same way.
 *
 * @example
 * await writeFileAtomic("schema.json", JSON.stringify(schemaOf(table), null, 2));
 */
export function schemaOf(table: Table): TableSchema {
  return {
    version: 1,
    columns: table.columns.map(({ name, role, unit, kind, describes }) => ({
      name,
      role,
      unit,
      kind,
      ...(describes === undefined ? {} : { describes }),
    })),
  };
}

function readColumn(entry: unknown, at: string, problems: string[]): ColumnSchema | undefined {
  const column = readRecord(entry);
  if (column === undefined) {
    problems.push(`${at}: must be an object { name, role, unit, kind }`);
    return undefined;
  }
  const name = column["name"];
  if (typeof name !== "string" || name.trim() === "") {
    problems.push(`${at}: name must be a text, got ${JSON.stringify(name)}`);
    return undefined;
  }
  const where = `${at} ("${name}")`;
  checkKeys(column, COLUMN_KEYS, where, problems);
  checkOneOf(column["role"], COLUMN_ROLES, `${where}: role`, problems);
  checkOneOf(column["kind"], KINDS, `${where}: kind`, problems);
  const unit = column["unit"] ?? undefined; // null means "not stated"
  const describes = column["describes"];
  if (unit !== undefined && typeof unit !== "string") problems.push(`${where}: unit must be a text`);
  if (describes !== undefined && typeof describes !== "string")
    problems.push(`${where}: describes must be a column name`);
  for (const key of ["min", "max"]) {
    const bound = column[key];
    if (bound !== undefined && !(typeof bound === "number" && Number.isFinite(bound))) {
      problems.push(`${where}: ${key} must be a number, got ${JSON.stringify(bound)}`);
    }
  }
  const { min, max } = column as { min?: number; max?: number };
  if (typeof min === "number" && typeof max === "number" && min > max) {
    problems.push(`${where}: min ${min} is above max ${max}`);
  }
  checkTexts(column["labels"], `${where}: labels`, problems);
  checkTexts(column["missing"], `${where}: missing`, problems);
  checkOneOf(column["required"], [true, false], `${where}: required`, problems);
  return {
    name,
    ...(column["role"] === undefined ? {} : { role: column["role"] as ColumnRole }),
    ...(typeof unit === "string" ? { unit } : {}),
    ...(column["kind"] === undefined ? {} : { kind: column["kind"] as ColumnKind }),
    ...(typeof describes === "string" ? { describes } : {}),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(column["labels"] === undefined ? {} : { labels: column["labels"] as string[] }),
    ...(column["required"] === undefined ? {} : { required: column["required"] as boolean }),
    ...(column["missing"] === undefined ? {} : { missing: column["missing"] as string[] }),
  };
}

function readRecord(data: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof data === "object" && data !== null && !Array.isArray(data)
    ? (data as Record<string, unknown>)
    : undefined;
}

function checkKeys(
  record: Readonly<Record<string, unknown>>,
  known: readonly string[],
  where: string,
  problems: string[],
): void {
  for (const key of Object.keys(record)) {
    if (known.includes(key)) continue;
    const near = nearestNames(key, known, 1)[0];
    problems.push(
      `${where}: unknown field "${key}"; ${near === undefined ? `known are ${known.join(", ")}` : `did you mean "${near}"?`}`,
    );
  }
}

function checkOneOf(value: unknown, allowed: readonly unknown[], where: string, problems: string[]): void {
  if (value === undefined || allowed.includes(value)) return;
  problems.push(
    `${where} must be one of ${allowed.map((a) => JSON.stringify(a)).join(", ")}, got ${JSON.stringify(value)}`,
  );
}

function checkTexts(value: unknown, where: string, problems: string[]): void {
  if (value === undefined || (Array.isArray(value) && value.every((text) => typeof text === "string"))) return;
  problems.push(`${where} must be a list of texts, got ${JSON.stringify(value)}`);
}

function invalid(problems: readonly string[], file: string | undefined): FormatError {
  const text = problems.length === 1 ? `invalid schema: ${problems[0]}` : `invalid schema:\n  ${problems.join("\n  ")}`;
  return new FormatError(text, { location: { file } });
}
