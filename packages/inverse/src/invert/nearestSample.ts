import { type Column, DataError, type Table, type TableModel } from "@materiome/core";
import { type Point, tableOfPoints } from "../space/points.ts";
import type { SearchSpace, Setting } from "../space/searchSpace.ts";
import type { NearestSample } from "./result.ts";

/** Training row with the smallest Gower distance to a point, over all inputs of the model. */
export function nearestSample(
  model: TableModel,
  space: SearchSpace,
  point: Point,
  targets: readonly string[],
): NearestSample {
  const { training } = model;
  const asked = tableOfPoints(space, [point]);
  const differences = model.inputs.map((input) => differ(asked.column(input.name), training.column(input.name)));
  let best = -1;
  let distance = Number.POSITIVE_INFINITY;
  for (let row = 0; row < training.nRows; row++) {
    const d = differences.reduce((sum, difference) => sum + difference(row), 0) / differences.length;
    if (d < distance) [best, distance] = [row, d];
  }
  if (best < 0) throw new DataError("invert: the model holds no training rows to compare with");
  return {
    row: best,
    distance,
    settings: model.inputs.map((input) => settingOf(training, input.name, best)),
    measured: targets.map((target) => {
      const column = training.number(target);
      return { target, unit: column.unit, value: column.values[best] ?? Number.NaN };
    }),
  };
}

/** Difference of a row from the asked value in [0, 1] and beyond; a missing value differs by 1. */
function differ(asked: Column, column: Column): (row: number) => number {
  if (asked.kind === "number" && column.kind === "number") {
    const value = asked.values[0] ?? Number.NaN;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const v of column.values) {
      if (v < low) low = v;
      if (v > high) high = v;
    }
    const range = high > low ? high - low : 1;
    return (row) => {
      const d = Math.abs((column.values[row] ?? Number.NaN) - value) / range;
      return Number.isNaN(d) ? 1 : d;
    };
  }
  const wanted = textOf(asked, 0);
  return (row) => Number(textOf(column, row) !== wanted);
}

function settingOf(table: Table, name: string, row: number): Setting {
  const column = table.column(name);
  const value = column.kind === "number" ? (column.values[row] ?? Number.NaN) : (textOf(column, row) ?? "");
  return { name, value, unit: column.unit };
}

function textOf(column: Column, row: number): string | undefined {
  if (column.kind === "number") return undefined;
  return column.kind === "category" ? column.labels[column.codes[row] ?? -1] : column.texts[row];
}
