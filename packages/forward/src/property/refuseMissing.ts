import type { FeatureMatrix, Table } from "@materiome/core";
import { refuseNonFinite } from "@materiome/core/features";

/**
 * Names every missing input in the file's own rows and columns.
 *
 * @param x - features of the table's rows
 * @param remedy - what to do about it
 * @throws DataError if any is missing
 */
export function refuseMissing(
  table: Table,
  x: FeatureMatrix,
  remedy = "this model takes no missing values; fill them (a step that imputes), drop the rows or columns, or train a forest",
): void {
  refuseNonFinite(x, table, { remedy });
}
