import type { Composition } from "../composition/parseFormula.ts";
import { DataError, isMateriomeError } from "../errors/errors.ts";
import { ProblemList } from "../errors/problemList.ts";
import type { Column, ColumnKind } from "./column.ts";
import { columnTexts } from "./columnTexts.ts";
import { compositionOfText, isCompositionKind } from "./compositionOfText.ts";
import type { Table } from "./table.ts";

/**
 * Compositions of a column of formulas or of alloy grades (`316L`: nominal composition), undefined where missing; equal
 * texts are read once.
 *
 * @param table - the table it belongs to, for messages
 * @param kind - how to read the texts, where the column itself does not say: "formula" or "grade"
 * @throws DataError if the column is of another kind and `kind` is not given
 * @throws FormatError naming row and column of each text that is no formula or no grade, the first twenty where there are more
 * @example
 * compositionsOf(table, table.column("formula")); // [Map { "Fe" → 2, "O" → 3 }, undefined, …]
 */
export function compositionsOf(
  table: Table,
  column: Column,
  kind: ColumnKind = column.kind,
): (Composition | undefined)[] {
  if (!isCompositionKind(kind)) {
    throw new DataError(
      `compositions are asked for, but the column is of kind ${kind}; give it the kind "formula" or "grade" in the schema`,
      { location: { file: table.source, column: column.name } },
    );
  }
  const parsed = new Map<string, Composition>();
  const problems = new ProblemList(table.source);
  const compositions = columnTexts(column).map((text, i) => {
    if (text === undefined) return undefined;
    const known = parsed.get(text);
    if (known !== undefined) return known;
    try {
      const composition = compositionOfText(text, kind);
      parsed.set(text, composition);
      return composition;
    } catch (cause) {
      if (!isMateriomeError(cause)) throw cause;
      problems.add(cause.message, { row: table.rowNumber(i), column: column.name });
      return undefined;
    }
  });
  problems.throwIfAny();
  return compositions;
}
