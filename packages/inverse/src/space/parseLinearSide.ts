import { isKnownUnit } from "@materiome/core";
import type { LinearTerm } from "./constraint.ts";
import { splitQuantity } from "./quantity.ts";
import type { SearchSpace } from "./searchSpace.ts";

/** One side of a linear condition: Σ coefficient · name + number. */
export interface LinearSide {
  readonly terms: readonly LinearTerm[];
  readonly number: number;
  /** Of the number, as written; "" for none. */
  readonly unit: string;
}

/**
 * Reads `2.2 Cr + 14 Ni`, `T temper + 50 degC` or `100 wt%`: names of inputs, each with a coefficient or without, and numbers, with `+` or `-` between
 * spaces.
 *
 * @returns undefined for anything else
 */
export function linearSide(text: string, { variables, fixed }: SearchSpace): LinearSide | undefined {
  const names = [...variables, ...fixed].map(({ name }) => name);
  const parts = text.trim().split(/\s+([+-])\s+/);
  const terms: LinearTerm[] = [];
  const numbers: { readonly value: number; readonly unit: string }[] = [];
  for (let k = 0; k < parts.length; k += 2) {
    const sign = k > 0 && parts[k - 1] === "-" ? -1 : 1;
    const part = (parts[k] ?? "").trim().replace(/^`(.*)`$/s, "$1");
    const [, factor, name = ""] = /^(\d+(?:\.\d*)?|\.\d+)\s*\*?\s*(\D.*)$/s.exec(part) ?? [];
    if (names.includes(part)) terms.push({ name: part, coefficient: sign });
    else if (factor !== undefined && names.includes(name)) terms.push({ name, coefficient: sign * Number(factor) });
    else {
      const quantity = splitQuantity(part);
      if (quantity === undefined || (quantity.unit !== "" && !isKnownUnit(quantity.unit))) return undefined;
      numbers.push({ value: sign * quantity.value, unit: quantity.unit });
    }
  }
  const units = new Set(numbers.map(({ unit }) => unit));
  if (units.size > 1) return undefined;
  return { terms, number: numbers.reduce((sum, { value }) => sum + value, 0), unit: numbers[0]?.unit ?? "" };
}
