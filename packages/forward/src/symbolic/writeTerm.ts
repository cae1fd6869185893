import type { Base, Monomial } from "./monomial.ts";
import type { Quantity } from "./quantities.ts";

/** How terms are written: in the language of expressions, or for people. */
export interface Notation {
  of(quantity: Quantity): string;
  /** The number of a quantity in its own unit. */
  numberOf(quantity: Quantity): string;
  /** The activation energy. */
  readonly energy: string;
  readonly gas: string;
  readonly log: string;
  readonly minus: string;
  readonly times: string;
  power(base: string, power: number): string;
  root(base: string): string;
}

/** In the language of expressions, with the activation energy under the given name. */
export function expressionNotation(energy: string): Notation {
  return {
    of: ({ written }) => written,
    numberOf: ({ written, unit }) => (unit === "" ? written : `number(${written}, "${unit}")`),
    energy,
    gas: "gasConstant",
    log: "log",
    minus: " - ",
    times: " * ",
    power: (base, power) => `${base}^${power}`,
    root: (base) => `sqrt(${base})`,
  };
}

/** For people, with the activation energy as given. */
export function readableNotation(energy: string): Notation {
  return {
    of: ({ shown }) => shown,
    numberOf: ({ shown, unit }) => (unit === "" ? shown : `${shown} / 1 ${readableUnit(unit)}`),
    energy,
    gas: "R",
    log: "ln",
    minus: " − ",
    times: "·",
    power: (base, power) => `${base}${power === 2 ? "²" : "³"}`,
    root: (base) => `√${base}`,
  };
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A unit as people write it: `MPa*um^0.5` is MPa·µm^½. */
export function readableUnit(unit: string): string {
  return unit
    .replace(/\bu(?=[a-zA-Z])/g, "µ")
    .replace(/\bdegC\b/g, "°C")
    .replace(/\bdegF\b/g, "°F")
    .replace(/\bohm\b/g, "Ω")
    .replace(/\*/g, "·")
    .replace(/\^0\.5(?![\d.])/g, "^½")
    .replace(/(?<=[A-Za-z%])[2-9](?![\d.])/g, (digit) => SUPERSCRIPTS[Number(digit)] as string);
}

export function writeBase(base: Base, quantities: readonly Quantity[], by: Notation): string {
  const quantity = quantities[base.first] as Quantity; // bases name quantities there are
  const first = by.of(quantity);
  const second = base.second < 0 ? "" : by.of(quantities[base.second] as Quantity);
  const sign = base.sign < 0 ? by.minus.trim() : "";
  switch (base.kind) {
    case "quantity":
      return first;
    case "sum":
      return `(${first} + ${second})`;
    case "difference":
      return `(${first}${by.minus}${second})`;
    case "log":
      return `${by.log}(${first})`;
    case "logOf":
      return `${by.log}(${by.numberOf(quantity)})`;
    case "logRatio":
      return `${by.log}(${first} / ${second})`;
    case "exp":
      return `exp(${sign}${first})`;
    case "expRatio":
      return `exp(${sign}${first} / ${second})`;
    case "arrhenius":
      return `exp(${sign}${by.energy} / (${by.gas}${by.times}${first}))`;
  }
}

/** A term as numerator and denominator; "" for 1. */
export function writeTerm(
  { powers }: Monomial,
  bases: readonly Base[],
  quantities: readonly Quantity[],
  by: Notation,
): { readonly above: string; readonly below: string } {
  const above: string[] = [];
  const below: string[] = [];
  for (const [at, halves] of powers) {
    const text = writeBase(bases[at] as Base, quantities, by); // powers name bases there are
    const side = halves > 0 ? above : below;
    const whole = Math.floor(Math.abs(halves) / 2);
    if (whole > 0) side.push(whole === 1 ? text : by.power(text, whole));
    if (halves % 2 !== 0) side.push(by.root(text));
  }
  return {
    above: above.join(by.times),
    below: below.length > 1 ? `(${below.join(by.times)})` : below.join(""),
  };
}
