import { decodeArray, encodeArray, FormatError, type Json, type Matrix } from "@materiome/core";
import type { MeanParts } from "../explain/meanParts.ts";
import type { Estimates, Predictor } from "../learner/predictor.ts";
import { type ResidualScale, slopeAt } from "../uncertainty/residualScale.ts";
import { addBoostedTrees, type BoostedTrees, decodeBoostedTrees, encodeBoostedTrees } from "./boostedTrees.ts";

/** A sum of trees over an intercept, and what it is transformed by. */
export interface BoostedSum {
  readonly intercept: number;
  readonly trees: BoostedTrees;
  readonly link: "identity" | "log";
}

export interface BoostedParts extends BoostedSum {
  /** Size of the errors at a row; null where no rows were held out to learn it. */
  readonly scale: BoostedSum | null;
  /** Where that size is: of logarithms or roots; absent: of the target itself. */
  readonly sizesOf?: ResidualScale | undefined;
  /** Values of the categorical columns, ascending, by the number of the column. */
  readonly categories: ReadonlyMap<number, Float64Array>;
}

export function boostedPredictor(parts: BoostedParts): Predictor {
  const { scale, sizesOf, categories } = parts;
  return {
    kind: "boosting",
    allowsMissing: true,
    estimate(x: Matrix): Estimates {
      const coded = categories.size === 0 ? x : codeCategories(x, categories);
      const mean = sumOf(parts, coded);
      const variance =
        scale === null
          ? new Float64Array(x.rows).fill(Number.NaN)
          : sumOf(scale, coded).map((size, i) => (size / slopeAt(sizesOf, mean[i] as number)) ** 2); // a size for each mean
      return { mean, variance };
    },
    meanParts(): MeanParts | undefined {
      const { intercept, trees, link } = parts;
      if (link !== "identity" || trees.sets.length > 0) return undefined;
      return { offset: intercept, parts: trees.feature.length === 0 ? [] : [{ kind: "trees", trees, scale: 1 }] };
    },
    encode(): { [key: string]: Json } {
      return {
        kind: "boosting",
        ...encodeSum(parts),
        scale: scale === null ? null : encodeSum(scale),
        ...(sizesOf === undefined ? {} : { sizesOf }),
        categories: Array.from(categories, ([column, values]) => ({ column, values: encodeArray(values) })),
      };
    },
  };
}

export function sumOf({ intercept, trees, link }: BoostedSum, x: Matrix): Float64Array {
  const sum = new Float64Array(x.rows).fill(intercept);
  if (trees.feature.length > 0) addBoostedTrees(trees, x, sum);
  return link === "log" ? sum.map(Math.exp) : sum;
}

/** Numbers of categories in place of their values; a value that training rows did not have counts as missing. */
function codeCategories(x: Matrix, categories: ReadonlyMap<number, Float64Array>): Matrix {
  const data = x.data.slice();
  for (const [column, values] of categories) {
    const codeOf = new Map(Array.from(values, (value, code) => [value, code]));
    for (let at = column; at < data.length; at += x.columns) data[at] = codeOf.get(data[at] as number) ?? Number.NaN;
  }
  return { ...x, data };
}

function encodeSum({ intercept, trees, link }: BoostedSum): { [key: string]: Json } {
  return { intercept, link, trees: trees.feature.length > 0 ? encodeBoostedTrees(trees) : null };
}

const EMPTY: BoostedTrees = {
  treeStart: Int32Array.of(0),
  feature: new Int32Array(0),
  threshold: new Float64Array(0),
  left: new Int32Array(0),
  missingLeft: new Uint8Array(0),
  sets: new Int32Array(0),
  setBits: new Uint8Array(0),
};

/** The same for each row. */
export function constantSum(value: number): BoostedSum {
  return { intercept: value, trees: EMPTY, link: "identity" };
}

function decodeSum(data: unknown, nFeatures: number): BoostedSum {
  const { intercept, link, trees } = (data ?? {}) as { readonly [key: string]: unknown };
  if (typeof intercept !== "number" || (link !== "identity" && link !== "log")) {
    throw new FormatError("boosting: the stored model lacks its intercept or link; the file is damaged, train again");
  }
  return { intercept, link, trees: trees === null ? EMPTY : decodeBoostedTrees(trees, nFeatures) };
}

export function decodeBoosted(data: { readonly [key: string]: unknown }, nFeatures: number): Predictor {
  const { scale, sizesOf, categories } = data;
  if (sizesOf !== undefined && sizesOf !== "log" && sizesOf !== "root") {
    throw new FormatError("boosting: the stored sizes of errors are on a scale that is not known; train again");
  }
  if (!Array.isArray(categories)) {
    throw new FormatError("boosting: the stored model lacks its categories; the file is damaged, train again");
  }
  const known = categories.map((entry: unknown) => {
    const { column, values } = (entry ?? {}) as { readonly [key: string]: unknown };
    if (!(Number.isInteger(column) && (column as number) >= 0 && (column as number) < nFeatures)) {
      throw new FormatError("boosting: the stored categories are damaged; train again");
    }
    return [column as number, decodeArray(values, "f64")] as const;
  });
  return boostedPredictor({
    ...decodeSum(data, nFeatures),
    scale: scale === null ? null : decodeSum(scale, nFeatures),
    sizesOf,
    categories: new Map(known),
  });
}
