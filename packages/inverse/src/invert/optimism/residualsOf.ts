import { DataError, type Matrix, type TableModel } from "@materiome/core";
import type { Limits } from "../../spec/limits.ts";

/**
 * Measured − predicted of the targets asked for, [training.nRows, limits.length].
 *
 * @throws DataError if the predictions are not of the model's training rows and targets
 */
export function residualsOf(model: TableModel, heldOut: Matrix, limits: readonly Limits[]): Matrix {
  const { training, targets } = model;
  if (heldOut.rows !== training.nRows || heldOut.columns !== targets.length) {
    throw new DataError(
      `invert: held-out predictions are ${heldOut.rows} × ${heldOut.columns}, expected one for each of ${training.nRows} training rows and ${targets.length} targets`,
    );
  }
  const measured = limits.map((limit) => training.number(limit.target).values);
  const m = limits.length;
  return {
    rows: training.nRows,
    columns: m,
    data: Float64Array.from({ length: training.nRows * m }, (_, at) => {
      const [i, k] = [Math.floor(at / m), at % m];
      const predicted = heldOut.data[i * heldOut.columns + (limits[k]?.column ?? 0)] ?? Number.NaN;
      return (measured[k]?.[i] ?? Number.NaN) - predicted;
    }),
  };
}
