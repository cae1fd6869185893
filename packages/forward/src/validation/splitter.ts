import { DataError, DomainError, type Random, shuffle } from "@materiome/core";

/** Divides rows into folds: fold of each row, 0 … nFolds − 1. A row's fold is the one in which it is held out. */
export interface Splitter {
  readonly kind: "kFold" | "groupKFold";
  readonly nFolds: number;
  /** @param groups - group code per row; needed by `groupKFold` */
  assign(nRows: number, groups: Int32Array | undefined, random: Random): Int32Array;
}

/**
 * Shuffled K-fold: folds differ in size by at most one row.
 *
 * @throws DomainError for fewer than 2 folds; `assign` throws DataError for fewer rows than folds
 * @example
 * const fold = kFold(5).assign(100, undefined, createRandom(1));
 */
export function kFold(nFolds: number): Splitter {
  checkFolds("kFold", nFolds);
  return {
    kind: "kFold",
    nFolds,
    assign(nRows, _groups, random) {
      if (nRows < nFolds) {
        throw new DataError(`kFold: ${nRows} rows cannot be divided into ${nFolds} folds; use at most ${nRows} folds`);
      }
      const folds = new Int32Array(nRows);
      for (const [k, row] of shuffle(nRows, random).entries()) folds[row] = k % nFolds;
      return folds;
    },
  };
}

/**
 * Grouped K-fold: rows of one group share a fold. Groups, shuffled and then ordered by falling size, go one by one to the
 * fold that has the fewest rows.
 *
 * @throws DomainError for fewer than 2 folds; `assign` throws DataError without groups or for fewer groups than folds
 * @example
 * const fold = groupKFold(5).assign(groups.length, groups, createRandom(1));
 */
export function groupKFold(nFolds: number): Splitter {
  checkFolds("groupKFold", nFolds);
  return {
    kind: "groupKFold",
    nFolds,
    assign(nRows, groups, random) {
      if (groups === undefined)
        throw new DataError("groupKFold: needs the group of each row; use kFold without groups");
      const members = new Map<number, number[]>();
      for (const [row, group] of groups.entries()) {
        const rows = members.get(group);
        if (rows === undefined) members.set(group, [row]);
        else rows.push(row);
      }
      const lists = [...members.values()];
      if (lists.length < nFolds) {
        throw new DataError(
          `groupKFold: ${lists.length} groups cannot be divided into ${nFolds} folds; use at most ${lists.length} folds`,
        );
      }
      const shuffled = Array.from(shuffle(lists.length, random), (k) => lists[k] as number[]); // k < length
      shuffled.sort((a, b) => b.length - a.length);
      const sizes = new Array<number>(nFolds).fill(0);
      const folds = new Int32Array(nRows);
      for (const rows of shuffled) {
        const fold = sizes.indexOf(Math.min(...sizes));
        sizes[fold] = (sizes[fold] as number) + rows.length; // fold < nFolds
        for (const row of rows) folds[row] = fold;
      }
      return folds;
    },
  };
}

function checkFolds(caller: string, nFolds: number): void {
  if (!(Number.isInteger(nFolds) && nFolds >= 2)) {
    throw new DomainError(`${caller}: expected a whole number of at least 2 folds, got ${nFolds}`);
  }
}
