import { DataError, type FeatureMatrix, takeRows } from "@materiome/core";
import { FEATURE_KIND, type TiledCodes } from "@materiome/core/numerics";
import { codePlane } from "../kernels/index.ts";
import { codeMatrix } from "../tree/codeMatrix.ts";
import { coarseCodes, edgesOf } from "../tree/edges.ts";
import type { PlaceCut } from "./growBoostedTree.ts";

const TILE = 8;
const MISSING = 255;
/** Codes of a column besides that of missing values. */
const MOST_CATEGORIES = 255;

/** What is said of the columns of a feature matrix, each array with an entry a column. */
export interface ColumnRoles {
  /** 1 or −1 where the prediction may only rise or fall with the feature, else 0. */
  readonly directions: Int8Array;
  readonly isCategorical: Uint8Array;
}

/** Rows coded by bins of some of them. */
export interface CodedRows {
  readonly data: TiledCodes;
  /** Column of each coded feature. */
  readonly columns: Int32Array;
  readonly roles: ColumnRoles;
  /** Distinct values of each coded feature that is categorical, ascending; empty for others. */
  readonly categories: readonly Float64Array[];
  /** Threshold between code c and the next one of coded feature k at 256 k + c. */
  readonly edges: Float64Array;
  /** Smallest and largest value of code c of coded feature k at 256 k + c. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * Codes all rows of a matrix by the bins of the training rows alone, over shared memory. Columns that do not vary among these are
 * left out. Categories that they lack are coded as missing.
 *
 * @throws DataError for a categorical column of more than 255 values
 */
export function codeRows(x: FeatureMatrix, train: Int32Array, roles: ColumnRoles): CodedRows {
  const { rows: n, columns: d } = x;
  const trees = codeMatrix(train.length === n ? x : takeRows(x, train));
  const { usable } = trees;
  const nCoded = usable.length;
  const stride = TILE * Math.ceil(Math.max(1, nCoded) / TILE);
  const allEdges = edgesOf(trees);
  const edges = new Float64Array(256 * nCoded);
  const low = new Float64Array(256 * nCoded);
  const high = new Float64Array(256 * nCoded);
  const codes = new Uint8Array(new SharedArrayBuffer(stride * n));
  const kinds = new Int32Array(nCoded);
  const categories: Float64Array[] = [];
  for (const [k, f] of usable.entries()) {
    const take = (from: Float64Array, to: Float64Array): void => to.set(from.subarray(256 * f, 256 * (f + 1)), 256 * k);
    take(allEdges, edges);
    take(trees.coarseLow, low);
    take(trees.coarseHigh, high);
    const direction = roles.directions[f] as number; // f < d
    if (trees.coarse.subarray(f * trees.n, (f + 1) * trees.n).includes(MISSING)) kinds[k] = FEATURE_KIND.missing;
    if (direction !== 0) kinds[k]! |= direction > 0 ? FEATURE_KIND.increasing : FEATURE_KIND.decreasing; // k < nCoded
    if (roles.isCategorical[f] === 1) {
      const values = trees.fineLow.slice(trees.fineOffset[f], trees.fineOffset[f + 1]);
      if (values.length > MOST_CATEGORIES) {
        throw new DataError(
          `gradient boosting: categorical feature "${x.features[f]?.name}" has ${values.length} values, but at most ${MOST_CATEGORIES} are taken; use it as a number`,
        );
      }
      kinds[k]! |= FEATURE_KIND.categorical; // k < nCoded
      categories.push(values);
      const codeOf = new Map(Array.from(values, (value, code) => [value, code]));
      for (let i = 0; i < n; i++) codes[i * stride + k] = codeOf.get(x.data[i * d + f] as number) ?? MISSING; // i < n
      continue;
    }
    categories.push(new Float64Array(0));
    if (codePlane(0, n, d, x.data, f, k, edges, stride, codes) > 0) {
      for (let i = 0; i < n; i++) if (Number.isNaN(x.data[i * d + f])) codes[i * stride + k] = MISSING;
    }
  }
  return {
    data: { n, codes, nBins: usable.map((f) => coarseCodes(trees, f)), kinds },
    columns: usable,
    roles: {
      directions: Int8Array.from(usable, (f) => roles.directions[f] as number), // f < d
      isCategorical: Uint8Array.from(usable, (f) => roles.isCategorical[f] as number),
    },
    categories,
    edges,
    low,
    high,
  };
}

/** Cuts half way between the values that a node's rows have on both sides, as far as bins allow. */
export function cutHalfWay({ edges, low, high }: CodedRows): PlaceCut {
  return (feature, code, nextCode) => {
    const at = 256 * feature;
    // nextCode ≤ 255
    const middle = ((high[at + code] as number) + (low[at + nextCode] as number)) / 2;
    let best = code;
    for (let c = code + 1; c < nextCode; c++) {
      const edge = edges[at + c] as number;
      if (Math.abs(edge - middle) < Math.abs((edges[at + best] as number) - middle)) best = c;
    }
    return best;
  };
}
