import { type Column, type ColumnKind, type ColumnRole, Table } from "@materiome/core";
import type { SearchSpace, Setting } from "./searchSpace.ts";
import { isAllowedValue, positionOf, type Variable } from "./variable.ts";

/** One value per variable of the space, in order; of a category the index of its level. */
export type Point = Float64Array;

/** Rows that the model can predict: variables from the points, fixed inputs repeated. */
export function tableOfPoints(space: SearchSpace, points: readonly Point[]): Table {
  const columns: Column[] = space.variables.map((variable, j) => {
    const values = Float64Array.from(points, (point) => point[j] ?? Number.NaN);
    if (variable.kind !== "category") return numberColumn(variable, values);
    return textualColumn(variable, variable.columnKind, variable.levels, Int32Array.from(values));
  });
  for (const input of space.fixed) {
    if (typeof input.value === "number") {
      columns.push(numberColumn(input, new Float64Array(points.length).fill(input.value)));
    } else {
      const kind = input.columnKind === "number" ? "category" : input.columnKind;
      columns.push(textualColumn(input, kind, [input.value], new Int32Array(points.length)));
    }
  }
  return new Table(columns, "candidates");
}

/** The point as settings with names and units. */
export function settingsOf(space: SearchSpace, point: Point): readonly Setting[] {
  return space.variables.map((variable, j) => ({
    name: variable.name,
    value: settingValue(variable, point[j] ?? Number.NaN),
    unit: variable.unit,
  }));
}

/** True if every value is in bounds and on its grid, and the amounts that must add up do. */
export function isAllowedPoint(space: SearchSpace, point: Point): boolean {
  return (
    space.variables.every((variable, j) => isAllowedValue(variable, point[j] ?? Number.NaN)) && addsUp(space, point)
  );
}

/** True if every sum of the space holds. */
function addsUp(space: SearchSpace, point: Point): boolean {
  return space.sums.every((sum) => {
    let found = 0;
    space.variables.forEach((variable, j) => {
      if (sum.columns.includes(variable.name)) found += point[j] ?? Number.NaN;
    });
    for (const input of space.fixed) {
      if (sum.columns.includes(input.name) && typeof input.value === "number") found += input.value;
    }
    return Math.abs(found - sum.total) <= sum.tolerance * (1 + 1e-9);
  });
}

/** Euclidean distance with each number scaled to its bounds; different categories are 1 apart. */
export function pointDistance(space: SearchSpace, a: Point, b: Point): number {
  let sum = 0;
  space.variables.forEach((variable, j) => {
    const x = a[j] ?? Number.NaN;
    const y = b[j] ?? Number.NaN;
    const d = variable.kind === "category" ? Number(x !== y) : positionOf(variable, x) - positionOf(variable, y);
    sum += d * d;
  });
  return Math.sqrt(sum);
}

function settingValue(variable: Variable, value: number): number | string {
  return variable.kind === "category" ? (variable.levels[value] ?? "") : value;
}

interface Described {
  readonly name: string;
  readonly role: ColumnRole;
  readonly unit: string;
}

function numberColumn(info: Described, values: Float64Array): Column {
  const { name, role, unit } = info;
  return { name, role, unit, kind: "number", values, valid: new Uint8Array(values.length).fill(1) };
}

function textualColumn(
  info: Described,
  kind: Exclude<ColumnKind, "number">,
  labels: readonly string[],
  codes: Int32Array,
): Column {
  const { name, role, unit } = info;
  if (kind === "category") return { name, role, unit, kind, labels, codes };
  return { name, role, unit, kind, texts: Array.from(codes, (code) => labels[code]) };
}
