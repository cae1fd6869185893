import { BASE_UNITS, PREFIXES, UNIT_ALIASES } from "./unitTable.ts";

/**
 * A unit of measurement. A value x in this unit is `factor * x + offset` in the base unit of its `dimension`; `offset`
 * is non-zero only for temperature scales. Text that is no known unit is kept as it is (`known: false`), with a
 * dimension of its own.
 */
export interface Unit {
  /** Canonical spelling, such as "degC", "um", "MPa", "g/cm3". */
  readonly text: string;
  /** Exponents of the base quantities in a fixed order, such as "L-1 M1 T-2"; equal for units that convert. */
  readonly dimension: string;
  readonly factor: number;
  readonly offset: number;
  readonly known: boolean;
}

const cache = new Map<string, Unit>();

/**
 * Reads a unit as people write it in table headers: `°C`, `µm`, `MPa`, `J/mm^3`, `g cm⁻³`, `wt.%`, `MPa·m^0.5`, `W/(m K)`.
 *
 * Products, quotients, powers, roots (`√m`) and SI prefixes are understood. A slash rules the next unit or bracket only,
 * except before a last kelvin: `W/m·K` is W/(m·K). Mass fraction, atomic fraction and plain ratio are three
 * quantities, as are the hardness scales (HV, HRC, HB, …): none converts to another. `ppm` is a plain ratio, `wppm` a
 * mass fraction, `appm` an atomic fraction; `mol%` counts formula units as `at%` counts atoms, and converts to it. The load
 * of a hardness test (`HV10`) is dropped. Lengths in table headers are never areas by accident: `mm2` is a power.
 * Unknown text is returned with `known: false` and never converts to anything but itself.
 *
 * @example
 * parseUnit("µm"); // { text: "um", dimension: "L1", factor: 1e-6, offset: 0, known: true }
 */
export function parseUnit(text: string): Unit {
  const cached = cache.get(text);
  if (cached !== undefined) return cached;
  const unit = parseKnown(text) ?? {
    text: text.trim(),
    dimension: `opaque:${text.trim()}`,
    factor: 1,
    offset: 0,
    known: false,
  };
  if (cache.size < 10_000) cache.set(text, unit);
  return unit;
}

/** True if the text is a unit that the table knows ("" is not). */
export function isKnownUnit(text: string): boolean {
  return parseUnit(text).known;
}

/**
 * One spelling per unit: `µm`, `μm` and `micron` are all "um", `°C` is "degC"; unknown text comes back trimmed.
 *
 * @example
 * canonicalUnitText("g/cm^3"); // "g/cm3"
 */
export function canonicalUnitText(text: string): string {
  return parseUnit(text).text;
}

function parseKnown(raw: string): Unit | undefined {
  const text = normalise(raw);
  if (text === "") return undefined;
  const alias = UNIT_ALIASES.get(text) ?? UNIT_ALIASES.get(text.toLowerCase());
  const whole = lookUp(alias ?? text);
  if (whole !== undefined) {
    return { ...whole, dimension: dimensionText(whole.exponents), known: true };
  }
  return parseCompound(alias ?? text);
}

interface Atom {
  readonly text: string;
  readonly factor: number;
  readonly offset: number;
  readonly exponents: Readonly<Record<string, number>>;
}

/** `W/m·K`, `W/mK`, `W/m-K`: what everybody writes for W/(m·K); `mK` is no millikelvin there. */
const UNDER_ONE_SLASH = /(\/(?:m|cm|kg|g|mol))[*. -]?(K|°C|° C|degC)$/;
/** `HV10`, `HV 0.5`, `HBW 10/3000`: the load belongs to the test, the scale is the same. */
const HARDNESS_LOAD = /^(HV|HK|HBW?) ?\d[\d./]*$/;
/** `10⁻⁶/K`, `1e-6 K^-1`: coefficients of thermal expansion. */
const MILLIONTH_PER_KELVIN = /^(?:\*?10\^-6|1[eE]-0?6) ?(?:(?:\/|\* ?\/?) ?|(?=[K°d]))(K|°C|degC)(?:\^?-1)?$/;

/** Strips TeX, and writes µ, °, superscripts, dots and minus signs in one way each. */
function normalise(raw: string): string {
  return raw
    .trim()
    .replace(/\\(?:mu|upmu)\b\s*|\\text\{|\\mathrm\{/g, (match) => (match.includes("mu") ? "u" : ""))
    .replace(/\^?\{?\\circ\}?\s*/g, "°")
    .replace(/[${}]/g, "")
    .replace(/[\u00b5\u03bc]/g, "u")
    .replace(/\u2126|\u03a9/g, "ohm")
    .replace(/\u212b|\u00c5/g, "angstrom")
    .replace(/[\u2212\u2013]/g, "-")
    .replace(/[\u207b\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+/g, (digits) => `^${[...digits].map(plainDigit).join("")}`)
    .replace(/[\u00b7\u22c5\u2219\u00d7]/g, "*")
    .replace(/\*\*/g, "^")
    .replace(/\\?(?:\u221a|\bsqrt(?=\())\s?(?:\(([A-Za-z]+)\)|([A-Za-z]+))/g, "*$1$2^0.5")
    .replace(/^\*|\*\s*(?=\*)/g, "")
    .replace(/(?<![A-Za-z])cc(?![A-Za-z])/g, "cm^3")
    .replace(/\s+/g, " ")
    .trim()
    .replace(UNDER_ONE_SLASH, "$1/$2")
    .replace(HARDNESS_LOAD, "$1")
    .replace(MILLIONTH_PER_KELVIN, "um/m/$1");
}

function plainDigit(character: string): string {
  const index = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079".indexOf(character);
  return index >= 0 ? String(index) : "-";
}

function lookUp(text: string): Atom | undefined {
  const name = UNIT_ALIASES.get(text) ?? text;
  const base = BASE_UNITS.get(name);
  if (base !== undefined)
    return { text: name, factor: base.factor, offset: base.offset ?? 0, exponents: base.exponents };
  for (const [prefix, scale] of PREFIXES) {
    if (!name.startsWith(prefix)) continue;
    const rest = name.slice(prefix.length);
    const stem = BASE_UNITS.get(rest);
    if (stem?.prefixes?.includes(prefix)) {
      return { text: name, factor: scale * stem.factor, offset: 0, exponents: stem.exponents };
    }
  }
  return undefined;
}

/** product := power (("*" | " " | "/") power)*; a slash applies to the next power or bracket only. */
function parseCompound(text: string): Unit | undefined {
  const tokens = text
    .replace(/(?<=[A-Za-z])\.(?=[A-Za-z])/g, "*")
    .match(/[A-Za-z%°"]+|\^?\(?[+-]?\d+(?:\.\d+)?(?:\/\d+)?\)?|[*/() ]|\S/g);
  if (tokens === null) return undefined;
  let factor = 1;
  const exponents: Record<string, number> = {};
  const parts: { text: string; power: number }[] = [];
  let sign = 1;
  let bracketSign = 0; // 0 outside a bracket
  let expectUnit = true;
  const start = tokens[0] === "1" && tokens[1] === "/" ? 1 : 0; // "1/s"
  for (let i = start; i < tokens.length; i++) {
    const token = tokens[i] as string; // i < tokens.length
    if (token === " " || token === "*") {
      if (token === "*" && expectUnit) return undefined;
      expectUnit = token === "*" || expectUnit;
      if (bracketSign === 0) sign = expectUnit && token === " " ? sign : 1;
    } else if (token === "/") {
      if ((expectUnit && i !== start) || i === 0 || bracketSign !== 0) return undefined;
      sign = -1;
      expectUnit = true;
    } else if (token === "(") {
      if (bracketSign !== 0 || !expectUnit) return undefined;
      bracketSign = sign;
    } else if (token === ")") {
      if (bracketSign === 0 || expectUnit) return undefined;
      bracketSign = 0;
      sign = 1;
    } else {
      const atom = lookUp(token);
      if (atom === undefined) return undefined;
      let power = bracketSign === 0 ? sign : bracketSign;
      const exponent = readExponent(tokens[i + 1]);
      if (exponent !== undefined) {
        power *= exponent;
        i++;
      }
      factor *= atom.factor ** power;
      for (const [base, count] of Object.entries(atom.exponents))
        exponents[base] = (exponents[base] ?? 0) + count * power;
      parts.push({ text: atom.text, power });
      expectUnit = false;
      if (bracketSign === 0) sign = 1;
    }
  }
  if (expectUnit || bracketSign !== 0) return undefined;
  return { text: compoundText(parts), dimension: dimensionText(exponents), factor, offset: 0, known: true };
}

function readExponent(token: string | undefined): number | undefined {
  const match = token === undefined ? null : /^\^?\(?([+-]?\d+(?:\.\d+)?)(?:\/(\d+))?\)?$/.exec(token);
  return match === null ? undefined : Number(match[1]) / (match[2] === undefined ? 1 : Number(match[2]));
}

function compoundText(parts: readonly { text: string; power: number }[]): string {
  const write = (part: { text: string; power: number }, power: number): string =>
    power === 1 ? part.text : `${part.text}${Number.isInteger(power) && power > 0 ? "" : "^"}${power}`;
  const above = parts.filter((part) => part.power > 0).map((part) => write(part, part.power));
  const below = parts.filter((part) => part.power < 0);
  return (above.length === 0 ? "1" : above.join("*")) + below.map((part) => `/${write(part, -part.power)}`).join("");
}

function dimensionText(exponents: Readonly<Record<string, number>>): string {
  return Object.entries(exponents)
    .filter(([, power]) => power !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([base, power]) => `${base}${power}`)
    .join(" ");
}
