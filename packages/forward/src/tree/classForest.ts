import { encodeArray, type Json } from "@materiome/core";
import { walkForest } from "@materiome/core/numerics";
import { type ClassTrees, decodeClassTrees, encodeClassTrees, SHARE_SUM } from "./classTrees.ts";
import { BLOCK, type CodedClassifier, createCodedClassifier, type ScoreBlocks } from "./codedClassifier.ts";
import { decodeEdges } from "./edges.ts";

export function createClassForest(trees: ClassTrees, edges: Float64Array, nFeatures: number): CodedClassifier {
  const { nClasses } = trees;
  const scale = 1 / (SHARE_SUM * (trees.treeStart.length - 1));
  const score: ScoreBlocks = (n, fill, out) => {
    walkForest(trees, nFeatures, Math.min(BLOCK, n), ({ codes, sums, walk }) => {
      for (let first = 0; first < n; first += BLOCK) {
        const size = Math.min(BLOCK, n - first);
        fill(first, size, codes);
        walk(size);
        const at = first * nClasses;
        for (let k = 0; k < size * nClasses; k++) out[at + k] = (sums[k] as number) * scale; // k < length
      }
    });
  };
  return {
    ...createCodedClassifier(edges, nFeatures, nClasses, score),
    encode(): { [key: string]: Json } {
      return { forest: { edges: encodeArray(edges), ...encodeClassTrees(trees) } };
    },
  };
}

/** @throws FormatError if the stored forest is damaged */
export function decodeClassForest(data: unknown, nFeatures: number, nClasses: number): CodedClassifier {
  const edges = decodeEdges((data as { edges?: unknown } | null)?.edges, nFeatures);
  return createClassForest(decodeClassTrees(data, nFeatures, nClasses), edges, nFeatures);
}
