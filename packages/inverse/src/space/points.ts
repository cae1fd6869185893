import { type Column, type ColumnKind, type ColumnRole, Table } from "@materiome/core";
import type { SearchSpace, Setting } from "./searchSpace.ts";
import { isNumeric, positionOf, settingOf, type Variable } from "./variable.ts";

/** One value per variable of the space, in order; of a category the index of its level. */
export type Point = Float64Array;

/** Rows that the model can predict: variables from the points (inactive ones missing), fixed inputs repeated. */
export function tableOfPoints(space: SearchSpace, points: readonly Point[]): Table {
  const columns: Column[] = space.variables.map((variable, j) => {
    const values = Float64Array.from(points, (point) => point[j] ?? Number.NaN);
    if (isNumeric(variable)) return numberColumn(variable, values);
    const codes = Int32Array.from(values, (value) => (Number.isNaN(value) ? -1 : codeOf(variable, value)));
    if (variable.kind === "ordinal") return textualColumn(variable, "category", variable.labels ?? [], codes);
    return textualColumn(variable, variable.columnKind, variable.levels, codes);
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

/** The point as settings with names and units; inactive variables are left out. */
export function settingsOf(space: SearchSpace, point: Point): readonly Setting[] {
  return space.variables.flatMap((variable, j) => {
    const value = point[j] ?? Number.NaN;
    return Number.isNaN(value) ? [] : [{ name: variable.name, value: settingOf(variable, value), unit: variable.unit }];
  });
}

/**
 * Euclidean distance with each number scaled to its bounds; different categories are 1 apart, and so are an active and an
 * inactive variable.
 */
export function pointDistance(space: SearchSpace, a: Point, b: Point): number {
  let sum = 0;
  space.variables.forEach((variable, j) => {
    const x = a[j] ?? Number.NaN;
    const y = b[j] ?? Number.NaN;
    if (Number.isNaN(x) || Number.isNaN(y)) {
      sum += Number(Number.isNaN(x) !== Number.isNaN(y));
      return;
    }
    const d = variable.kind === "category" ? Number(x !== y) : positionOf(variable, x) - positionOf(variable, y);
    sum += d * d;
  });
  return Math.sqrt(sum);
}

function codeOf(variable: Variable, value: number): number {
  return variable.kind === "ordinal" ? variable.values.indexOf(value) : value;
}

interface Described {
  readonly name: string;
  readonly role: ColumnRole;
  readonly unit: string;
}

function numberColumn(info: Described, values: Float64Array): Column {
  const { name, role, unit } = info;
  return {
    name,
    role,
    unit,
    kind: "number",
    values,
    valid: Uint8Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1)),
  };
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
