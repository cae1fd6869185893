import { resolveGrade, tryResolveGrade } from "../composition/grades/resolveGrade.ts";
import { parseAlloyNotation, statesAmounts } from "../composition/parseAlloyNotation.ts";
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
 * in atomic fractions. A text in such a column that names no grade known, but states its amounts (`Fe-18Cr-8Ni`), stands for them, in
 * percent by weight where it does not say.
 *
 * @throws FormatError for a text that is no formula; DataError for one that names no grade, or several
 * @example
 * compositionOfText("316L", "grade").get("Cr"); // 0.18…
 */
export function compositionOfText(text: string, kind: CompositionKind): Composition {
  if (kind === "formula") return parseFormula(text);
  const grade = tryResolveGrade(text);
  if (grade !== undefined) return grade.composition;
  // A designation that cannot be read says where; all else is taken for the name of a grade.
  return statesAmounts(text) ? parseAlloyNotation(text).composition : resolveGrade(text).composition;
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
