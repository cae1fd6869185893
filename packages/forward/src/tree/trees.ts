import { decodeArray, encodeArray, FormatError, type Json } from "@materiome/core";
import type { RegressionTrees } from "@materiome/core/numerics";

/** Nodes of trees, children of a node side by side. */
type TreeNodes = Pick<RegressionTrees, "feature" | "threshold" | "left" | "missingLeft">;

/** Flattened trees: tree t has the nodes `treeStart[t]` … `treeStart[t + 1] − 1`, children counted from its start. */
export interface Trees extends TreeNodes {
  readonly treeStart: Int32Array;
}

export function createTrees(nodes: TreeNodes, nNodes: number): Trees {
  return {
    treeStart: Int32Array.of(0, nNodes),
    feature: nodes.feature.slice(0, nNodes),
    threshold: nodes.threshold.slice(0, nNodes),
    left: nodes.left.slice(0, nNodes),
    missingLeft: nodes.missingLeft.slice(0, nNodes),
  };
}

export function joinTrees(parts: readonly Trees[]): Trees {
  const nNodes = parts.reduce((sum, part) => sum + part.feature.length, 0);
  const starts = [0];
  const joined = {
    feature: new Int32Array(nNodes),
    threshold: new Float64Array(nNodes),
    left: new Int32Array(nNodes),
    missingLeft: new Uint8Array(nNodes),
  };
  let at = 0;
  for (const part of parts) {
    joined.feature.set(part.feature, at);
    joined.threshold.set(part.threshold, at);
    joined.left.set(part.left, at);
    joined.missingLeft.set(part.missingLeft, at);
    for (const end of part.treeStart.subarray(1)) starts.push(at + end);
    at += part.feature.length;
  }
  return { ...joined, treeStart: Int32Array.from(starts) };
}

export function encodeTrees(trees: Trees): { [key: string]: Json } {
  return {
    treeStart: encodeArray(trees.treeStart),
    feature: encodeArray(trees.feature),
    threshold: encodeArray(trees.threshold),
    left: encodeArray(trees.left),
    missingLeft: encodeArray(trees.missingLeft),
  };
}

/** @throws FormatError if the arrays are damaged or point outside a tree, so that no prediction can run astray */
export function decodeTrees(data: { readonly [key: string]: unknown }, nFeatures: number): Trees {
  const trees: Trees = {
    treeStart: decodeArray(data["treeStart"], "i32"),
    feature: decodeArray(data["feature"], "i32"),
    threshold: decodeArray(data["threshold"], "f64"),
    left: decodeArray(data["left"], "i32"),
    missingLeft: decodeArray(data["missingLeft"], "u8"),
  };
  const { treeStart, feature, threshold, left, missingLeft } = trees;
  const nNodes = feature.length;
  let isWhole =
    treeStart.length > 1 &&
    treeStart[0] === 0 &&
    treeStart.at(-1) === nNodes &&
    threshold.length === nNodes &&
    left.length === nNodes &&
    missingLeft.length === nNodes;
  for (let t = 0; isWhole && t + 1 < treeStart.length; t++) {
    const start = treeStart[t] as number; // t < length
    const size = (treeStart[t + 1] as number) - start;
    isWhole = size > 0;
    for (let k = 0; isWhole && k < size; k++) {
      const f = feature[start + k] as number; // start + k < nNodes
      const child = left[start + k] as number;
      isWhole = f < 0 || (f < nFeatures && child > k && child + 1 < size);
    }
  }
  if (!isWhole) throw new FormatError("forest: the stored trees are inconsistent; the file is damaged, train again");
  return trees;
}
