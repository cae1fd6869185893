import { decodeArray, encodeArray, FormatError, type Json, type Matrix } from "@materiome/core";
import { predictSetTrees, predictTrees } from "../kernels/index.ts";
import { decodeTrees, encodeTrees, joinTrees, type Trees } from "../tree/trees.ts";
import type { CodedRows } from "./codeRows.ts";
import type { GrownNode } from "./growBoostedTree.ts";

const SET_BYTES = 32;

/**
 * Regression trees whose leaf values are summed. Where a tree splits categories, its node has a set: bit c tells whether
 * category c goes left; its threshold is NaN.
 */
export interface BoostedTrees extends Trees {
  /** Set of each node, −1 where the node has a threshold; empty where no node has a set. */
  readonly sets: Int32Array;
  /** 32 bytes a set. */
  readonly setBits: Uint8Array;
}

/** @param values - of the leaves, in the order of the nodes */
export function createBoostedTree(nodes: readonly GrownNode[], values: Float64Array, coded: CodedRows): BoostedTrees {
  const nNodes = nodes.length;
  const sets = new Int32Array(nNodes).fill(-1);
  const bits: Uint8Array[] = [];
  const feature = new Int32Array(nNodes);
  const threshold = new Float64Array(nNodes);
  const left = new Int32Array(nNodes);
  const missingLeft = new Uint8Array(nNodes);
  let leaf = 0;
  for (const [k, node] of nodes.entries()) {
    if (node.left < 0) {
      feature[k] = -1;
      threshold[k] = values[leaf++] as number; // one a leaf
      continue;
    }
    feature[k] = coded.columns[node.feature] as number; // a coded feature
    left[k] = node.left;
    missingLeft[k] = node.missingLeft ? 1 : 0;
    threshold[k] = coded.edges[256 * node.feature + node.code] as number; // code ≤ 255
    if (node.sides === undefined) continue;
    threshold[k] = Number.NaN;
    sets[k] = bits.length;
    bits.push(setOf(node.sides));
  }
  const treeStart = Int32Array.of(0, nNodes);
  return { treeStart, feature, threshold, left, missingLeft, ...joinSets([{ sets, bits }]) };
}

function setOf(sides: Uint8Array): Uint8Array {
  const bits = new Uint8Array(SET_BYTES);
  for (const [code, side] of sides.entries()) if (side === 0) bits[code >> 3]! |= 1 << (code & 7); // 256 sides
  return bits;
}

function joinSets(
  parts: readonly { readonly sets: Int32Array; readonly bits: readonly Uint8Array[] }[],
): Pick<BoostedTrees, "sets" | "setBits"> {
  const bits = parts.flatMap((part) => part.bits);
  if (bits.length === 0) return { sets: new Int32Array(0), setBits: new Uint8Array(0) };
  const sets: number[] = [];
  let offset = 0;
  for (const part of parts) {
    for (const set of part.sets) sets.push(set < 0 ? -1 : set + offset);
    offset += part.bits.length;
  }
  const setBits = new Uint8Array(SET_BYTES * bits.length);
  for (const [k, set] of bits.entries()) setBits.set(set, SET_BYTES * k);
  return { sets: Int32Array.from(sets), setBits };
}

export function joinBoostedTrees(parts: readonly BoostedTrees[]): BoostedTrees {
  const sets = parts.map((part) => ({
    sets: part.sets.length > 0 ? part.sets : new Int32Array(part.feature.length).fill(-1),
    bits: Array.from({ length: part.setBits.length / SET_BYTES }, (_, k) =>
      part.setBits.subarray(SET_BYTES * k, SET_BYTES * (k + 1)),
    ),
  }));
  return { ...joinTrees(parts), ...joinSets(sets) };
}

/** Adds to `sum` the values of the leaves that the rows of x reach; categorical columns of x hold numbers of categories. */
export function addBoostedTrees(trees: BoostedTrees, x: Matrix, sum: Float64Array): void {
  const { rows: n, columns: d, data } = x;
  const { treeStart, feature, threshold, left, missingLeft, sets, setBits } = trees;
  const nTrees = treeStart.length - 1;
  if (sets.length > 0) {
    predictSetTrees(n, d, data, nTrees, treeStart, feature, threshold, left, missingLeft, sets, setBits, sum);
    return;
  }
  const squares = new Float64Array(n);
  const skip = new Uint8Array(n);
  predictTrees(n, d, data, 0, nTrees, treeStart, feature, threshold, left, missingLeft, skip, sum, squares);
}

export function encodeBoostedTrees(trees: BoostedTrees): { [key: string]: Json } {
  return { ...encodeTrees(trees), sets: encodeArray(trees.sets), setBits: encodeArray(trees.setBits) };
}

/** @throws FormatError if the arrays are damaged, so that no prediction can run astray */
export function decodeBoostedTrees(data: unknown, nFeatures: number): BoostedTrees {
  const stored = (data ?? {}) as { readonly [key: string]: unknown };
  const trees = decodeTrees(stored, nFeatures);
  const sets = decodeArray(stored["sets"], "i32");
  const setBits = decodeArray(stored["setBits"], "u8");
  const isWhole =
    (sets.length === 0 || sets.length === trees.feature.length) &&
    setBits.length % SET_BYTES === 0 &&
    sets.every((set) => set >= -1 && set < setBits.length / SET_BYTES);
  if (!isWhole) throw new FormatError("boosting: the stored sets are inconsistent; the file is damaged, train again");
  return { ...trees, sets, setBits };
}
