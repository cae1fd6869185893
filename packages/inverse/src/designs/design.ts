import { createMatrix, type Matrix } from "@materiome/core";

/** Experiments to make, in coded units; {@link designPoints} turns them into settings of a space. */
export interface Design {
  /** Such as "Box–Behnken design". */
  readonly kind: string;
  /** [runs, factors], in standard order; shuffle before use where time may matter. */
  readonly runs: Matrix;
  /**
   * What the numbers are: `signed` −1 … 1 between the bounds of a factor (axial points may lie beyond); `unit` 0 … 1 between the bounds;
   * `proportions` shares of a mixture that add up to 1.
   */
  readonly coding: "signed" | "unit" | "proportions";
}

/** A design from rows of numbers. */
export function designOf(
  kind: string,
  coding: Design["coding"],
  rows: readonly ArrayLike<number>[],
  columns: number,
): Design {
  const data = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    data.set(row, i * columns);
  });
  return { kind, coding, runs: createMatrix(rows.length, columns, data) };
}
