import { DataError } from "@materiome/core";
import type { HoldOut, SplitRows } from "./splitter.ts";

/**
 * Holds out the rows where `isTest`; trains on the others for which `mayTrain`, save those that share a group with a
 * tested row.
 *
 * @param what - "cluster 2", "rows with Cr"
 * @throws DataError if nothing is left to train on or to test
 */
export function holdOutRows(
  kind: string,
  what: string,
  { nRows, groups }: SplitRows,
  isTest: (row: number) => boolean,
  mayTrain: (row: number) => boolean = () => true,
): HoldOut {
  const test: number[] = [];
  const others: number[] = [];
  for (let i = 0; i < nRows; i++) {
    if (isTest(i)) test.push(i);
    else if (mayTrain(i)) others.push(i);
  }
  const tested = new Set(groups === undefined ? [] : test.map((i) => groups[i]));
  const train = groups === undefined ? others : others.filter((i) => !tested.has(groups[i]));
  const shared = others.length - train.length;
  if (test.length === 0) throw new DataError(`${kind}: ${what}: no row to test`);
  if (train.length < 2) {
    throw new DataError(
      `${kind}: ${what}: ${train.length} rows are left to train on${
        shared > 0 ? ` (${shared} share a group with the rows held out)` : ""
      }; hold out less, or name finer groups`,
    );
  }
  return {
    train: Int32Array.from(train),
    test: Int32Array.from(test),
    heldOut: `${what} (${test.length} rows${
      shared > 0 ? `; ${shared} more of the same groups are not trained on` : ""
    })`,
    repeat: 0,
  };
}

/** Values of a named feature. @throws DataError without features, without that one, or where it has no value */
export function featureValues(kind: string, { x }: SplitRows, name: string): Float64Array {
  if (x === undefined) throw new DataError(`${kind}: needs the features of the rows; use crossValidate with features`);
  const f = x.features.findIndex((feature) => feature.name === name);
  if (f < 0) {
    const names = x.features.slice(0, 8).map((feature) => feature.name);
    throw new DataError(
      `${kind}: there is no feature "${name}"; there are ${names.join(", ")}${x.columns > 8 ? " …" : ""}`,
    );
  }
  const values = Float64Array.from({ length: x.rows }, (_, i) => x.data[i * x.columns + f] as number); // f < columns
  const missing = values.findIndex((value) => !Number.isFinite(value));
  if (missing >= 0) {
    throw new DataError(
      `${kind}: feature "${name}" has no value in row ${missing}; drop the row or use another feature`,
    );
  }
  return values;
}
