import { decodeArray, encodeArray, FormatError, type Json } from "@materiome/core";
import type { CodedForest, CodedTrees } from "@materiome/core/numerics";
import type { GrownNodes } from "../kernels/index.ts";

const NODE_WORDS = 2;

/** Shares of a leaf are whole numbers that sum to this, so that sums over trees are exact and in any order the same. */
export const SHARE_SUM = 65535;

/** Flattened classification trees. */
export type ClassTrees = CodedForest;

/** @param grown - with `nNodes` nodes, node 0 the root */
export function createClassTree(grown: GrownNodes, nNodes: number, nClasses: number): ClassTrees {
  const nodes = new Int32Array(NODE_WORDS * nNodes);
  let nLeaves = 0;
  for (let k = 0; k < nNodes; k++) {
    // All arrays hold at least nNodes entries.
    const feature = grown.feature[k] as number;
    const isLeaf = feature < 0;
    nodes[NODE_WORDS * k] = isLeaf ? 255 : (feature << 8) | (grown.code[k] as number);
    nodes[NODE_WORDS * k + 1] = isLeaf ? k : (grown.left[k] as number);
    if (isLeaf) nLeaves++;
  }
  // The tree numbers its leaves as they end; here they are numbered in the order of the nodes.
  const shares = new Uint16Array(nLeaves * nClasses);
  let leaf = 0;
  for (let k = 0; k < nNodes; k++) {
    if ((grown.feature[k] as number) >= 0) continue;
    const from = (grown.left[k] as number) * nClasses;
    roundShares(grown.shares.subarray(from, from + nClasses), shares.subarray(leaf * nClasses, (leaf + 1) * nClasses));
    leaf++;
  }
  const treeStart = Int32Array.of(0, nNodes);
  return { treeStart, nodes, leafOf: numberLeaves(nodes), shares, nClasses };
}

export function joinClassTrees(parts: readonly ClassTrees[], nClasses: number): ClassTrees {
  const shares = new Uint16Array(parts.reduce((sum, part) => sum + part.shares.length, 0));
  let at = 0;
  for (const part of parts) {
    shares.set(part.shares, at);
    at += part.shares.length;
  }
  return { ...joinCodedTrees(parts), shares, nClasses };
}

/** Trees one after another, children counted over all of them. */
export function joinCodedTrees(parts: readonly Omit<CodedTrees, "leafOf">[]): CodedTrees {
  const nodes = new Int32Array(parts.reduce((sum, part) => sum + part.nodes.length, 0));
  const starts = [0];
  let at = 0;
  for (const part of parts) {
    for (let k = 0; k < part.nodes.length; k += NODE_WORDS) {
      nodes[at * NODE_WORDS + k] = part.nodes[k] as number; // k < length
      nodes[at * NODE_WORDS + k + 1] = (part.nodes[k + 1] as number) + at;
    }
    for (const end of part.treeStart.subarray(1)) starts.push(at + end);
    at += part.nodes.length / NODE_WORDS;
  }
  return { treeStart: Int32Array.from(starts), nodes, leafOf: numberLeaves(nodes) };
}

export function encodeClassTrees(trees: ClassTrees): { [key: string]: Json } {
  return {
    treeStart: encodeArray(trees.treeStart),
    nodes: encodeArray(trees.nodes),
    shares: encodeArray(trees.shares),
  };
}

/** @throws FormatError if the arrays are damaged or point outside a tree, so that no prediction can run astray */
export function decodeClassTrees(data: unknown, nFeatures: number, nClasses: number): ClassTrees {
  const trees = decodeCodedTrees(data, nFeatures);
  const shares = decodeArray((data as { shares?: unknown }).shares, "u16");
  let isWhole = shares.length === countLeaves(trees.nodes) * nClasses;
  for (let at = 0; isWhole && at < shares.length; at += nClasses) {
    isWhole = shares.subarray(at, at + nClasses).reduce((sum, share) => sum + share, 0) === SHARE_SUM;
  }
  if (!isWhole) throw damagedTrees();
  return { ...trees, shares, nClasses };
}

/** @throws FormatError as {@link decodeClassTrees} */
export function decodeCodedTrees(data: unknown, nFeatures: number): CodedTrees {
  const stored = (data ?? {}) as { readonly [key: string]: unknown };
  const treeStart = decodeArray(stored["treeStart"], "i32");
  const nodes = decodeArray(stored["nodes"], "i32");
  const nNodes = nodes.length / NODE_WORDS;
  let isWhole = treeStart.length > 1 && treeStart[0] === 0 && treeStart.at(-1) === nNodes;
  for (let t = 0; isWhole && t + 1 < treeStart.length; t++) {
    const start = treeStart[t] as number; // t + 1 < length
    const end = treeStart[t + 1] as number;
    isWhole = end > start && end <= nNodes;
    for (let k = start; isWhole && k < end; k++) {
      const word = nodes[k * NODE_WORDS] as number; // k < nNodes
      const left = nodes[k * NODE_WORDS + 1] as number;
      isWhole = left === k ? word === 255 : word >= 0 && word >> 8 < nFeatures && left > k && left + 1 < end;
    }
  }
  if (!isWhole) throw damagedTrees();
  return { treeStart, nodes, leafOf: numberLeaves(nodes) };
}

export function countLeaves(nodes: Int32Array): number {
  let nLeaves = 0;
  for (let k = 0; k < nodes.length / NODE_WORDS; k++) if (nodes[k * NODE_WORDS + 1] === k) nLeaves++;
  return nLeaves;
}

export function damagedTrees(): FormatError {
  return new FormatError("model: the stored trees are inconsistent; the file is damaged, train again");
}

function numberLeaves(nodes: Int32Array): Int32Array {
  const leafOf = new Int32Array(nodes.length / NODE_WORDS);
  let nLeaves = 0;
  for (let k = 0; k < leafOf.length; k++) {
    if (nodes[k * NODE_WORDS + 1] === k) leafOf[k] = nLeaves++;
  }
  return leafOf;
}

/** Whole shares that sum to `SHARE_SUM`: rounded down, what is missing goes to the largest remainders. */
function roundShares(exact: Float64Array, out: Uint16Array): void {
  let missing = SHARE_SUM;
  for (const [c, share] of exact.entries()) {
    out[c] = Math.floor(share * SHARE_SUM);
    missing -= out[c] as number; // just written
  }
  const remainder = (c: number): number => (exact[c] as number) * SHARE_SUM - (out[c] as number); // c < length
  const order = Array.from(exact.keys()).sort((a, b) => remainder(b) - remainder(a) || a - b);
  for (const c of order.slice(0, missing)) out[c] = (out[c] as number) + 1;
}
