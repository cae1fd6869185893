import { isKnownUnit } from "../units/unit.ts";

/** Cell texts that mean "no value" in any column, compared trimmed and in lower case. An empty cell always does. */
export const MISSING_TOKENS: readonly string[] = ["", "na", "n/a", "#n/a", "nan", "-", "--", "?", "null"];

/** Cell texts that mean "no value" only where numbers or formulas stand: as a category, none (no quench) is an answer. */
export const MISSING_NUMBER_TOKENS: readonly string[] = ["none", "n.d.", "n.a."];

export type DecimalSign = "." | ",";

const WITH_POINT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const WITH_COMMA = /^[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d+)?$/;

/** `1.2×10^-14`, `3 x 10⁻¹⁵`, `2*10^5`. */
const POWER_OF_TEN = /(?<=\d)\s*[x×·*]\s*10(?:\^\(?([-+\u2212\u2013]?\d+)\)?|([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))$/;
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function lowered(raised: string = ""): string {
  return raised.replace(/./g, (sign) => (sign === "⁻" ? "-" : sign === "⁺" ? "+" : String(SUPERSCRIPTS.indexOf(sign))));
}

/** The number that a cell holds, or undefined if it holds anything else. No thousands separators, no units. */
export function parseNumber(cell: string, decimal: DecimalSign): number | undefined {
  const text = cell
    .trim()
    .replace(/^[\u2212\u2013]/, "-")
    .replace(/([eE])[\u2212\u2013]/, "$1-")
    .replace(
      POWER_OF_TEN,
      (_, plain?: string, raised?: string) => `e${plain?.replace(/[\u2212\u2013]/, "-") ?? lowered(raised)}`,
    );
  if (decimal === ".") return WITH_POINT.test(text) ? Number(text) : undefined;
  return WITH_COMMA.test(text) ? Number(text.replace(",", ".")) : undefined;
}

/** `1,234.5`, `1.234.567,5`, `12 345`, `1’234`: a number with separators between its thousands, which none is read with. */
export function isGroupedNumber(cell: string): boolean {
  return /^[+-]?\d{1,3}(?:([.,'’ \u00a0\u2009\u202f])\d{3})(?:\1\d{3})*(?:[.,]\d+)?$/.test(cell.trim());
}

/** `LOD`, `<LOQ`, `bdl`, `traces`: below a limit that the cell does not state. */
export function isBelowDetection(cell: string): boolean {
  return /^<?\s*(?:m?dl|bdl|lo[dq]|below (?:detection|lod|loq|dl).*|not detected|n\/?d|traces?|tr\.?)$/i.test(
    cell.trim(),
  );
}

/** What to do about a cell that should have been a number. */
export function numberRemedy(cell: string, decimal: DecimalSign): string {
  const text = cell.trim();
  if (isKnownUnit(text.replace(/^[([]|[)\]]$/g, "")))
    return "this is a unit; write it into the header, as in “Strength (MPa)”";
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return "an infinite value is no measurement; leave the cell empty";
  if (parseNumber(text, decimal) !== undefined) return "it is too large for a double precision number";
  if (isBelowDetection(text)) return "write the limit, as in <0.005, or leave the cell empty";
  if (/^[<>≤≥]/.test(text)) return "put the limit here and mark the row in a column “censored”";
  if (/±|\+\/-|\+-/.test(text)) return "put the uncertainty into a column of its own";
  if (isGroupedNumber(text)) return "write the number without thousands separators";
  const other: DecimalSign = decimal === "." ? "," : ".";
  if (parseNumber(text, other) !== undefined) return `use one decimal sign throughout (here “${decimal}”)`;
  const corrected = text.replace(/[oO]/g, "0").replace(/[lI]/g, "1");
  if (corrected !== text && parseNumber(corrected, decimal) !== undefined) {
    return `letters stand where digits should; write ${corrected} if that is meant`;
  }
  if (/^[+-]?[\d.,]+\s*[^\d\s]+$/.test(text)) return "put the unit into the header, as in “Strength (MPa)”";
  if (/^[+-]?[\d.]+\s*(?:-|–|to|\.\.)\s*[\d.]+$/.test(text)) return "give one number, not a range";
  return "leave the cell empty if the value is missing, or declare the column a category in the schema";
}
