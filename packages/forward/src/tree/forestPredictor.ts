import { FormatError, type Json, type Matrix } from "@materiome/core";
import { predictTrees } from "../kernels/index.ts";
import type { Estimates, Predictor } from "../learner/predictor.ts";
import { decodeTrees, encodeTrees, type Trees } from "./trees.ts";

/** Mean and variance over the trees; leaves hold targets minus `offset`. */
export function forestPredictor(trees: Trees, offset: number): Predictor {
  const nTrees = trees.treeStart.length - 1;
  return {
    kind: "forest",
    allowsMissing: true,
    estimate(x: Matrix): Estimates {
      const { rows: n, columns: d } = x;
      const mean = new Float64Array(n);
      const variance = new Float64Array(n);
      const { treeStart, feature, threshold, left, missingLeft } = trees;
      const skip = new Uint8Array(n);
      predictTrees(n, d, x.data, 0, nTrees, treeStart, feature, threshold, left, missingLeft, skip, mean, variance);
      for (let i = 0; i < n; i++) {
        const centred = (mean[i] as number) / nTrees; // i < n
        variance[i] = Math.max(0, (variance[i] as number) / nTrees - centred * centred);
        mean[i] = centred + offset;
      }
      return { mean, variance };
    },
    meanParts: () => ({ offset, parts: [{ kind: "trees", trees, scale: 1 / nTrees }] }),
    encode(): { [key: string]: Json } {
      return { kind: "forest", offset, trees: encodeTrees(trees) };
    },
  };
}

export function decodeForest(data: { readonly [key: string]: unknown }, nFeatures: number): Predictor {
  const { offset, trees } = data;
  if (typeof offset !== "number" || typeof trees !== "object" || trees === null) {
    throw new FormatError("forest: the stored model lacks its offset or trees; the file is damaged, train again");
  }
  return forestPredictor(decodeTrees(trees as { [key: string]: unknown }, nFeatures), offset);
}
