import { DataError } from "../../errors/errors.ts";
import { ProblemList } from "../../reading/problems.ts";
import type { Column } from "../../table/column.ts";
import { columnTexts } from "../../table/columnTexts.ts";
import type { Table } from "../../table/table.ts";
import type { Composition } from "../parseFormula.ts";
import { resolveGrade, tryResolveGrade } from "./resolveGrade.ts";

/**
 * Nominal compositions of a column of grade names, undefined where missing; equal texts are resolved once.
 *
 * @param table - the table that the column belongs to, for messages
 * @throws FormatError naming row and column of each text that names no grade, or several (once a text), with near names or
 * the candidates
 * @example
 * gradeCompositions(table, table.column("grade")); // [Map { "Fe" → 0.66…, "Cr" → 0.18…, … }, undefined, …]
 */
export function gradeCompositions(table: Table, column: Column): (Composition | undefined)[] {
  const resolved = new Map<string, Composition | undefined>();
  const problems = new ProblemList(table.source);
  const compositions = columnTexts(column).map((text, i) => {
    if (text === undefined) return undefined;
    if (resolved.has(text)) return resolved.get(text);
    let composition: Composition | undefined;
    try {
      composition = resolveGrade(text).composition;
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      problems.add(error.message, { row: table.rowNumber(i), column: column.name });
    }
    resolved.set(text, composition);
    return composition;
  });
  problems.throwIfAny();
  return compositions;
}

/** True if every text of the column that is there names one grade; false for a column without any text. */
export function isGradeColumn(column: Column): boolean {
  const texts = new Set(columnTexts(column).filter((text) => text !== undefined));
  return texts.size > 0 && [...texts].every((text) => tryResolveGrade(text) !== undefined);
}
