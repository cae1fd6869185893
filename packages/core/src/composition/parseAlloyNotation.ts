import { DataError, FormatError, isMateriomeError } from "../errors/errors.ts";
import { convertAmounts } from "./convertAmounts.ts";
import { isElement } from "./elements.ts";
import { explainSymbol } from "./explainSymbol.ts";
import type { Composition } from "./parseFormula.ts";

export interface AlloyNotationOptions {
  /** What the numbers are where the text does not say. @defaultValue "wt%", the usage of the field */
  readonly unit?: "wt%" | "at%" | undefined;
}

export interface AlloyNotation {
  /** Element that makes up the rest; undefined where every element has its number. */
  readonly balance: string | undefined;
  readonly unit: "wt%" | "at%";
  /** Percent of each element in `unit`, the balance included, sum 100; in the order of the text. */
  readonly amounts: Composition;
  /** Atomic fractions, sum 1. */
  readonly composition: Composition;
}

/** How far from 100 the amounts may sum where every element has its number. */
const TOLERANCE = 0.5;
const DASH = "[-\\u2010-\\u2015\\u2212]";
const UNIT = /[\s,(]+(wt|mass|at|mol)\.?\s?%\)?\s*$/i;
const BASE = new RegExp(`^\\s*(\\d+(?:\\.\\d+)?|\\.\\d+)?\\s*([A-Z][a-z]?)\\s*(?=${DASH})`);
const ITEM = new RegExp(
  `^${DASH}\\s*(?:(\\d+(?:\\.\\d+)?|\\.\\d+)\\s*%?\\s*([A-Z][a-z]?)|([A-Z][a-z]?)\\s*(\\d+(?:\\.\\d+)?|\\.\\d+)%?)(?![\\w.])\\s*`,
);

/**
 * Composition of an alloy designation such as `Ti-6Al-4V` or `Fe-18Cr-8Ni`: the first element makes up the rest, the
 * others stand with their percent by weight, number first (`-6Al`) or last (`-Al6`).
 *
 * Also read: a number on the first element too (`63Sn-37Pb`; the sum must then be 100 within 0.5, and is scaled to 100);
 * the unit at the end (`Cu-50Zr at%`); long dashes. Names of grades (`316L`, `AlSi10Mg`, `Ti-6Al-4V ELI`) are no such
 * designations.
 *
 * @throws FormatError with the position (1-based) of what cannot be read
 * @throws DataError where an element stands twice, or the amounts leave nothing for the first one
 * @example
 * parseAlloyNotation("Ti-6Al-4V").amounts; // Map { "Ti" → 90, "Al" → 6, "V" → 4 }
 */
export function parseAlloyNotation(text: string, options: AlloyNotationOptions = {}): AlloyNotation {
  const suffix = UNIT.exec(text);
  const said = suffix === null ? undefined : /^(?:wt|mass)$/i.test(suffix[1] ?? "") ? "wt%" : "at%";
  const unit = said ?? options.unit ?? "wt%";
  const end = suffix === null ? text.trimEnd().length : suffix.index;
  const base = BASE.exec(text);
  const first = base?.[2];
  if (base === null || first === undefined)
    throw formatError(text, "a base element and a dash are expected, as in Ti-6Al-4V", 0);
  known(text, first, base[0].indexOf(first));
  const amounts = new Map<string, number>([[first, base[1] === undefined ? Number.NaN : Number(base[1])]]);
  let at = base[0].length;
  while (at < end) {
    const item = ITEM.exec(text.slice(at, end));
    if (item === null) throw formatError(text, problemAt(text.slice(at, end)), at);
    const symbol = item[2] ?? item[3] ?? "";
    known(text, symbol, at + item[0].indexOf(symbol));
    if (amounts.has(symbol)) throw new DataError(`alloy "${text}": ${symbol} stands twice`);
    amounts.set(symbol, Number(item[1] ?? item[4]));
    at += item[0].length;
  }
  const balance = base[1] === undefined ? first : undefined;
  const whole = balance === undefined ? scaledTo100(text, amounts) : withRest(text, amounts, balance);
  const composition = convertAmounts(whole, unit, "atomic fraction", { normalise: "to1" });
  return { balance, unit, amounts: whole, composition: new Map([...composition].filter(([, x]) => x > 0)) };
}

const STATED = new RegExp(`^\\s*[\\d.]*\\s*[A-Z][a-z]?\\s*${DASH}\\s*[\\d.]+\\s*%?[A-Z][a-z]?(?![a-z])`);

/** Whether a text is meant as a designation with amounts, right or wrong: `Fe-5Xx` is, `Ni-200` and `Ti-Al` are not. */
export function statesAmounts(text: string): boolean {
  return STATED.test(text);
}

/** As {@link parseAlloyNotation}; undefined for a text that cannot be read as one. */
export function tryParseAlloyNotation(text: string, options: AlloyNotationOptions = {}): AlloyNotation | undefined {
  try {
    return parseAlloyNotation(text, options);
  } catch (error) {
    if (isMateriomeError(error)) return undefined;
    throw error;
  }
}

function withRest(text: string, amounts: ReadonlyMap<string, number>, balance: string): Composition {
  let sum = 0;
  for (const [element, amount] of amounts) sum += element === balance ? 0 : amount;
  if (!(sum < 100)) {
    throw new DataError(`alloy "${text}": the amounts sum to ${sum} %, which leaves nothing for ${balance}`);
  }
  return new Map([...amounts].map(([element, amount]) => [element, element === balance ? 100 - sum : amount]));
}

function scaledTo100(text: string, amounts: ReadonlyMap<string, number>): Composition {
  let sum = 0;
  for (const amount of amounts.values()) sum += amount;
  if (!(Math.abs(sum - 100) <= TOLERANCE)) {
    throw new DataError(
      `alloy "${text}": every element has its number, but they sum to ${sum} % in place of 100; leave out that of the base`,
    );
  }
  return new Map([...amounts].map(([element, amount]) => [element, (100 * amount) / sum]));
}

function known(text: string, symbol: string, position: number): void {
  if (!isElement(symbol)) throw formatError(text, explainSymbol(text, position), position);
}

function problemAt(rest: string): string {
  const symbol = new RegExp(`^${DASH}\\s*([A-Z][a-z]?)\\s*(?:${DASH}|$)`).exec(rest)?.[1];
  if (symbol !== undefined) return `${symbol} has no amount; write it with its percent, as in -4${symbol}`;
  return `unexpected "${rest.trim().slice(0, 12)}"; an amount and an element are expected, as in -6Al; names of grades are not read here`;
}

function formatError(text: string, message: string, position: number): FormatError {
  return new FormatError(`alloy "${text}": ${message} (position ${position + 1})`);
}
