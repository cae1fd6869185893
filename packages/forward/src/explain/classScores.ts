import type { Matrix } from "@materiome/core";
import type { CodedTrees } from "@materiome/core/numerics";
import type { Trees } from "../tree/trees.ts";
import type { MeanParts } from "./meanParts.ts";

/**
 * Scores of a classifier that are sums of parts whose Shapley values have a closed form: probabilities themselves, or logits, whose
 * softmax the probabilities are.
 */
export interface ClassScores {
  readonly kind: "probability" | "logit";
  /** Classes that have a score, ascending; the others have the probability 0. */
  readonly present: Int32Array;
  /** [nSamples, present.length] */
  scoreRows(x: Matrix): Float64Array;
  /** Of the score of each of `present`. */
  parts(): readonly MeanParts[];
}

/** Trees over codes as trees over values: a code of at most c is a value of at most edge c. */
export function plainTrees(
  { treeStart, nodes, leafOf }: CodedTrees,
  edges: Float64Array,
  chosen: (tree: number) => boolean,
  leafValue: (leaf: number) => number,
): Trees {
  const starts = [0];
  const feature: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  for (let t = 0; t + 1 < treeStart.length; t++) {
    if (!chosen(t)) continue;
    const start = treeStart[t] as number; // t + 1 < length
    const end = treeStart[t + 1] as number;
    for (let node = start; node < end; node++) {
      const word = nodes[2 * node] as number; // two words a node
      const child = nodes[2 * node + 1] as number;
      const isLeaf = child === node;
      feature.push(isLeaf ? -1 : word >> 8);
      // `feature << 8 | code` is where the edge stands.
      threshold.push(isLeaf ? leafValue(leafOf[node] as number) : (edges[word] as number));
      left.push(isLeaf ? 0 : child - start);
    }
    starts.push(feature.length);
  }
  return {
    treeStart: Int32Array.from(starts),
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(threshold),
    left: Int32Array.from(left),
    missingLeft: new Uint8Array(feature.length),
  };
}

/** Of each class against the mean of the others, from logits [n, nClasses]; changes them. */
export function logOdds(logits: Float64Array, nClasses: number): Float64Array {
  for (let at = 0; at < logits.length; at += nClasses) {
    const own = logits.subarray(at, at + nClasses);
    const mean = own.reduce((sum, v) => sum + v, 0) / nClasses;
    for (const [c, value] of own.entries()) own[c] = ((value - mean) * nClasses) / (nClasses - 1);
  }
  return logits;
}
