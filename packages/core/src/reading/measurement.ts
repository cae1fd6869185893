import { isUnitOf } from "../table/header.ts";
import { type DecimalSign, parseNumber } from "../table/numberText.ts";
import { canonicalUnitText, isKnownUnit } from "../units/unit.ts";

export type MeasurementForm = "censored" | "range" | "plusMinus" | "concise" | "approximate" | "withUnit";

/** A cell of a certificate or handbook: a number with what is said about it. */
export interface Measurement {
  readonly form: MeasurementForm;
  /** The value, the limit of a censored one, or the middle of a range. */
  readonly value: number;
  /** Half width of a range (√3 σ of a uniform distribution), or what follows ±; 0 where nothing is stated. */
  readonly halfWidth: number;
  /** "left": the true value is below `value`; "right": above it. */
  readonly censor?: "left" | "right" | undefined;
  /** "" where the cell states none. */
  readonly unit: string;
  /** False for what may well be something else: `10-12` a label, `12(3)` a footnote, `304 L` a grade. */
  readonly isSure: boolean;
}

const NUMBER = String.raw`[+\-\u2212]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+\-\u2212]?\d+)?`;
const POSITIVE = String.raw`(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+\-\u2212]?\d+)?`;
const UNIT = String.raw`(?:(\s*)([%‰°º\p{L}µμÅΩ"][^<>≤≥±~≈]*))?`;
const CENSORED = new RegExp(String.raw`^(<=|>=|=<|=>|[<>≤≥⩽⩾])\s*(${NUMBER})${UNIT}$`, "u");
const PLUS_MINUS = new RegExp(String.raw`^\(?(${NUMBER})\s*(?:±|\+\/-|\+-|\+\/\u2212)\s*(${POSITIVE})\)?${UNIT}$`, "u");
const RANGE = new RegExp(String.raw`^(${POSITIVE})(\s*(?:-|–|—|\.\.\.?|…)\s*)(${POSITIVE})${UNIT}$`, "u");
const SPOKEN_RANGE = new RegExp(String.raw`^(${NUMBER})(\s+to\s+|\s+(?:–|—)\s+)(${NUMBER})${UNIT}$`, "u");
const APPROXIMATE = new RegExp(String.raw`^(?:~|≈|∼|ca\.?|approx\.?|about)\s*(${NUMBER})${UNIT}$`, "u");
const CONCISE = new RegExp(String.raw`^([+\-\u2212]?(\d+)(?:[.,](\d+))?)\((\d+(?:[.,]\d+)?)\)${UNIT}$`, "u");
const WITH_UNIT = new RegExp(`^(${NUMBER})${UNIT}$`, "u");
const HARDNESS = /^(HR[ABC]|HV|HBW?|HK)\s*(\d[\d.,]*)$/;

/**
 * Reads a cell that is more than a number: `<0.005`, `≥ 45 HRC`, `0.2–0.3`, `0.2 to 0.3`, `12±1`, `12 +/- 1 MPa`, `~12`,
 * `5.431(2)`, `45 HRC`, `HRC 45`, `650 °C`. Undefined for anything else, also for `12 (3)` with a blank, of which nobody
 * can tell whether it is an uncertainty or a count of tests.
 *
 * In `5.431(2)` the digits in brackets are the standard uncertainty in units of the last digits; with a decimal sign of
 * their own, `5.431(0.002)`, they are the uncertainty itself (JCGM 100:2008, 7.2.2).
 *
 * @param name - name of the column: says whether a single letter can be its unit
 */
export function parseMeasurement(cell: string, decimal: DecimalSign, name: string): Measurement | undefined {
  const text = cell.trim();
  if (!/\d/.test(text) || text.length > 60) return undefined;
  const number = (part: string | undefined): number => parseNumber(part ?? "", decimal) ?? Number.NaN;
  const finish = (
    form: MeasurementForm,
    value: number,
    halfWidth: number,
    [gap, unit]: readonly [string | undefined, string | undefined],
    more: { readonly isSure?: boolean; readonly censor?: "left" | "right" } = {},
  ): Measurement | undefined => {
    if (!Number.isFinite(value) || !Number.isFinite(halfWidth)) return undefined;
    const found = unit === undefined ? { text: "", isSure: true } : unitOfCell(unit, gap ?? "", name);
    if (found === undefined) return undefined;
    const isSure = found.isSure && ((more.isSure ?? true) || found.text !== "");
    return {
      form,
      value,
      halfWidth,
      unit: found.text,
      isSure,
      ...(more.censor === undefined ? {} : { censor: more.censor }),
    };
  };
  let match = CENSORED.exec(text);
  if (match !== null) {
    const censor = /[<≤⩽]/.test(match[1] ?? "") ? "left" : "right";
    return finish("censored", number(match[2]), 0, [match[3], match[4]], { censor });
  }
  match = PLUS_MINUS.exec(text);
  // `80 ± 5%` may be 5 of the column's % or 5 % of 80; `(80 ± 5) %` cannot.
  if (match?.[4] === "%" && !text.startsWith("(")) return undefined;
  if (match !== null) return finish("plusMinus", number(match[1]), number(match[2]), [match[3], match[4]]);
  match = RANGE.exec(text) ?? SPOKEN_RANGE.exec(text);
  if (match !== null) {
    const [low, high] = [number(match[1]), number(match[3])];
    if (!(low < high)) return undefined;
    const isBare = match[2] === "-" && /^\d+$/.test(match[1] ?? "") && /^\d+$/.test(match[3] ?? "");
    return finish("range", (low + high) / 2, (high - low) / 2, [match[4], match[5]], { isSure: !isBare });
  }
  match = APPROXIMATE.exec(text);
  if (match !== null) return finish("approximate", number(match[1]), 0, [match[2], match[3]]);
  match = CONCISE.exec(text);
  if (match !== null) {
    const decimals = (match[3] ?? "").length;
    const bracket = number(match[4]);
    const sigma = /[.,]/.test(match[4] ?? "") ? bracket : Number(`${bracket}e-${decimals}`);
    return finish("concise", number(match[1]), sigma, [match[5], match[6]], { isSure: decimals > 0 });
  }
  match = WITH_UNIT.exec(text);
  if (match !== null && match[3] !== undefined) return finish("withUnit", number(match[1]), 0, [match[2], match[3]]);
  match = HARDNESS.exec(text);
  return match === null ? undefined : finish("withUnit", number(match[2]), 0, [" ", match[1]]);
}

/** `HV10`, `HV 0.5` and `HBW 10/3000` say with what load the hardness was measured; the scale is the unit. */
function unitOfCell(
  raw: string,
  gap: string,
  name: string,
): { readonly text: string; readonly isSure: boolean } | undefined {
  const unit = raw
    .trim()
    .replace(/^(HV|HK)\s?\d[\d.,/]*$/, "$1")
    .replace(/^HBW?(?:\s?\d[\d.,/]*)?$/, "HB");
  if (!isKnownUnit(unit)) return undefined;
  if (!/^\p{L}$/u.test(unit)) return { text: canonicalUnitText(unit), isSure: true };
  const isExpected = isUnitOf(unit, name);
  if (!isExpected && gap === "") return undefined; // 316L
  return { text: canonicalUnitText(unit), isSure: isExpected };
}
