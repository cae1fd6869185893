import { DataError } from "@materiome/core";
import { matbenchFolds } from "./matbenchFolds.ts";
import { datasetInfo } from "./registry.ts";

/**
 * Test rows of each official fold of a dataset, 0-based rows of its table; training rows are all others.
 *
 * @throws DataError for an unknown dataset, or one without official folds
 * @example
 * for (const test of datasetFolds("matbench-steels")) console.log(test.length); // 63, 63, 62, 62, 62
 */
export function datasetFolds(name: string): readonly Int32Array[] {
  const { splits, tables } = datasetInfo(name);
  const nRows = tables[0]?.nRows;
  if (splits?.rule?.startsWith("matbench-v0.1:") !== true || nRows === undefined) {
    throw new DataError(`dataset ${name} has no official folds; those of the Matbench tasks (matbench-…) are known`);
  }
  return matbenchFolds(nRows);
}
