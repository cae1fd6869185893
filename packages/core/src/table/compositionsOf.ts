import { type Composition, parseFormula } from "../composition/parseFormula.ts";
import { FormatError } from "../errors/errors.ts";
import type { Column } from "./column.ts";
import { columnTexts } from "./columnTexts.ts";
import type { Table } from "./table.ts";

/**
 * Parsed formulas of a column, undefined where missing; equal texts are parsed once.
 *
 * @param table - the table it belongs to, for messages
 * @throws FormatError naming row and column of a text that is no formula
 */
export function compositionsOf(table: Table, column: Column): (Composition | undefined)[] {
  const parsed = new Map<string, Composition>();
  return columnTexts(column).map((text, i) => {
    if (text === undefined) return undefined;
    const known = parsed.get(text);
    if (known !== undefined) return known;
    try {
      const composition = parseFormula(text);
      parsed.set(text, composition);
      return composition;
    } catch (cause) {
      throw new FormatError(cause instanceof Error ? cause.message : String(cause), {
        cause,
        location: { file: table.source, row: table.rowNumber(i), column: column.name },
      });
    }
  });
}
