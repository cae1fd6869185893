import { isElement } from "../composition/elements.ts";
import { canonicalUnitText, isKnownUnit } from "../units/unit.ts";

/** A header split into the quantity's name and its unit ("" where none is recognised). */
export interface ParsedHeader {
  readonly header: string;
  readonly name: string;
  readonly unit: string;
}

/**
 * Splits a column header into name and unit.
 *
 * A unit is recognised in a last bracket (`Yield strength (MPa)`, `YS [MPa]`, `Stress<MPa>`), as a leading percentage
 * (`%C`, `wt.% Cr`), after a comma, a spaced slash or “in”
 * (`Time, h`; `Strength / MPa`), and as a last word or after a last underscore (`C wt%`, `D50 μm`, `temp_degC`) unless the
 * word also is plain language (`min`, `in`, `day`, …) or one letter. Inside brackets a letter that is
 * also an element is a unit unless the name speaks of an element (`Power (W)`, but not `Tungsten (W)`), `C` and `F` only
 * where it speaks of temperature (`Temp (C)`), and a `(s)` written
 * against a word is a plural unless the word is a time. What is not recognised stays in the name:
 * `Fatigue Strength (10E7 Cycles)` is all name. What follows a unit in brackets as a condition stays in the name
 * (`YS (MPa) at 20 °C` is `YS at 20 °C` in MPa); `(-)` says that there is no unit.
 */
export function parseHeader(text: string): ParsedHeader {
  const header = text.trim().replace(/\s+/g, " ");
  for (const split of [withoutUnit, inBracket, beforeCondition, afterSeparator, percentFirst, lastWord]) {
    const found = split(header);
    if (found === undefined) continue;
    const unit = found.unit === "" ? "" : canonicalUnitText(found.unit);
    // "PROPERTY: HV" keeps its name: without the unit nothing would be left of it.
    return /[\p{L}\p{N}]$|[)\].%']$/u.test(found.name)
      ? { header, name: found.name, unit }
      : { header, name: header, unit };
  }
  return { header, name: header, unit: "" };
}

interface Split {
  readonly name: string;
  readonly unit: string;
}

function inBracket(header: string): Split | undefined {
  const match = /^(.+?)([\s_]*)(?:\(((?:[^()]|\([^()]*\))*)\)|\[([^[\]]*)\]|<([^<>]*)>)$/.exec(header);
  if (match === null) return undefined;
  const name = match[1] ?? "";
  if (match[2] === "" && /(?:^|[^\p{L}])(?:log|log10|log2|ln|exp|sqrt|abs)$/iu.test(name)) return undefined; // log10(t/h)
  const unit = unitText(match[3] ?? match[4] ?? match[5] ?? "");
  if (!isKnownUnit(unit)) return undefined;
  if (unit === "s" && match[2] === "" && !TIME.test(name)) return undefined;
  if (isElement(unit) && !isUnitLetter(unit, name)) return undefined;
  return { name, unit };
}

/** `Ductility (-)`, `Ratio [dimensionless]`: said to have no unit. */
function withoutUnit(header: string): Split | undefined {
  const match = /^(.+?)[\s_]*[([]\s*(?:[-\u2013\u2014]|dimensionless|unitless)\s*[)\]]$/i.exec(header);
  return match === null ? undefined : { name: match[1] ?? "", unit: "" };
}

/** `YS (MPa) at 20 °C`: the unit stands in the bracket, what follows is a condition and belongs to the name. */
function beforeCondition(header: string): Split | undefined {
  const match = /^(.+?)\s*[([]([^()[\]]+)[)\]](\s+(?:at|@|after|for|in|under|with|below|above)\s.+|\s*@.+)$/.exec(
    header,
  );
  if (match === null) return undefined;
  const [, name = "", raw = "", condition = ""] = match;
  const unit = unitText(raw);
  if (!isKnownUnit(unit) || (isElement(unit) && !isUnitLetter(unit, name))) return undefined;
  return { name: `${name} ${condition.trim()}`, unit };
}

/** `°C per min` and `/s` as units are written; `in MPa` without its preposition. */
function unitText(raw: string): string {
  return raw
    .trim()
    .replace(/^in\s+/, "")
    .replace(/\s+per\s+/g, "/")
    .replace(/^\//, "1/");
}

/** `YS at 20` before `°C`: a number of something the property was measured at, not the property's unit. */
function endsInCondition(name: string): boolean {
  return /(?:\b(?:at|after|for|to|from|below|above|under|than|until)|@)\s*[-+]?[\d.,]+$/i.test(name);
}

function afterSeparator(header: string): Split | undefined {
  const quotient = /^([^\s/]+)\/([^\s/]+)$/.exec(header); // E/GPa, but not kJ/mol
  if (quotient !== null && !isKnownUnit(header)) {
    const [, name = "", unit = ""] = quotient;
    if (isKnownUnit(unit) && (unit.length > 1 || isUnitOf(unit, name))) {
      return { name, unit };
    }
  }
  const match = /^(.+?)(?:\s*,\s+|\s+\/\s+|\s+in\s+)(\S+(?:\s\S+)?)$/.exec(header);
  if (match === null) return undefined;
  const [, name = "", unit = ""] = match;
  if (endsInCondition(name) || !isKnownUnit(unit) || (isElement(unit) && !isUnitLetter(unit, name))) return undefined;
  return { name, unit };
}

/** `%C`, `% Elongation`, `wt.% Cr`. */
function percentFirst(header: string): Split | undefined {
  const match = /^((?:(?:wt|at|mass|mol|vol)\.?[ -]?)?%)\s*(?!(?:of|in)\b)(\p{L}[^%]*)$/u.exec(header);
  if (match === null || !isKnownUnit(match[1] ?? "")) return undefined;
  return { name: match[2] ?? "", unit: match[1] ?? "" };
}

function lastWord(header: string): Split | undefined {
  const match = /^(.+?)[\s_]+((?:wt|at|mass|vol|mol)\.? ?%|wt\.? ppm|[^\s_()[\]]+)$/.exec(header);
  if (match === null) return undefined;
  const [, name = "", unit = ""] = match;
  if (header.endsWith(`_${unit}`)) {
    if (UNDERSCORE_LETTER[unit]?.test(name)) return { name, unit };
    const spelled = LOWER_CASE_UNITS[unit];
    if (spelled !== undefined && (spelled.length > 1 || UNDERSCORE_LETTER[spelled]?.test(name))) {
      return { name, unit: spelled };
    }
  }
  const asWord = /^[A-Za-z]$|^[a-z]{4,}$/.test(unit) && unit !== "percent";
  if (endsInCondition(name)) return undefined;
  if (asWord || PLAIN_WORDS.has(unit.toLowerCase()) || isElement(unit) || !isKnownUnit(unit)) return undefined;
  return { name, unit };
}

const PLAIN_WORDS: ReadonlySet<string> = new Set([
  "min",
  "in",
  "day",
  "days",
  "bar",
  "mil",
  "atm",
  "ton",
  "sec",
  "deg",
  "atom",
  "hs",
  "cal",
  "ma",
  "as",
  "mt",
  "pm",
]);

const TIME = /time|duration|hold|dwell|period|soak|delay|age?ing/i;
const TEMPERATURE =
  /temp|\bT(?:\b|_)|point|liquidus|solidus|transition|curie|n[eé]el|debye|heat|anneal|quench|age?ing/i;

/** One letter after an underscore is a unit where the name asks for it: `time_s`, `temp_C`. */
const UNDERSCORE_LETTER: Readonly<Record<string, RegExp>> = {
  s: TIME,
  h: TIME,
  C: TEMPERATURE,
  K: TEMPERATURE,
  W: /power/i,
  V: /volt|potential/i,
  N: /force|load/i,
};

/** Units as `snake_case` leaves them: `yield_strength_mpa`, `temp_c`. */
const LOWER_CASE_UNITS: Readonly<Record<string, string>> = {
  mpa: "MPa",
  gpa: "GPa",
  kpa: "kPa",
  pct: "%",
  kn: "kN",
  ev: "eV",
  c: "C",
  k: "K",
  w: "W",
  v: "V",
  n: "N",
};

const ELEMENT_TALK =
  /potassium|kalium|nitrogen|vanadium|tungsten|wolfram|sul(?:ph|f)ur|content|conc(?:entration|\b)|composition|alloying|amount|fraction|element/i;

/** Whether a letter in a bracket that is a unit and an element is meant as the unit: C and F need temperature named. */
function isUnitLetter(letter: string, name: string): boolean {
  if (letter === "C") return TEMPERATURE.test(name);
  if (letter === "F") return /temp|fahrenheit|capacit/i.test(name);
  return !ELEMENT_TALK.test(name);
}

/** True if the name of a column speaks of the quantity that a one-letter unit measures: `s` of a time, `K` of a temperature. */
export function isUnitOf(letter: string, name: string): boolean {
  if (/^min$|^d$|^h$/.test(letter)) return TIME.test(name);
  return UNDERSCORE_LETTER[letter]?.test(name) ?? false;
}
