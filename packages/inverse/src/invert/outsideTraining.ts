import type { Table } from "@materiome/core";
import type { SearchSpace } from "../space/searchSpace.ts";

/** What a unit conversion may add to a value at the edge of its range, as a share of it. */
const ROUNDING = 1e-12;

/**
 * Names the fixed numbers outside the range of the training rows: with them every setting is outside the model's domain.
 *
 * @returns `undefined` if there are none; `name` is the first
 */
export function outsideText(
  space: SearchSpace,
  training: Table,
): { readonly name: string; readonly text: string } | undefined {
  const found = space.fixed.flatMap(({ name, value, unit }) => {
    if (typeof value !== "number") return [];
    const measured = [...training.number(name).values].filter(Number.isFinite);
    const low = measured.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const high = measured.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const room = ROUNDING * Math.max(Math.abs(low), Math.abs(high));
    if (value >= low - room && value <= high + room) return [];
    const suffix = unit === "" ? "" : ` ${unit}`;
    const text = `${name} is fixed at ${short(value)}${suffix}, outside the ${short(low)} … ${short(high)}${suffix} of the training rows`;
    return [{ name, text }];
  });
  const [first] = found;
  return first && { name: first.name, text: found.map(({ text }) => text).join("; ") };
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
