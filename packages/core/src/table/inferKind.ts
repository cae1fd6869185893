import { tryParseFormula } from "../composition/parseFormula.ts";
import type { ColumnKind } from "./column.ts";
import { type DecimalSign, parseNumber } from "./numberText.ts";

const FORMULA_NAME = /\b(?:formula|composition|compound)\b/i;
const ALLOY_NAME = /\balloys?\b/i;

/** Kind of a column from its name and values; the rules are stated at `readTable`. */
export function inferKind(name: string, texts: readonly (string | undefined)[], decimal: DecimalSign): ColumnKind {
  const present = texts.filter((text) => text !== undefined);
  const nNumbers = present.filter((text) => parseNumber(text, decimal) !== undefined).length;
  if (2 * nNumbers >= present.length) return "number"; // also where every value is missing
  const distinct = new Set(present);
  if (isFormulaColumn(name, distinct)) return "formula";
  return distinct.size > 20 && 2 * distinct.size > present.length ? "text" : "category";
}

function isFormulaColumn(name: string, distinct: ReadonlySet<string>): boolean {
  const parsed = [...distinct].map((text) => ({ text, composition: tryParseFormula(text) }));
  const share = parsed.filter((entry) => entry.composition !== undefined).length / distinct.size;
  if (FORMULA_NAME.test(name)) return share >= 0.5;
  if (ALLOY_NAME.test(name)) return share >= 0.9;
  return (
    distinct.size >= 3 &&
    parsed.every(({ text, composition }) => composition !== undefined && composition.size >= 2 && /\d/.test(text))
  );
}
