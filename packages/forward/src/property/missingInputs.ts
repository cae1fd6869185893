import { isPresent, resolveColumn, type Table } from "@materiome/core";
import type { TableEncoder } from "@materiome/core/features";

/** What of a table a model can say nothing about, and why. Rows count from 0. */
export interface MissingInputs {
  /** Rows that lack an input, with the columns. */
  readonly rows: readonly { readonly row: number; readonly columns: readonly string[] }[];
  /** Rows that the model cannot predict, because a feature is missing and it takes none. */
  readonly refused: Int32Array;
}

/**
 * Rows that lack inputs. A model that takes missing values, or fills them by a step, predicts such rows; others refuse a table
 * with any, so that the rows in `refused` must be left out first.
 *
 * @throws IncompatibleError if the table lacks an input column
 * @example
 * const { refused } = findMissingInputs(model, table);
 */
export function findMissingInputs(
  model: { readonly encoder: TableEncoder; readonly takesMissing: boolean },
  table: Table,
): MissingInputs {
  const x = model.encoder.encode(table);
  const columns = model.encoder.inputs.map(({ name }) => ({ name, column: resolveColumn(table, name) }));
  const rows = Array.from({ length: table.nRows }, (_, row) => ({
    row,
    columns: columns.flatMap(({ name, column }) => (isPresent(column, row) ? [] : [name])),
  }));
  const isRefused = (row: number): boolean =>
    x.data.subarray(row * x.columns, (row + 1) * x.columns).some((value) => Number.isNaN(value));
  return {
    rows: rows.filter((one) => one.columns.length > 0),
    refused: Int32Array.from(model.takesMissing ? [] : rows.filter(({ row }) => isRefused(row)).map(({ row }) => row)),
  };
}
