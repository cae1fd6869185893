import { type Random, type RunContext, shuffle } from "@materiome/core";

const MOST_FOLDS = 10;

/**
 * Which rows a tree sees. `bootstrap`: as many groups as there are, drawn with replacement. `folds`: all but one of
 * `nFolds` parts of the groups, the parts taking turns. `all`: every row.
 */
export type Sampling = "bootstrap" | "folds" | "all";

/** What decides which rows a tree sees: the groups of the rows, and how they are drawn. */
export interface BagInput {
  /** Mean 1. */
  readonly weights: Float64Array | undefined;
  readonly groups: Int32Array;
  readonly nGroups: number;
  readonly foldOfGroup: Int32Array;
  readonly nFolds: number;
  readonly sampling: Sampling;
  /** Trees `first` … `last − 1` are grown. */
  readonly first: number;
  readonly last: number;
}

/** How often each group is in the bag of tree t. */
export function drawGroups(input: BagInput, t: number, random: Random): Int32Array {
  const { nGroups, sampling, foldOfGroup, nFolds, weights, groups } = input;
  const copies = new Int32Array(nGroups);
  switch (sampling) {
    case "all":
      return copies.fill(1);
    case "folds":
      for (let g = 0; g < nGroups; g++) copies[g] = foldOfGroup[g] === t % nFolds ? 0 : 1;
      break;
    case "bootstrap":
      for (let k = 0; k < nGroups; k++) {
        const g = random.int(nGroups);
        copies[g] = (copies[g] as number) + 1;
      }
      break;
  }
  // A bag in which every row weighs nothing grows no tree: then every row is taken.
  if (weights !== undefined && !groups.some((g, i) => (copies[g] as number) > 0 && (weights[i] as number) > 0)) {
    copies.fill(1);
  }
  return copies;
}

/** Deals the groups, shuffled, to the folds in turn. */
export function assignFolds(
  nGroups: number,
  run: RunContext,
): { readonly foldOfGroup: Int32Array; readonly nFolds: number } {
  const order = shuffle(nGroups, run.random.fork("folds"));
  const nFolds = Math.min(MOST_FOLDS, nGroups);
  const foldOfGroup = new Int32Array(nGroups);
  for (const [k, g] of order.entries()) foldOfGroup[g] = k % nFolds;
  return { foldOfGroup, nFolds };
}

export function scaleToMeanOne(weights: Float64Array): Float64Array {
  const mean = weights.reduce((sum, w) => sum + w, 0) / weights.length;
  return weights.map((w) => w / mean);
}

/** A limit of one row is no limit, also where rows weigh less than 1. */
export function leastLeafWeight(minSamplesLeaf: number): number {
  return minSamplesLeaf > 1 ? minSamplesLeaf - 1e-9 : 0;
}
