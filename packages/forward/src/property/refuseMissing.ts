import { DataError, type FeatureMatrix, type Table } from "@materiome/core";

/**
 * Names the first missing input in the file's own row and column.
 *
 * @param x - features of the table's rows
 * @throws DataError if any is missing
 */
export function refuseMissing(table: Table, x: FeatureMatrix): void {
  const at = x.data.findIndex(Number.isNaN);
  if (at < 0) return;
  const column = x.features[at % x.columns]?.source.join(", ");
  throw new DataError(
    "the input is missing, and this model takes no missing values; fill it, drop the row or the column, or train a forest",
    { location: { file: table.source, row: table.rowNumber(Math.floor(at / x.columns)), column } },
  );
}
