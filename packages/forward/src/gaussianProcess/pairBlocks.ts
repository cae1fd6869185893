import { addPairDistances, addPairProducts } from "../kernels/index.ts";
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
  const blocks = new Map<number, PairBlock>();
  const nPairs = (n * (n + 1)) / 2;
  const nBlocks = new Set(node.lengths).size;
  if (nBlocks * FEWEST_COLUMNS > node.columns.length || nBlocks * nPairs > MOST_PAIRS) return undefined;
  for (let c = 0; c < node.columns.length; c++) {
    const length = node.lengths[c] as number; // as many as columns
    const block = blocks.get(length) ?? { column: c, pairs: new Float64Array(nPairs) };
    blocks.set(length, block);
    if (node.kind === "linear") addPairProducts(n, c * n, base, block.pairs);
    else addPairDistances(n, c * n, base, block.pairs);
  }
  return [...blocks.values()];
}
