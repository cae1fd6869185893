import { type Composition, parseFormula } from "../composition/parseFormula.ts";
import { FormatError } from "../errors/errors.ts";
import { ProblemList } from "../reading/problems.ts";
import type { Column } from "./column.ts";
import { columnTexts } from "./columnTexts.ts";
import type { Table } from "./table.ts";

/**
 * Parsed formulas of a column, undefined where missing; equal texts are parsed once.
 *
 * @param table - the table it belongs to, for messages
 * @throws FormatError naming row and column of each text that is no formula, the first twenty where there are more
 */
export function compositionsOf(table: Table, column: Column): (Composition | undefined)[] {
  const parsed = new Map<string, Composition>();
  const problems = new ProblemList(table.source);
  const compositions = columnTexts(column).map((text, i) => {
    if (text === undefined) return undefined;
    const known = parsed.get(text);
    if (known !== undefined) return known;
    try {
      const composition = parseFormula(text);
      parsed.set(text, composition);
      return composition;
    } catch (cause) {
      if (!(cause instanceof FormatError)) throw cause;
      problems.add(cause.message, { row: table.rowNumber(i), column: column.name });
      return undefined;
    }
  });
  problems.throwIfAny();
  return compositions;
}
