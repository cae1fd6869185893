import { resolveGrade } from "../composition/grades/resolveGrade.ts";
import { type Composition, parseFormula } from "../composition/parseFormula.ts";
import { isMateriomeError } from "../errors/errors.ts";
import type { ColumnKind } from "./column.ts";

/** Kinds of columns whose texts stand for a composition. */
export type CompositionKind = "formula" | "grade";

export function isCompositionKind(kind: ColumnKind): kind is CompositionKind {
  return kind === "formula" || kind === "grade";
}

/**
 * Amounts that a text of such a column stands for: those of a chemical formula, or the nominal composition of an alloy grade
 * in atomic fractions.
 *
 * @throws FormatError for a text that is no formula; DataError for one that names no grade, or several
 * @example
 * compositionOfText("316L", "grade").get("Cr"); // 0.18…
 */
export function compositionOfText(text: string, kind: CompositionKind): Composition {
  return kind === "formula" ? parseFormula(text) : resolveGrade(text).composition;
}

/** As {@link compositionOfText}; undefined where the text stands for none. */
export function tryCompositionOfText(text: string, kind: CompositionKind): Composition | undefined {
  try {
    return compositionOfText(text, kind);
  } catch (error) {
    if (isMateriomeError(error)) return undefined;
    throw error;
  }
}
