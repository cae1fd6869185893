import { FormatError } from "../errors/errors.ts";
import { decodeArray, encodeArray } from "../json/typedArrays.ts";
import type { Json } from "../learner/portable.ts";
import { type CellNotation, COLUMN_ROLES, type Column, type ColumnInfo, type ColumnRole } from "./column.ts";
import { Table } from "./table.ts";

const TYPE = "core/table";
const VERSION = 1;

/**
 * A table as plain JSON, numbers bit for bit.
 *
 * @example
 * const again = tableFromJSON(JSON.parse(JSON.stringify(tableToJSON(table))));
 */
export function tableToJSON(table: Table): { readonly [key: string]: Json } {
  return {
    type: TYPE,
    version: VERSION,
    ...(table.source === undefined ? {} : { source: table.source }),
    ...(table.rowNumbers === undefined ? {} : { rowNumbers: encodeArray(table.rowNumbers) }),
    columns: table.columns.map(columnToJSON),
  };
}

/**
 * The table again.
 *
 * @param data - what {@link tableToJSON} wrote, unchecked
 * @throws FormatError if it is anything else, or damaged
 */
export function tableFromJSON(data: unknown): Table {
  const record = asRecord(data, "table");
  if (record["type"] !== TYPE)
    throw new FormatError(`tableFromJSON: expected "${TYPE}", got ${JSON.stringify(record["type"])}`);
  if (record["version"] !== VERSION) {
    throw new FormatError(
      `tableFromJSON: version ${JSON.stringify(record["version"])} is not ${VERSION}; written by another release`,
    );
  }
  const { columns, source, rowNumbers } = record;
  if (!Array.isArray(columns)) throw new FormatError("tableFromJSON: columns are missing");
  if (source !== undefined && typeof source !== "string") throw new FormatError("tableFromJSON: source must be a text");
  return new Table(
    (columns as unknown[]).map(columnFromJSON),
    source,
    rowNumbers === undefined ? undefined : decodeArray(rowNumbers, "i32"),
  );
}

function columnToJSON(column: Column): Json {
  const { name, role, unit, kind, describes, header, originalUnit, isDifference, roleFrom, notation } = column;
  const info = {
    name,
    role,
    unit,
    kind,
    ...(describes === undefined ? {} : { describes }),
    ...(header === undefined ? {} : { header }),
    ...(originalUnit === undefined ? {} : { originalUnit }),
    ...(isDifference === true ? { isDifference } : {}),
    ...(roleFrom === undefined ? {} : { roleFrom }),
    ...(notation === undefined ? {} : { notation: { ...notation } as Json }),
  };
  switch (column.kind) {
    case "number":
      return { ...info, values: encodeArray(column.values), valid: encodeArray(column.valid) };
    case "category":
      return { ...info, codes: encodeArray(column.codes), labels: [...column.labels] };
    case "formula":
    case "grade":
    case "text":
      return { ...info, texts: column.texts.map((text) => text ?? null) };
  }
}

function columnFromJSON(data: unknown): Column {
  const record = asRecord(data, "column");
  const { name, role, unit, kind } = record;
  if (typeof name !== "string" || typeof unit !== "string" || !COLUMN_ROLES.includes(role as ColumnRole)) {
    throw new FormatError(`tableFromJSON: column ${JSON.stringify(name)} needs a name, a known role and a unit`);
  }
  const info: ColumnInfo = {
    name,
    role: role as ColumnRole,
    unit,
    ...optionalText(record, "describes"),
    ...optionalText(record, "header"),
    ...optionalText(record, "originalUnit"),
    ...(record["isDifference"] === true ? { isDifference: true } : {}),
    ...optionalText(record, "roleFrom"),
    ...optionalNotation(record["notation"], name),
  };
  if (kind === "number") {
    return { ...info, kind, values: decodeArray(record["values"], "f64"), valid: decodeArray(record["valid"], "u8") };
  }
  if (kind === "category") {
    const labels = textList(record["labels"], name);
    const codes = decodeArray(record["codes"], "i32");
    if (codes.some((code) => code < -1 || code >= labels.length)) {
      throw new FormatError(`tableFromJSON: column "${name}" has codes without labels`);
    }
    return { ...info, kind, codes, labels: labels.map((label) => label ?? "") };
  }
  if (kind === "formula" || kind === "grade" || kind === "text")
    return { ...info, kind, texts: textList(record["texts"], name) };
  throw new FormatError(`tableFromJSON: column "${name}" has the unknown kind ${JSON.stringify(kind)}`);
}

function textList(data: unknown, name: string): (string | undefined)[] {
  if (!Array.isArray(data)) throw new FormatError(`tableFromJSON: column "${name}" has no texts`);
  return (data as unknown[]).map((text) => {
    if (text === null) return undefined;
    if (typeof text !== "string")
      throw new FormatError(`tableFromJSON: column "${name}" holds ${typeof text}, expected texts`);
    return text;
  });
}

function optionalText(record: Readonly<Record<string, unknown>>, key: string): object {
  const value = record[key];
  return typeof value === "string" ? { [key]: value } : {};
}

function asRecord(data: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof data === "object" && data !== null && !Array.isArray(data)) return data as Record<string, unknown>;
  throw new FormatError(`tableFromJSON: expected a ${what}, got ${Array.isArray(data) ? "a list" : String(data)}`);
}

function optionalNotation(data: unknown, name: string): { readonly notation?: CellNotation } {
  if (data === undefined) return {};
  const counts = asRecord(data, `notation of column "${name}"`);
  for (const [key, value] of Object.entries(counts)) {
    if (typeof value !== "number")
      throw new FormatError(`tableFromJSON: notation "${key}" of column "${name}" is no number`);
  }
  return { notation: counts as CellNotation };
}
