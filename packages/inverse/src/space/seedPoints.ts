import type { Table } from "@materiome/core";
import type { Point } from "./points.ts";
import type { SearchSpace } from "./searchSpace.ts";
import { isNumeric, rangeOf, snap, valueOfLevel } from "./variable.ts";
import { isAllowedPoint } from "./violations.ts";

/**
 * Settings of the training rows as points of the space: on the grid, inside the bounds, each once. What is fixed is not
 * compared: these are settings that somebody has used, not samples that look like the fixed ones.
 */
export function seedPoints(space: SearchSpace, training: Table): readonly Point[] {
  const seeds = new Map<string, Point>();
  const columns = space.variables.map((variable) => training.column(variable.name));
  for (let row = 0; row < training.nRows; row++) {
    const point = new Float64Array(columns.length);
    space.variables.forEach((variable, j) => {
      const column = columns[j];
      let value = Number.NaN;
      if (column?.kind === "number" && isNumeric(variable)) {
        const raw = column.values[row] ?? Number.NaN;
        const { min, max } = rangeOf(variable);
        value = raw >= min && raw <= max ? snap(variable, raw) : Number.NaN;
      } else if (!isNumeric(variable) && column !== undefined && column.kind !== "number") {
        const text = column.kind === "category" ? column.labels[column.codes[row] ?? -1] : column.texts[row];
        const labels = variable.kind === "category" ? variable.levels : (variable.labels ?? []);
        const code = text === undefined ? -1 : labels.indexOf(text);
        value = code < 0 ? Number.NaN : valueOfLevel(variable, code);
      }
      point[j] = value;
    });
    if (isAllowedPoint(space, point)) seeds.set(point.join("|"), point);
  }
  return [...seeds.values()];
}
