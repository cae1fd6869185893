import { isElement } from "../composition/elements.ts";
import { parseUnit } from "../units/unit.ts";
import type { ColumnKind, ColumnRole, RoleSource } from "./column.ts";
import { isCompositionKind } from "./compositionOfText.ts";

/** What is known of a column before it has a role. */
export interface ColumnFacts {
  readonly name: string;
  readonly unit: string;
  readonly kind: ColumnKind;
  /** Present values, and how many of them differ. */
  readonly nPresent: number;
  readonly nDistinct: number;
  /** Smallest and largest number; NaN for other kinds. */
  readonly min: number;
  readonly max: number;
  /** What every present value of a column of texts is: a date, or `bal.` in place of an amount. */
  readonly holds?: "dates" | "balance" | undefined;
}

export interface InferredRole {
  readonly role: ColumnRole;
  readonly from: RoleSource;
  readonly describes?: string | undefined;
}

/**
 * Roles of the columns of a table, from names, units and values. A schema overrules them.
 *
 * In this order: formulas are composition; element symbols (`C`, `Mn wt%`, `O content`) with amounts between 0 and 100 (or
 * up to a million in ppm) are composition if the unit says so or at least two such columns stand together; then the name
 * decides (uncertainty and censor, group and id, note, condition, structure, process, property, from the narrow to the
 * wide; `σ YS` is an uncertainty only beside a column `YS`); dates, and `bal.` throughout, are notes; an id whose values repeat is a group; then the unit (stress, hardness, band gap: property; but Torr and bar are of a furnace). What remains is
 * **process** where it is a number or a category, and note where it is free text. Process is the choice that loses no
 * information: composition of a mix (cement, water) and machine settings have arbitrary names, whereas measured outcomes
 * mostly carry one of a few names. The price is that an outcome of unusual name counts as an input until a schema says
 * otherwise, which is why `roleFrom: "default"` marks such columns for whoever reports on inputs.
 */
export function inferRoles(columns: readonly ColumnFacts[]): InferredRole[] {
  const elements = columns.filter((column) => elementOf(column) !== undefined);
  const hasFormula = columns.some(({ kind }) => isCompositionKind(kind));
  return columns.map((column) => {
    if (isCompositionKind(column.kind)) return { role: "composition", from: "values" };
    const element = elementOf(column);
    if (element !== undefined && (saysAmount(column) || (elements.length >= 2 && !hasFormula))) {
      return { role: "composition", from: "name" };
    }
    return byName(column, columns, hasFormula);
  });
}

/** The element whose amount a column holds, if its name says so: `C`, `Mn content`, `wt% Ni`, `Cr_wt`. */
export function elementOf(column: Pick<ColumnFacts, "name" | "unit" | "kind" | "min" | "max">): string | undefined {
  if (column.kind !== "number") return undefined;
  const match =
    /^([A-Z][a-z]?)(?:[ _-](?:content|conc(?:entration)?\.?|amount|fraction|wt|at|wt\.?%|at\.?%))?$/.exec(
      stripPrefix(column.name),
    ) ?? /^(?:wt\.?|at\.?)[ _]?%?[ _]([A-Z][a-z]?)$/.exec(column.name);
  const symbol = match?.[1];
  if (symbol === undefined || !isElement(symbol)) return undefined;
  if (column.unit !== "" && !isAmountUnit(column.unit)) return undefined;
  const most = /ppm/.test(column.unit) ? 1e6 : 100;
  if (column.min < 0 || column.max > most) return undefined;
  return symbol;
}

/** True if the name of a column says that its values name something, so that `12-15` in it is no range. */
export function isLabelName(name: string): boolean {
  const plain = stripPrefix(name).replace(/_/g, " ");
  return (
    GROUP.test(plain) ||
    ID.test(plain) ||
    NOTE.test(plain) ||
    isMaterialName(plain) ||
    /\b(?:grade|code|phone|tel|serial|standard|version)\b/i.test(plain)
  );
}

/** True if a column holds names of materials by its own name: 4140 in it is a steel, not a number. */
export function isMaterialName(name: string): boolean {
  return /^(?:alloys?|steels?|grades?|materials?|designation|aisi|uns)(?: (?:grade|designation|no\.?|number))?$/i.test(
    stripPrefix(name).replace(/_/g, " "),
  );
}

/** True if unit or name say that this is an amount: `C wt%`, `O content`, `Fe_wt`, but not a bare `C`. */
function saysAmount(column: ColumnFacts): boolean {
  return isAmountUnit(column.unit) || stripPrefix(column.name).length > 2;
}

function isAmountUnit(unit: string): boolean {
  const { known, dimension } = parseUnit(unit);
  return known && (dimension === "massFraction1" || dimension === "atomicFraction1" || dimension === "ratio1");
}

function byName(column: ColumnFacts, all: readonly ColumnFacts[], hasFormula: boolean): InferredRole {
  const name = stripPrefix(column.name).replace(/_/g, " ");
  const numeric = column.kind === "number";
  if (numeric && UNCERTAINTY.test(name)) {
    return { role: "uncertainty", from: "name", describes: describedBy(column, all) };
  }
  const deviating = numeric && !(column.min < 0) ? deviationOf(column, all) : undefined;
  if (deviating !== undefined) return { role: "uncertainty", from: "name", describes: deviating };
  if (CENSOR.test(name)) return { role: "censor", from: "name", describes: describedBy(column, all) };
  if (GROUP.test(name)) return { role: "group", from: "name" };
  if (ID.test(name)) {
    // A name that repeats marks rows that belong together.
    return column.nDistinct < column.nPresent ? { role: "group", from: "values" } : { role: "id", from: "name" };
  }
  if (NOTE.test(name)) return { role: "note", from: "name" };
  if (column.holds !== undefined) return { role: "note", from: "values" };
  if (column.kind === "text") return { role: "note", from: "default" };
  if (numeric && FIRST_PROPERTY.test(name)) return { role: "property", from: "name" };
  if (FIRST_PROCESS.test(name) || (/energy density/i.test(name) && /^J\/m*m3$/.test(column.unit))) {
    return { role: "process", from: "name" };
  }
  if (CONDITION.test(name)) return { role: "condition", from: "name" };
  if (STRUCTURE.test(name)) return { role: "structure", from: "name" };
  if (numeric && STRONG_PROPERTY.test(name)) return { role: "property", from: "name" };
  if (PROCESS.test(name)) return { role: "process", from: "name" };
  if (numeric && PROPERTY.test(name)) return { role: "property", from: "name" };
  if (numeric && hasFormula && /^(?:E|G|K|B|Tg|Tx|Tl|Tm|Tc)$/.test(name)) return { role: "property", from: "name" };
  const isGasPressure = /^(?:[mu]?Torr|[mu]?bar|atm)$/.test(column.unit);
  const isOutcomeUnit =
    PROPERTY_UNITS.has(parseUnit(column.unit).dimension) && !column.unit.startsWith("J/") && !isGasPressure;
  if (numeric && isOutcomeUnit) return { role: "property", from: "unit" };
  return { role: "process", from: "default" };
}

/** `σ YS`, `u(YS)` beside a column `YS`: alone, σ may as well be a stress. */
function deviationOf(column: ColumnFacts, all: readonly ColumnFacts[]): string | undefined {
  const match = /^(?:(?:σ|sigma|SD)[ _]|(?:σ|sigma|SD|[us])(?=\())\(?(.+?)\)?$/.exec(column.name);
  return all.find((other) => other !== column && other.kind === "number" && other.name === match?.[1])?.name;
}

/** The column whose name stands in this one's, the longest if several do; within a word only if it has three letters. */
function describedBy(column: ColumnFacts, all: readonly ColumnFacts[]): string | undefined {
  const own = column.name.toLowerCase();
  const names = all
    .filter((other) => other !== column && own.includes(other.name.toLowerCase()))
    .map((other) => other.name)
    .sort((a, b) => b.length - a.length);
  const isWord = (name: string): boolean => {
    const at = own.indexOf(name.toLowerCase());
    const around = `${own[at - 1] ?? " "}${own[at + name.length] ?? " "}`;
    return !/[\p{L}\p{N}]/u.test(around);
  };
  return names.find(isWord) ?? names.find((name) => name.length >= 3);
}

/** "PROPERTY: Test temperature" → "Test temperature". */
function stripPrefix(name: string): string {
  return name.replace(/^[A-Z][A-Z ]+:\s*/, "");
}

const PROPERTY_UNITS: ReadonlySet<string> = new Set(
  ["MPa", "HV", "HRC", "HRB", "HB", "HK", "eV", "S/m", "ohm*m", "W/m/K", "MPa*m^0.5"].map(
    (u) => parseUnit(u).dimension,
  ),
);

const UNCERTAINTY =
  /uncertaint|std|st\.? ?dev|standard (?:deviation|error)|±|\+\/-|\bsigma of\b|\b(?:err|error|sd|sem)$/i;
const CENSOR = /censor|run-?out/i;
const GROUP =
  /\bdoi\b|^(?:heat|lot|batch|specimen|melt|ingot|coupon|build|plate)(?: ?(?:id|no\.?|nr\.?|number|code|name|#))?$|^ref(?:erence)?s?\.?(?: (?:id|no\.?|number))?$|^source$/i;
const ID =
  /^(?:id|no\.?|nr\.?|#|index|row|entry|name|identifier|sample(?: ?(?:id|no\.?|nr\.?|number|name|code|#))?)$|\bid$|^(?:alloy|material)(?: (?:id|name|code|no\.?))$/i;
const NOTE =
  /^(?:year|title|authors?|comments?|notes?|remarks?|description|journal|url|link|operator)$|\bdates?\b|timestamp|\breplicates$|^(?:number|no\.?|count) of (?:tests|specimens|replicates|measurements|repeats)$/i;
const FIRST_PROPERTY =
  /martensite[- ]start|\bm[sf] temp|transformation temp|test(?:ed)? strength|charpy|impact (?:energy|toughness|strength)/i;
const FIRST_PROCESS =
  /(?:laser|volumetric|linear|areal|input) energy|(?:current|power) density|build (?:orientation|direction)/i;
const CONDITION =
  /(?:applied|test|creep|nominal|peak|mean) (?:stress|load|force)|^stress(?: amplitude| level)?$|^specimen|notch|^test|\btest(?:ing)?\b|strain[- ]?rate|(?:measur\w*|density|hardness) method|method of|stress ratio|load ratio|\br[- ]ratio\b|frequency|humidity|environment|test mode|orientation|indent/i;
const STRUCTURE =
  /grain|(?:mean|lineal) intercept|micro-?structure|\bphases?\b|bcc|fcc|hcp|inclusion|precipitat|volume fraction|area fraction|dislocation|lath|texture|porosity|pore|twin|martensite|ferrite|austenite|bainite|pearlite|retained|lattice|space ?group|crystal|^d[ABC]$|particle size|lamella|dendrite arm/i;
const STRONG_PROPERTY =
  /strength|hardness|modulus|elongation|toughness|conductiv|resistiv|band ?gap|melting|liquidus|solidus|curie|n[eé]el|glass transition|transition temp|density|ductil|reduction (?:of|in) area|expansion coeff|life\b|fatigue limit|endurance|poisson|formation energy|enthalpy of formation|specific heat|heat capacity|(?:corrosion|wear|creep|oxidation) rate|rupture time|time to (?:rupture|failure)|^(?:rp ?0[.,]?2|rm|re[hl]|a(?:5|10|50|80)|hv ?[\d.]*|hbw? ?[\d.]*|hr[abc]|sigma ?(?:y|ys|u|uts|0\.2))$/i;
const PROCESS =
  /temp|time|duration|speed|velocity|power|rate\b|pressure|cool|heat|quench|anneal|temper\b|age\b|aged|age?ing|roll|reduction|\brr\b|hatch|layer|spot|beam|laser|energy|voltage|current|feed|flow|atmosphere|process|route|treatment|thickness|printer|machine|furnace|sinter|press|mill|anodi|coat|deposit|solution|stirr|d10|d50|d90|offset|delay|geometr|power density/i;
const PROPERTY =
  /yield|\bys\b|\buts\b|\btys\b|\bhv\b|\bhrc\b|\bhb\b|\brd\b|fatigue|creep|rupture|fracture|stiffness|\bgap\b|permittivit|dielectric|refractive|efficien|loss\b|score|target|viscosit|coerciv|magneti|corrosion|wear|roughness|shrinkage|instabilit|stabilit|overpotential|formation energy|enthalpy|impact|charpy|kic\b|\bpce\b|\bzt\b|seebeck|capacit|activity|selectivity|figure of merit/i;
