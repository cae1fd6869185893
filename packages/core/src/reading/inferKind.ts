import { tryResolveGrade } from "../composition/grades/resolveGrade.ts";
import { tryParseAlloyNotation } from "../composition/parseAlloyNotation.ts";
import { tryParseFormula } from "../composition/parseFormula.ts";
import type { ColumnKind } from "../table/column.ts";
import { isLabelName, isMaterialName } from "../table/inferRole.ts";
import { type DecimalSign, isBelowDetection, isGroupedNumber, parseNumber } from "../table/numberText.ts";
import { isKnownUnit } from "../units/unit.ts";
import { parseMeasurement } from "./measurement.ts";
import type { MissingTexts } from "./missing.ts";
import { type RawColumn, textsOf } from "./rawColumn.ts";

const FORMULA_NAME = /\b(?:formulas?|composition|compound)\b/i;
/** What may be meant as a formula, right or wrong: symbols, amounts and brackets, but no words. */
const FORMULA_SHAPE = /^(?!.*[a-z]{3})[\d\s.]*[([{]*[A-Za-z][\w\s.,·*+\-()[\]{}\u2080-\u2089]*$/;
const GRADE_NAME = /\b(?:grades?|designation|uns|alloys?|steels?)\b/i;
const ALLOY_NAME = /\balloys?\b/i;

export interface InferKindOptions {
  readonly decimal: DecimalSign;
  readonly missing: MissingTexts;
  /** Whether cells such as `<0.005` and `12±1` count as numbers. */
  readonly certificates: boolean;
  /** Unit that header or schema state; "" where neither does. */
  readonly unit: string;
}

/** Kind of a column from its name and values; the rules are stated at `readTable`. */
export function inferKind(name: string, column: RawColumn, options: InferKindOptions): ColumnKind {
  if (isGradeColumn(name, column, options)) return "grade";
  if (!holdsCodes(name, column) && isNumberColumn(name, column, options)) return "number";
  const { labels, counts } = textsOf(column);
  let nPresent = column.plan === "numbers" ? column.nNumbers : 0;
  let nDistinct = 0;
  for (const [k, text] of labels.entries()) {
    if (options.missing.has(text)) continue;
    nPresent += counts[k] ?? 0;
    nDistinct++;
  }
  if (column.plan === "labels" && isFormulaColumn(name, labels, options.missing)) return "formula";
  return nDistinct > 20 && 2 * nDistinct > nPresent ? "text" : "category";
}

/**
 * `0012` in a column of names is no twelve: as a number it would not find `0012` of another table; of sixteen digits the
 * last would be lost. Nor is 4140 in a column
 * of steels.
 */
function holdsCodes(name: string, column: RawColumn): boolean {
  const { labels } = textsOf(column);
  return (
    (isLabelName(name) && column.plan === "numbers" && column.hasCodes) ||
    (isLabelName(name) && labels.some((text) => /^0\d+$|^\d{16,}$/.test(text))) ||
    (isMaterialName(name) && labels.some((text) => /^\d{3,}$/.test(text)))
  );
}

function isNumberColumn(
  name: string,
  column: RawColumn,
  { decimal, missing, certificates, unit }: InferKindOptions,
): boolean {
  const { labels, counts } = textsOf(column);
  let nNumbers = column.plan === "numbers" ? column.nNumbers : 0;
  let nPresent = nNumbers;
  let nWords = 0; // "none" and the like, missing only if the column is one of numbers
  const others: number[] = [];
  for (const [k, text] of labels.entries()) {
    if (missing.has(text)) continue;
    const n = counts[k] ?? 0;
    if (missing.hasAsNumber(text)) {
      nWords += n;
      continue;
    }
    nPresent += n;
    if (parseNumber(text, decimal) !== undefined) nNumbers += n;
    else others.push(k);
  }
  if (nPresent === 0) return nWords === 0; // also where every value is missing
  if (2 * nNumbers >= nPresent) return true;
  if (isLabelName(name)) return false;
  let nMeant = 0; // `1,234.5` and `<LOD` are meant as numbers, and refused as such
  let nSure = nNumbers;
  let nReadable = nNumbers;
  for (const k of others) {
    const n = counts[k] ?? 0;
    if (isGroupedNumber(labels[k] ?? "") || isBelowDetection(labels[k] ?? "")) nMeant += n;
    const found = certificates ? parseMeasurement(labels[k] ?? "", decimal, name) : undefined;
    if (found === undefined) continue;
    nReadable += n;
    if (found.isSure) nSure += n;
  }
  if (2 * (nNumbers + nMeant) >= nPresent) return true;
  if (unit !== "" && isKnownUnit(unit) && nSure > 0 && 2 * nSure >= nReadable) return true;
  return 10 * nReadable >= 9 * nPresent && 2 * nSure >= nPresent;
}

/**
 * A column named as one of grades or alloys, every label of which is the name of exactly one grade or states amounts as `Fe-18Cr-8Ni` does;
 * not small numbers. One named as of compositions too, if some label is of the second kind.
 */
function isGradeColumn(name: string, column: RawColumn, { missing, unit }: InferKindOptions): boolean {
  const isNamed = GRADE_NAME.test(name);
  if (column.plan !== "labels" || !(isNamed || FORMULA_NAME.test(name.replace(/_/g, " ")))) return false;
  const distinct = textsOf(column).labels.filter((text) => !missing.hasAsNumber(text));
  const isInWeight = unit === "" || unit === "wt%"; // as the amounts are read
  const isStated = (text: string): boolean =>
    isInWeight && tryResolveGrade(text) === undefined && tryParseAlloyNotation(text) !== undefined;
  return (
    distinct.some((text) => !/^\d*$/.test(text) || (isMaterialName(name) && text.length > 2)) &&
    distinct.every((text) => tryResolveGrade(text) !== undefined || isStated(text)) &&
    (isNamed || distinct.some(isStated))
  );
}

function isFormulaColumn(header: string, labels: readonly string[], missing: MissingTexts): boolean {
  const name = header.replace(/_/g, " ");
  const distinct = labels.filter((text) => !missing.hasAsNumber(text));
  if (FORMULA_NAME.test(name) || ALLOY_NAME.test(name)) {
    const nParsed = distinct.filter((text) => tryParseFormula(text) !== undefined).length;
    if (/\bformulas?\b/i.test(name) && distinct.every((text) => FORMULA_SHAPE.test(text))) {
      // "Mix A" is none.
      if (nParsed > 0 || (distinct.length > 0 && !distinct.some((text) => /[a-z]{2}/.test(text)))) return true;
    }
    return nParsed > 0 && nParsed >= (FORMULA_NAME.test(name) ? 0.5 : 0.9) * distinct.length;
  }
  return distinct.length >= 3 && distinct.every((text) => /\d/.test(text) && (tryParseFormula(text)?.size ?? 0) >= 2);
}
