import { DataError, nearestNames } from "@materiome/core";
import { isActive } from "./activity.ts";
import type { Point } from "./points.ts";
import { quantityIn } from "./quantity.ts";
import type { SearchSpace } from "./searchSpace.ts";
import type { Variable } from "./variable.ts";

/** What a person set: values by name, or names, values and units. */
export type GivenSettings =
  | Readonly<Record<string, number | string>>
  | readonly { readonly name: string; readonly value: number | string; readonly unit?: string | undefined }[];

/**
 * The point with these settings, inside the space or not. Numbers are in the unit of the variable or in the unit given with them, texts
 * may carry one ("1100 K"). Values of fixed inputs are passed over; inactive variables are left out.
 *
 * @throws DataError for a name that is no input, a variable without a value or with one where it does not exist, an unknown level
 * @throws UnitError for a unit that cannot be converted
 * @example
 * pointFromSettings(space, { temperature: "1123.15 K", medium: "oil" });
 */
export function pointFromSettings(space: SearchSpace, settings: GivenSettings): Point {
  const entries = isList(settings)
    ? settings.map(({ name, value, unit }) => [name, withUnitOf(value, unit)] as const)
    : Object.entries(settings);
  const given = new Map(entries);
  const names = [...space.variables, ...space.fixed].map(({ name }) => name);
  for (const [i, [name]] of entries.entries()) {
    if (!names.includes(name)) {
      const [near] = nearestNames(name, names, 1);
      throw new DataError(
        `settings: the space has no "${name}"; ${near === undefined ? `it has ${names.join(", ")}` : `did you mean "${near}"?`}`,
      );
    }
    if (entries.findIndex(([other]) => other === name) !== i) throw new DataError(`settings: "${name}" is given twice`);
  }
  const point = new Float64Array(space.variables.length).fill(Number.NaN);
  space.variables.forEach((variable, j) => {
    const value = given.get(variable.name);
    if (value !== undefined) point[j] = valueFrom(variable, value, `settings: "${variable.name}"`);
  });
  requireActive(space, point);
  return point;
}

/**
 * The value of a variable as a point holds it, from what a person wrote.
 *
 * @param what - names the place in messages
 * @throws DataError for what is no number or no level; UnitError for a unit that cannot be converted
 */
export function valueFrom(variable: Variable, value: number | string, what: string): number {
  const labels =
    variable.kind === "category" ? variable.levels : variable.kind === "ordinal" ? variable.labels : undefined;
  if (labels === undefined) return quantityIn(variable.unit, value, what);
  const k = labels.indexOf(String(value));
  if (k >= 0) return variable.kind === "ordinal" ? (variable.values[k] ?? Number.NaN) : k;
  const [near] = nearestNames(String(value), labels, 1);
  throw new DataError(
    `${what} has no level "${value}"; ${near === undefined ? `levels are ${labels.join(", ")}` : `did you mean "${near}"?`}`,
  );
}

/** Every active variable has a value, every other has none. */
function requireActive(space: SearchSpace, point: Point): void {
  for (const [j, { name, when }] of space.variables.entries()) {
    const isSet = !Number.isNaN(point[j] ?? Number.NaN);
    if (isSet === isActive(space, point, j)) continue;
    throw new DataError(
      isSet
        ? `settings: "${name}" is set, but it exists only where ${when?.name} is ${when?.in.join(" or ")}`
        : `settings: "${name}" has no value`,
    );
  }
}

function isList(settings: GivenSettings): settings is Extract<GivenSettings, readonly unknown[]> {
  return Array.isArray(settings);
}

function withUnitOf(value: number | string, unit: string | undefined): number | string {
  return typeof value === "number" && unit !== undefined && unit !== "" ? `${value} ${unit}` : value;
}
