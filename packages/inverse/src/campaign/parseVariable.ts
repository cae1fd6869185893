import { DomainError, FormatError, parseHeader } from "@materiome/core";
import { splitQuantity } from "../space/quantity.ts";
import type { FixedInput } from "../space/searchSpace.ts";
import type { Variable } from "../space/variable.ts";

/**
 * Reads what may be turned as people write it, where there is no table to take it from: `Temperature (degC)=500..700 step 5`, `Time (min)=10..240
 * log`, `Layers=1..8 integer`, `Medium=oil|water|air`, `Grit=80|120|320
 * ordinal`. Without a step, multiples of a round number near a thousandth of the range are proposed.
 *
 * @throws FormatError for text that is none of these
 * @throws DomainError for bounds that are reversed or equal, or a step beyond the range
 * @example
 * parseVariable("Temperature (degC)=500..700 step 5"); // { kind: "continuous", unit: "degC", min: 500, max: 700, step: 5, … }
 */
export function parseVariable(text: string): Variable {
  const { name, unit, rest } = split(text);
  const range = /^(\S+?)\s*(?:\.\.|…)\s*(\S+)((?:\s+(?:step\s+\S+|log|integer))*)$/i.exec(rest);
  if (range === null) {
    const inOrder = /^(.*\S)\s+ordinal$/i.exec(rest)?.[1];
    const levels = (inOrder ?? rest).split("|").map((level) => level.trim());
    if (levels.length < 2 || levels.some((level) => level === "") || new Set(levels).size < levels.length) {
      throw new FormatError(malformed(text));
    }
    if (inOrder === undefined) return { kind: "category", name, role: "process", unit, columnKind: "category", levels };
    const values = levels.map((level) => number(level, text));
    return { kind: "ordinal", name, role: "process", unit, values };
  }
  const [min, max] = [number(range[1], text), number(range[2], text)];
  if (min > max) throw new DomainError(`"${text}": the lower bound ${min} is not below the upper ${max}; swap them`);
  if (min === max) {
    throw new DomainError(
      `"${text}": both bounds are ${min}, so that nothing is turned; name it as given, or widen the range`,
    );
  }
  const words = range[3] ?? "";
  const info = { name, role: "process", unit, min, max } as const;
  const step = /step\s+(\S+)/i.exec(words)?.[1];
  const isLog = /\blog\b/i.test(words);
  if (/integer/i.test(words)) {
    if (step !== undefined || isLog) throw new FormatError(`"${text}": integer goes with neither step nor log`);
    return { kind: "integer", ...info };
  }
  const scale = isLog ? "log" : "linear";
  if (step !== undefined) {
    const size = number(step, text);
    if (size > max - min) {
      throw new DomainError(
        `"${text}": a step of ${size} from ${min} on meets no other value up to ${max}, so that nothing is turned; take a smaller step, or name it as given`,
      );
    }
    return { kind: "continuous", ...info, step: size, scale };
  }
  // Multiples of a round step, a thousandth of the range, that a person can set; fine enough at the lower end of a logarithmic scale.
  const finest = Math.min((max - min) / 1000, isLog && min > 0 ? min / 50 : Number.POSITIVE_INFINITY);
  return { kind: "continuous", ...info, step: roundStep(finest), origin: 0, scale };
}

/**
 * Reads what is given, where there is no table to take it from: `C (wt%)=0.4`, `Furnace=3b`, `Heat input=1.2 kJ/mm`.
 *
 * @throws FormatError for text that is no NAME=VALUE
 */
export function parseFixed(text: string): FixedInput {
  const { name, unit, rest } = split(text);
  const quantity = splitQuantity(rest);
  const common = { name, role: "process", why: "fixed" } as const;
  const own = quantity === undefined ? "" : parseHeader(`x (${quantity.unit})`).unit;
  if (quantity === undefined || (quantity.unit !== "" && own === "")) {
    return { ...common, unit: "", columnKind: "category", value: rest };
  }
  if (unit !== "" && own !== "" && unit !== own)
    throw new FormatError(`"${text}": two units, ${unit} and ${own}; use one`);
  return { ...common, unit: unit || own, columnKind: "number", value: quantity.value };
}

/** Largest of 1, 2, 5 × 10^k that is at most `most`. */
function roundStep(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  const digit = [5, 2].find((d) => d * power <= most * (1 + 1e-12)) ?? 1;
  return Number((digit * power).toPrecision(12));
}

function split(text: string): { readonly name: string; readonly unit: string; readonly rest: string } {
  const [, header, rest] = /^\s*([^=]+?)\s*=\s*(\S.*?)\s*$/s.exec(text) ?? [];
  if (header === undefined || rest === undefined) throw new FormatError(malformed(text));
  const { name, unit } = parseHeader(header);
  return { name, unit, rest };
}

function number(text: string | undefined, whole: string): number {
  const value = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new FormatError(malformed(whole));
  return value;
}

function malformed(text: string): string {
  return `"${text}": write NAME (UNIT)=LOW..HIGH, with "step X", "log" or "integer" behind it, or NAME=LEVEL|LEVEL|… (with "ordinal": numbers in order)`;
}
