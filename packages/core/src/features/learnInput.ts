import type { Column } from "../table/column.ts";
import { columnTexts } from "../table/columnTexts.ts";
import { isCompositionKind } from "../table/compositionOfText.ts";
import { compositionsOf } from "../table/compositionsOf.ts";
import type { Table } from "../table/table.ts";
import type { EncodedInput } from "./encodedInput.ts";

/** What is learned of an input column: the labels or elements met, in alphabetical order. */
export function learnInput(table: Table, column: Column): EncodedInput {
  const { name, role, unit, header } = column;
  const info = { name, role, unit, ...(header === undefined ? {} : { header }) };
  if (column.kind === "category" || column.kind === "text") {
    const labels = new Set(columnTexts(column).filter((text) => text !== undefined));
    return { ...info, kind: "category", labels: [...labels].sort() };
  }
  if (isCompositionKind(column.kind)) {
    const elements = new Set(compositionsOf(table, column).flatMap((c) => (c === undefined ? [] : [...c.keys()])));
    return { ...info, kind: column.kind, elements: [...elements].sort() };
  }
  return { ...info, kind: "number" };
}

/**
 * The inputs of any encoder of table rows: its own where it lists them, else the columns that its outputs come from.
 */
export function inputsOfEncoder(
  encoder: { readonly outputs: readonly { readonly source: readonly string[] }[]; readonly inputs?: unknown },
  table: Table,
): readonly EncodedInput[] {
  if (Array.isArray(encoder.inputs)) return encoder.inputs as EncodedInput[];
  const names = new Set(encoder.outputs.flatMap((output) => output.source));
  return table.columns.filter(({ name }) => names.has(name)).map((column) => learnInput(table, column));
}
