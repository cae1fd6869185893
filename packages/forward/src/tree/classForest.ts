import { encodeArray, type Json } from "@materiome/core";
import { walkForest } from "@materiome/core/numerics";
import { type ClassScores, plainTrees } from "../explain/classScores.ts";
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
  const coded = createCodedClassifier(edges, nFeatures, nClasses, score);
  return {
    ...coded,
    classScores: (): ClassScores => ({
      kind: "probability",
      present: Int32Array.from({ length: nClasses }, (_, c) => c),
      scoreRows(x) {
        const out = new Float64Array(x.rows * nClasses);
        coded.predictRows(x, out);
        return out;
      },
      parts: () =>
        Array.from({ length: nClasses }, (_, c) => {
          const share = (leaf: number): number => trees.shares[leaf * nClasses + c] as number; // a leaf
          return { offset: 0, parts: [{ kind: "trees", trees: plainTrees(trees, edges, () => true, share), scale }] };
        }),
    }),
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
