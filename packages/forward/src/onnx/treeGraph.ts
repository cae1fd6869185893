import type { CodedTrees } from "@materiome/core/numerics";
import type { Trees } from "../tree/trees.ts";
import type { OnnxGraph, OnnxMatrix } from "./onnxGraph.ts";

/** What leaf k of all nodes adds, as pairs of target and value. */
export type LeafVotes = (node: number, tree: number) => readonly (readonly [target: number, value: number])[];

/** Trees as the operator takes them, node after node: values ≤ threshold go to child `left`, others to the next. */
export interface SplitTable {
  readonly treeStart: Int32Array;
  readonly isLeaf: (node: number) => boolean;
  readonly feature: (node: number) => number;
  readonly threshold: (node: number) => number;
  /** Counted from the first node of the tree. */
  readonly left: (node: number, start: number) => number;
  readonly missingLeft: (node: number) => boolean;
}

/** Sums of leaf values over the trees, [nSamples, nTargets], in double precision. */
export function addTrees(
  graph: OnnxGraph,
  x: OnnxMatrix,
  table: SplitTable,
  votes: LeafVotes,
  nTargets: number,
): OnnxMatrix {
  const ids: Record<"tree" | "node" | "feature" | "left" | "right" | "missing", number[]> = {
    ...{ tree: [], node: [], feature: [], left: [], right: [], missing: [] },
  };
  const leaves: Record<"tree" | "node" | "target", number[]> = { tree: [], node: [], target: [] };
  const thresholds: number[] = [];
  const weights: number[] = [];
  const modes: string[] = [];
  const place = x.type === "float" ? floorToFloat : (value: number): number => value;
  for (let t = 0; t + 1 < table.treeStart.length; t++) {
    const start = table.treeStart[t] as number; // t + 1 < length
    const end = table.treeStart[t + 1] as number;
    for (let node = start; node < end; node++) {
      const isLeaf = table.isLeaf(node);
      const left = isLeaf ? 0 : table.left(node, start);
      ids.tree.push(t);
      ids.node.push(node - start);
      ids.feature.push(isLeaf ? 0 : table.feature(node));
      ids.left.push(left);
      ids.right.push(isLeaf ? 0 : left + 1);
      ids.missing.push(!isLeaf && table.missingLeft(node) ? 1 : 0);
      thresholds.push(isLeaf ? 0 : place(table.threshold(node)));
      modes.push(isLeaf ? "LEAF" : "BRANCH_LEQ");
      if (!isLeaf) continue;
      for (const [target, value] of votes(node, t)) {
        leaves.tree.push(t);
        leaves.node.push(node - start);
        leaves.target.push(target);
        weights.push(value);
      }
    }
  }
  // The tensors are for double precision alone, says the operator; single precision has attributes.
  const reals = (name: string, values: readonly number[]): Record<string, { floats: readonly number[] } | TensorOf> =>
    x.type === "float"
      ? { [name]: { floats: values } }
      : { [`${name}_as_tensor`]: { tensor: { name, type: "double", dims: [values.length], values } } };
  const sums = graph.add(
    "TreeEnsembleRegressor",
    [x.name],
    {
      n_targets: { int: nTargets },
      aggregate_function: { text: "SUM" },
      post_transform: { text: "NONE" },
      nodes_treeids: { ints: ids.tree },
      nodes_nodeids: { ints: ids.node },
      nodes_featureids: { ints: ids.feature },
      nodes_modes: { texts: modes },
      nodes_truenodeids: { ints: ids.left },
      nodes_falsenodeids: { ints: ids.right },
      nodes_missing_value_tracks_true: { ints: ids.missing },
      ...reals("nodes_values", thresholds),
      target_treeids: { ints: leaves.tree },
      target_nodeids: { ints: leaves.node },
      target_ids: { ints: leaves.target },
      ...reals("target_weights", weights),
    },
    "ai.onnx.ml",
  );
  // The operator gives single precision whatever it takes; what is added next may be larger.
  return { name: graph.cast(sums, "double"), type: "double", columns: nTargets };
}

type TensorOf = {
  readonly tensor: {
    readonly name: string;
    readonly type: "double";
    readonly dims: readonly number[];
    readonly values: readonly number[];
  };
};

/** Regression trees, whose leaves hold one number each. */
export function splitsOf({ treeStart, feature, threshold, left, missingLeft }: Trees): SplitTable {
  // Nodes are below the number of nodes.
  return {
    treeStart,
    isLeaf: (node) => (feature[node] as number) < 0,
    feature: (node) => feature[node] as number,
    threshold: (node) => threshold[node] as number,
    left: (node) => left[node] as number,
    missingLeft: (node) => missingLeft[node] === 1,
  };
}

/** Trees over codes: a code of at most c is a value of at most edge c. */
export function codedSplits({ treeStart, nodes }: CodedTrees, edges: Float64Array): SplitTable {
  // Nodes are below the number of nodes; two words each.
  return {
    treeStart,
    isLeaf: (node) => nodes[2 * node + 1] === node,
    feature: (node) => (nodes[2 * node] as number) >> 8,
    // `feature << 8 | code` is where the edge stands.
    threshold: (node) => edges[nodes[2 * node] as number] as number,
    left: (node, start) => (nodes[2 * node + 1] as number) - start,
    missingLeft: () => false,
  };
}

/**
 * Largest single-precision number that is not above `value`: a single-precision x is ≤ the one exactly if it is ≤ the other, so
 * that no row changes its side. Rounding to the nearest would move rows that lie between.
 */
export function floorToFloat(value: number): number {
  const [nearest = 0] = Float32Array.of(value);
  if (nearest <= value) return nearest;
  const word = new Int32Array(Float32Array.of(nearest).buffer);
  // Neighbouring floats of one sign are neighbouring whole numbers; below either zero lies the smallest negative one.
  if (nearest === 0) word[0] = -0x7fffffff;
  else word[0] = (word[0] as number) + (nearest > 0 ? -1 : 1); // one word
  return new Float32Array(word.buffer)[0] as number;
}
