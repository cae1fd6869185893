import {
  DomainError,
  decodeArray,
  encodeArray,
  FormatError,
  type Json,
  type Matrix,
  ShapeError,
} from "@materiome/core";
import { walkForest } from "@materiome/core/numerics";
import { codePlane, type TreeData } from "../kernels/index.ts";
import { type ClassTrees, decodeClassTrees, encodeClassTrees, SHARE_SUM } from "./classTrees.ts";

/** Samples coded and walked together: many, so that a tree once fetched serves them all, their codes still being at hand. */
const BLOCK = 4096;
const MOST_EDGES = 255;

/** Class shares by a forest over coded features, row-major over classes; sums to 1 for each sample. */
export interface ClassForest {
  readonly nFeatures: number;
  readonly nClasses: number;
  readonly trees: ClassTrees;
  predictRows(x: Matrix, out: Float64Array): void;
  predictPlanes(planes: readonly Float32Array[], n: number, out: Float32Array): void;
  encode(): { readonly [key: string]: Json };
}

/** Value that parts each two neighbouring coarse codes, half way between what training rows had on both sides. */
export function edgesOf(data: TreeData): Float64Array {
  const edges = new Float64Array(256 * data.d).fill(Number.POSITIVE_INFINITY);
  for (let f = 0; f < data.d; f++) {
    const nCodes =
      data.coarse.subarray(f * data.n, (f + 1) * data.n).reduce((most, code) => Math.max(most, code), 0) + 1;
    for (let k = 0; k + 1 < nCodes; k++) {
      const high = data.coarseHigh[f * 256 + k] as number; // k < 255, f < d
      const low = data.coarseLow[f * 256 + k + 1] as number;
      const middle = high + (low - high) / 2;
      edges[f * 256 + k] = middle < low ? middle : high;
    }
  }
  return edges;
}

export function createClassForest(trees: ClassTrees, edges: Float64Array, nFeatures: number): ClassForest {
  const { nClasses } = trees;
  const nTrees = trees.treeStart.length - 1;
  const predictBlocks = (
    n: number,
    step: number,
    values: (feature: number) => Float32Array | Float64Array,
    offset: (feature: number) => number,
    out: Float32Array | Float64Array,
  ): void => {
    const scale = 1 / (SHARE_SUM * nTrees);
    walkForest(trees, nFeatures, Math.min(BLOCK, n), ({ codes, sums, walk }) => {
      for (let first = 0; first < n; first += BLOCK) {
        const size = Math.min(BLOCK, n - first);
        for (let f = 0; f < nFeatures; f++) {
          const missing = codePlane(first, size, step, values(f), offset(f), f, edges, nFeatures, codes);
          if (missing > 0) throw missingError(f, missing, first, size);
        }
        walk(size);
        const at = first * nClasses;
        for (let k = 0; k < size * nClasses; k++) out[at + k] = (sums[k] as number) * scale; // k < length
      }
    });
  };
  return {
    nFeatures,
    nClasses,
    trees,
    predictRows(x: Matrix, out: Float64Array): void {
      predictBlocks(
        x.rows,
        nFeatures,
        () => x.data,
        (f) => f,
        out,
      );
    },
    predictPlanes(planes: readonly Float32Array[], n: number, out: Float32Array): void {
      if (planes.length !== nFeatures) {
        throw new ShapeError(`predictPlanes: the model takes ${nFeatures} planes, got ${planes.length}`);
      }
      for (const [f, plane] of planes.entries()) {
        if (plane.length < n) throw new ShapeError(`predictPlanes: plane ${f} holds ${plane.length} of ${n} samples`);
      }
      if (out.length < n * nClasses) {
        throw new ShapeError(`predictPlanes: out needs ${n} × ${nClasses} numbers, got ${out.length}`);
      }
      predictBlocks(
        n,
        1,
        (f) => planes[f] as Float32Array, // f < nFeatures, checked above
        () => 0,
        out,
      );
    },
    encode(): { [key: string]: Json } {
      return { edges: encodeArray(edges), ...encodeClassTrees(trees) };
    },
  };
}

function missingError(feature: number, missing: number, first: number, size: number): DomainError {
  return new DomainError(
    `predict: feature ${feature} is NaN in ${missing} of samples ${first} … ${first + size - 1}; the classifier takes no missing values`,
  );
}

/** @throws FormatError if the stored forest is damaged */
export function decodeClassForest(data: unknown, nFeatures: number, nClasses: number): ClassForest {
  const edges = decodeArray((data as { edges?: unknown } | null)?.edges, "f64");
  let isWhole = edges.length === 256 * nFeatures;
  for (let k = 0; isWhole && k < edges.length; k++) {
    const at = k % 256;
    const edge = edges[k] as number; // k < length
    isWhole = at === 0 ? !Number.isNaN(edge) : edge >= (edges[k - 1] as number);
    if (at === MOST_EDGES) isWhole &&= edge === Number.POSITIVE_INFINITY;
  }
  if (!isWhole) throw new FormatError("forest: the stored edges are inconsistent; the file is damaged, train again");
  return createClassForest(decodeClassTrees(data, nFeatures, nClasses), edges, nFeatures);
}
