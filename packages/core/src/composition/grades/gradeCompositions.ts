import { DataError, isMateriomeError } from "../../errors/errors.ts";
import type { Column } from "../../table/column.ts";
import { columnTexts } from "../../table/columnTexts.ts";
import type { Table } from "../../table/table.ts";
import type { Composition } from "../parseFormula.ts";
import { resolveGrade, tryResolveGrade } from "./resolveGrade.ts";

/**
 * Nominal compositions of a column of grade names, undefined where missing; equal texts are resolved once.
 *
 * @param table - the table that the column belongs to, for messages
 * @throws DataError naming file, row and column of the first text that names no grade, or several, with every other such
 * text of the column
 * @example
 * gradeCompositions(table, table.column("grade")); // [Map { "Fe" → 0.66…, "Cr" → 0.18…, … }, undefined, …]
 */
export function gradeCompositions(table: Table, column: Column): (Composition | undefined)[] {
  const resolved = new Map<string, Composition>();
  const failures = new Map<string, { row: number; message: string }>();
  const compositions = columnTexts(column).map((text, i) => {
    if (text === undefined || failures.has(text)) return undefined;
    const known = resolved.get(text);
    if (known !== undefined) return known;
    try {
      const { composition } = resolveGrade(text);
      resolved.set(text, composition);
      return composition;
    } catch (error) {
      if (!isMateriomeError(error)) throw error;
      failures.set(text, { row: table.rowNumber(i), message: error.message });
      return undefined;
    }
  });
  const [first, ...others] = failures.values();
  if (first === undefined) return compositions;
  const more = others.map(({ row, message }) => `row ${row}: ${message}`);
  throw new DataError([first.message, ...more].join("\n"), {
    location: { file: table.source, row: first.row, column: column.name },
  });
}

/** True if every text of the column that is there names one grade; false for a column without any text. */
export function isGradeColumn(column: Column): boolean {
  const texts = new Set(columnTexts(column).filter((text) => text !== undefined));
  return texts.size > 0 && [...texts].every((text) => tryResolveGrade(text) !== undefined);
}
