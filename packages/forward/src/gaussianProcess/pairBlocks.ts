import { createMatrix, type Matrix } from "@materiome/core";
import { pairDistances } from "@materiome/core/numerics";
import { addPairProducts } from "../kernels/index.ts";
import type { ProgramNode } from "./program.ts";

/**
 * Squared distances (for `linear`: products) of all pairs of rows, summed over the columns that share a length-scale. They do not
 * depend on hyper-parameters, so a search computes them once instead of at every step.
 */
export interface PairBlock {
  /** The first of the columns of the block. */
  readonly column: number;
  /** Packed lower triangle, [n (n + 1) / 2]. */
  readonly pairs: Float64Array;
}

/** Columns for each shared length-scale below which the pairs would not be read faster than they are computed. */
const FEWEST_COLUMNS = 4;
/** Numbers kept for one covariance: 64 MB. */
const MOST_PAIRS = 8_000_000;

/** @param base - features of n rows, column by column; undefined where length-scales are hardly shared, or the rows too many */
export function pairBlocks(node: ProgramNode, n: number, base: Float64Array): readonly PairBlock[] | undefined {
  if (node.columns.length === 0 || node.kind === "periodic" || node.kind === "coregional") return undefined;
  const nPairs = (n * (n + 1)) / 2;
  const nBlocks = new Set(node.lengths).size;
  if (nBlocks * FEWEST_COLUMNS > node.columns.length || nBlocks * nPairs > MOST_PAIRS) return undefined;
  return [...new Set(node.lengths)].map((length) => {
    const own = Array.from(node.columns.keys()).filter((c) => node.lengths[c] === length);
    const pairs = node.kind === "linear" ? sumProducts(n, own, base) : pairDistances(takeColumns(n, own, base));
    return { column: own[0] as number, pairs }; // a length-scale is of some column
  });
}

function takeColumns(n: number, columns: readonly number[], base: Float64Array): Matrix {
  const taken = createMatrix(columns.length, n);
  for (const [at, c] of columns.entries()) taken.data.set(base.subarray(c * n, (c + 1) * n), at * n);
  return taken;
}

function sumProducts(n: number, columns: readonly number[], base: Float64Array): Float64Array {
  const pairs = new Float64Array((n * (n + 1)) / 2);
  for (const c of columns) addPairProducts(n, c * n, base, pairs);
  return pairs;
}
