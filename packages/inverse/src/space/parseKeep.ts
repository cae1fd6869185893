import { convertDifference, DataError, FormatError } from "@materiome/core";
import type { Clause, Constraint } from "./constraint.ts";
import { type LinearSide, linearSide } from "./parseLinearSide.ts";
import { converted, splitQuantity } from "./quantity.ts";
import type { SearchSpace, SumConstraint } from "./searchSpace.ts";

/** What one text keeps: a sum of amounts, or another constraint. */
export type Kept = { readonly sum: SumConstraint } | { readonly constraint: Constraint };

/** "==" and "!=" are of expressions. */
const RELATION = /^(.*?)\s*(<=|>=|≤|≥|<|>|(?<![=!])=(?!=))\s*(.*)$/s;

/**
 * Reads what settings must keep together as people write it, and as `constraintTexts` lists what has one limit and no label:
 *
 * - `Cr + Ni + Fe = 100 wt%`, amounts that add up (a tolerance of a millionth); with coefficients an equation;
 * - `2.2 Cr + 14 Ni <= 250`, a linear limit; `Cr / Ni >= 0.5`, a ratio;
 * - `T temper + 50 < T solution`, an order;
 * - `at most 2 of Cr, Ni, Mn, each at least 1 wt%` (also `at least`, `exactly`), how many are there;
 * - `never Medium = water or brine and T >= 1100 degC`, a combination that is not made;
 * - else a condition in the notation of `--derive`: `number(T, "K") * (20 + log10(number(t, "h"))) <= 24000`.
 *
 * Names are those of settings, as they are; units are converted to those of the settings.
 *
 * @throws FormatError for a text that is none of these; DataError for an unknown name; UnitError for a unit that does not convert
 * @example
 * parseKeep("A + B = 100 %", space); // { sum: { columns: ["A", "B"], total: 100, tolerance: 1e-4 } }
 */
export function parseKeep(text: string, space: SearchSpace): Kept {
  const never = /^never\s+(.+)$/is.exec(text.trim())?.[1];
  if (never !== undefined)
    return {
      constraint: { kind: "forbidden", when: never.split(/\s+and\s+/i).map((part) => clause(part, space, text)) },
    };
  const count = /^(at most|at least|exactly)\s+(\d+)\s+of\s+(.+?)(?:,\s*each at least\s+(.+))?$/is.exec(text.trim());
  if (count !== null) return { constraint: presence(count, space, text) };
  const [, left = "", relation = "", right = ""] = RELATION.exec(text.trim()) ?? [];
  const ratio = /^(.+?)\s*\/\s*(.+)$/s.exec(left);
  const limit = splitQuantity(right);
  const [numerator, denominator] = [ratio?.[1], ratio?.[2]].map((name) => inputOf(space, name ?? "")?.name);
  if (numerator !== undefined && denominator !== undefined && limit?.unit === "" && relation !== "") {
    const { value } = limit;
    const ends = /<|≤/.test(relation)
      ? { max: value }
      : /=/.test(relation) && !/>/.test(relation)
        ? { min: value, max: value }
        : { min: value };
    return { constraint: { kind: "ratio", numerator, denominator, ...ends } };
  }
  const sides = relation === "" ? [] : [linearSide(left, space), linearSide(right, space)];
  const [a, b] = sides;
  if (a === undefined || b === undefined || a.terms.length + b.terms.length === 0) {
    if (relation === "=") throw noEquation(text, left, right, space);
    return { constraint: { kind: "expression", text } };
  }
  // "50 <= T" as "T >= 50".
  return a.terms.length > 0
    ? linear(a, relation, b, space, text)
    : linear(b, MIRRORED[relation] ?? relation, a, space, text);
}

const MIRRORED: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", "≤": "≥", ">": "<", ">=": "<=", "≥": "≤" };

/** Names the first part of an equation that is neither a setting nor a number. */
function noEquation(text: string, left: string, right: string, space: SearchSpace): FormatError {
  const parts = [left, right].flatMap((side) => side.split(/\s+[+-]\s+/));
  const odd = (parts.find((part) => linearSide(part, space) === undefined) ?? text).trim();
  const names = [...space.variables, ...space.fixed].map((input) => input.name);
  const isRunTogether = odd.split(/[+-]/).every((part) => linearSide(part, space) !== undefined);
  if (isRunTogether) {
    return new FormatError(`keep "${text}": leave spaces around + and - in "${odd}", which names may hold as well`);
  }
  return new FormatError(
    `keep "${text}": "${odd}" is neither a setting nor a number; settings are: ${names.join(", ")}`,
  );
}

function linear(a: LinearSide, relation: string, b: LinearSide, space: SearchSpace, text: string): Kept {
  const named = [...a.terms, ...b.terms].map(({ name }) => name);
  const twice = named.find((name, i) => named.indexOf(name) < i);
  if (twice !== undefined) {
    throw new FormatError(`keep "${text}": "${twice}" stands there twice; name each setting once, with a coefficient`);
  }
  const isAtLeast = /[>≥]/.test(relation);
  const [low, high] = isAtLeast ? [b, a] : [a, b];
  const [below, above] = [low.terms[0], high.terms[0]];
  const isOrder =
    low.terms.length === 1 && high.terms.length === 1 && below?.coefficient === 1 && above?.coefficient === 1;
  if (isOrder && relation !== "=") {
    const unit = inputOf(space, above.name)?.unit ?? "";
    const gapOf = ({ number, unit: own }: LinearSide): number =>
      own === "" || own === unit || number === 0 ? number : convertDifference(number, own, unit);
    const gap = gapOf(low) - gapOf(high);
    const orEqual = /[=≤≥]/.test(relation);
    return {
      constraint: {
        kind: "order",
        below: below.name,
        above: above.name,
        ...(gap === 0 ? {} : { gap }),
        ...(orEqual ? { orEqual } : {}),
      },
    };
  }
  const terms = [...a.terms, ...b.terms.map(({ name, coefficient }) => ({ name, coefficient: -coefficient }))];
  const [first] = terms;
  const unit = inputOf(space, first?.name ?? "")?.unit ?? "";
  const other = terms.find(({ name }) => inputOf(space, name)?.unit !== unit);
  if (other !== undefined) {
    throw new FormatError(
      `keep "${text}": "${first?.name}" is in ${unit || "no unit"}, "${other.name}" in ${inputOf(space, other.name)?.unit || "no unit"}; write it as an expression, with units where numbers are: number(\`${other.name}\`, "…")`,
    );
  }
  const isPlain = terms.every(({ coefficient }) => coefficient === 1);
  const numberIn = ({ number, unit: own }: LinearSide): number => {
    if (own === "" || own === unit || number === 0) return number;
    if (!isPlain || terms.length === 1) return converted(number, own, unit, `keep "${text}"`);
    return convertDifference(number, own, unit);
  };
  const total = Number((numberIn(b) - numberIn(a)).toPrecision(12));
  if (relation === "=" && isPlain && terms.length > 1) {
    return { sum: { columns: terms.map(({ name }) => name), total, tolerance: Math.abs(total) / 1e6 } };
  }
  if (relation === "<" || relation === ">") {
    throw new FormatError(`keep "${text}": a sum is kept up to its limit; write ${relation}=`);
  }
  const ends = relation === "=" ? { min: total, max: total } : isAtLeast ? { min: total } : { max: total };
  return { constraint: { kind: "linear", terms, ...ends, ...(isPlain && unit !== "" ? { unit } : {}) } };
}

function presence(
  [, how = "", number = "", list = "", least]: RegExpExecArray,
  space: SearchSpace,
  text: string,
): Constraint {
  const names = list.split(",").map((name) => requireInput(space, name, text).name);
  const n = Number(number);
  const count = /most/i.test(how) ? { max: n } : /least/i.test(how) ? { min: n } : { min: n, max: n };
  if (least === undefined) return { kind: "presence", names, ...count };
  const quantity = splitQuantity(least);
  if (quantity === undefined) throw new FormatError(`keep "${text}": "${least}" is no amount; write a number`);
  const { unit } = requireInput(space, names[0] ?? "", text);
  return {
    kind: "presence",
    names,
    ...count,
    least: quantity.unit === "" ? quantity.value : converted(quantity.value, quantity.unit, unit, `keep "${text}"`),
  };
}

function clause(part: string, space: SearchSpace, text: string): Clause {
  const [, name = "", relation, value = ""] = RELATION.exec(part.trim()) ?? [];
  if (relation === undefined || relation === "<" || relation === ">") {
    throw new FormatError(
      `keep "${text}": "${part}" is no clause; write NAME = LEVEL or LEVEL, NAME >= NUMBER or NAME <= NUMBER`,
    );
  }
  const input = requireInput(space, name, text);
  const numberOf = (own: string): number | undefined => {
    const quantity = splitQuantity(own);
    return (
      quantity &&
      (quantity.unit === "" ? quantity.value : converted(quantity.value, quantity.unit, input.unit, `keep "${text}"`))
    );
  };
  if (relation !== "=") {
    const limit = numberOf(value);
    if (limit === undefined) throw new FormatError(`keep "${text}": "${value}" is no number`);
    return { name: input.name, ...(/[>≥]/.test(relation) ? { min: limit } : { max: limit }) };
  }
  const isText =
    "kind" in input
      ? input.kind === "category" || (input.kind === "ordinal" && input.labels !== undefined)
      : typeof input.value === "string";
  return { name: input.name, in: value.split(/\s+or\s+/i).map((one) => (isText ? one : (numberOf(one) ?? one))) };
}

type Input = SearchSpace["variables"][number] | SearchSpace["fixed"][number];

function inputOf({ variables, fixed }: SearchSpace, name: string): Input | undefined {
  return [...variables, ...fixed].find((input) => input.name === name.trim());
}

function requireInput(space: SearchSpace, name: string, text: string): Input {
  const found = inputOf(space, name);
  if (found !== undefined) return found;
  const names = [...space.variables, ...space.fixed].map((input) => input.name);
  throw new DataError(`keep "${text}": "${name.trim()}" is no setting; there are: ${names.join(", ")}`);
}
