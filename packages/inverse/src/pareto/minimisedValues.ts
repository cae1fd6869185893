import { createMatrix, type Matrix, ShapeError } from "@materiome/core";
import type { Objective } from "../objective/objective.ts";

/**
 * Outcome values with the sign of those that are to be large turned, as everything about Pareto fronts here takes them: all columns
 * are to be small. Applied twice it gives the values back.
 *
 * @param values [n, m], one column per objective
 * @throws ShapeError if the numbers of columns and objectives differ
 * @example
 * const toughness = { name: "toughness", unit: "J", direction: "maximize" } as const;
 * minimisedValues(createMatrix(2, 1, Float64Array.of(27, 40)), [toughness]).data; // Float64Array [ -27, -40 ]
 */
export function minimisedValues(values: Matrix, objectives: readonly Pick<Objective, "direction">[]): Matrix {
  const { rows, columns, data } = values;
  if (objectives.length !== columns) {
    throw new ShapeError(`minimisedValues: ${objectives.length} objectives for values of ${columns} columns`);
  }
  const signs = objectives.map(({ direction }) => (direction === "maximize" ? -1 : 1));
  return createMatrix(
    rows,
    columns,
    data.map((value, i) => value * (signs[i % columns] ?? 1)),
  );
}
