import { DataError, DomainError, type FeatureMatrix, type Random, shuffle } from "@materiome/core";

/** What a splitter may look at; each says which of these it needs. */
export interface SplitRows {
  readonly nRows: number;
  /** Group code per row. */
  readonly groups?: Int32Array | undefined;
  /** Target, or class code, per row. */
  readonly target?: ArrayLike<number> | undefined;
  readonly x?: FeatureMatrix | undefined;
}

/** Rows to train on and rows to predict, ascending; a row may be in neither. */
export interface HoldOut {
  readonly train: Int32Array;
  readonly test: Int32Array;
  /** What is held out, in words: "cluster 2 (31 rows)". */
  readonly heldOut: string;
  /** Counts from 0; hold-outs of one repeat are scored together. */
  readonly repeat: number;
}

export interface SplitPlan {
  readonly holdOuts: readonly HoldOut[];
  /** What a reader of the scores must know: rows never tested, rows left out of training. */
  readonly remarks: readonly string[];
}

/** Says which rows are held out together. Where there are groups, no row is trained on beside a tested row of its group. */
export interface Splitter {
  readonly kind: string;
  /** @throws DataError where the rows do not allow the split, with what would */
  plan(rows: SplitRows, random: Random): SplitPlan;
}

/** Divides rows into folds: fold of each row, 0 … nFolds − 1. A row's fold is the one in which it is held out. */
export interface FoldSplitter extends Splitter {
  readonly nFolds: number;
  /**
   * @param groups - group code per row; needed by the grouped ones
   * @param target - targets or class codes; needed by the stratified ones
   */
  assign(
    nRows: number,
    groups: Int32Array | undefined,
    random: Random,
    target?: ArrayLike<number> | undefined,
  ): Int32Array;
}

/**
 * Shuffled K-fold: folds differ in size by at most one row.
 *
 * @throws DomainError for fewer than 2 folds; `assign` throws DataError for fewer rows than folds
 * @example
 * const fold = kFold(5).assign(100, undefined, createRandom(1));
 */
export function kFold(nFolds: number): FoldSplitter {
  return createFoldSplitter("kFold", nFolds, (nRows, _groups, random) => {
    checkRowsPerFold("kFold", nRows, nFolds);
    const folds = new Int32Array(nRows);
    for (const [k, row] of shuffle(nRows, random).entries()) folds[row] = k % nFolds;
    return folds;
  });
}

/**
 * Grouped K-fold: rows of one group share a fold. Groups, shuffled and then ordered by falling size, go one by one to the
 * fold that has the fewest rows.
 *
 * @throws DomainError for fewer than 2 folds; `assign` throws DataError without groups or for fewer groups than folds
 * @example
 * const fold = groupKFold(5).assign(groups.length, groups, createRandom(1));
 */
export function groupKFold(nFolds: number): FoldSplitter {
  return createFoldSplitter("groupKFold", nFolds, (nRows, groups, random) => {
    const sizes = new Array<number>(nFolds).fill(0);
    const folds = new Int32Array(nRows);
    for (const rows of shuffledGroups("groupKFold", nFolds, groups, random)) {
      const fold = sizes.indexOf(Math.min(...sizes));
      sizes[fold] = (sizes[fold] as number) + rows.length; // fold < nFolds
      for (const row of rows) folds[row] = fold;
    }
    return folds;
  });
}

/** A splitter around a way to give each row its fold. */
export function createFoldSplitter(kind: string, nFolds: number, assign: FoldSplitter["assign"]): FoldSplitter {
  if (!(Number.isInteger(nFolds) && nFolds >= 2)) {
    throw new DomainError(`${kind}: expected a whole number of at least 2 folds, got ${nFolds}`);
  }
  return {
    kind,
    nFolds,
    assign,
    plan({ nRows, groups, target }, random) {
      const fold = assign(nRows, groups, random, target);
      const holdOuts = Array.from({ length: nFolds }, (_, k): HoldOut => {
        const test = fold.map((f, i) => (f === k ? i : -1)).filter((i) => i >= 0);
        const train = fold.map((f, i) => (f === k ? -1 : i)).filter((i) => i >= 0);
        return { train, test, heldOut: `fold ${k + 1} of ${nFolds} (${test.length} rows)`, repeat: 0 };
      });
      return { holdOuts, remarks: [] };
    },
  };
}

/** @throws DataError for fewer rows than folds */
export function checkRowsPerFold(kind: string, nRows: number, nFolds: number): void {
  if (nRows < nFolds) {
    throw new DataError(`${kind}: ${nRows} rows cannot be divided into ${nFolds} folds; use at most ${nRows} folds`);
  }
}

/**
 * Rows of each group, groups shuffled and then ordered by falling size.
 *
 * @throws DataError without groups, or for fewer groups than folds
 */
export function shuffledGroups(
  kind: string,
  nFolds: number,
  groups: Int32Array | undefined,
  random: Random,
): readonly (readonly number[])[] {
  const lists = [...membersOf(kind, groups).values()];
  if (lists.length < nFolds) {
    throw new DataError(
      `${kind}: ${lists.length} groups cannot be divided into ${nFolds} folds; use at most ${lists.length} folds`,
    );
  }
  const shuffled = Array.from(shuffle(lists.length, random), (k) => lists[k] as number[]); // k < length
  return shuffled.sort((a, b) => b.length - a.length);
}

/** Rows of each group code, in the order of first appearance. */
export function membersOf(kind: string, groups: Int32Array | undefined): Map<number, number[]> {
  if (groups === undefined) {
    throw new DataError(`${kind}: needs the group of each row; use kFold without groups`);
  }
  const members = new Map<number, number[]>();
  for (const [row, group] of groups.entries()) {
    const rows = members.get(group);
    if (rows === undefined) members.set(group, [row]);
    else rows.push(row);
  }
  return members;
}
