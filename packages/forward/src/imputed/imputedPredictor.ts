import { decodeArray, encodeArray, FormatError, type Json, type Matrix } from "@materiome/core";
import type { Estimates, Predictor } from "../learner/predictor.ts";

/** What stands in the gaps of each feature, and the features whose gaps are marked by further columns, ascending. */
export interface Filling {
  readonly median: Float64Array;
  readonly marked: Int32Array;
}

/** Medians in the gaps; behind the features, a column for each marked one that has 1 where it was missing. */
export function fillGaps({ median, marked }: Filling, x: Matrix): Matrix {
  const { rows, columns: d } = x;
  const wide = d + marked.length;
  const data = new Float64Array(rows * wide);
  for (let i = 0; i < rows; i++) {
    for (let f = 0; f < d; f++) {
      const value = x.data[i * d + f] as number; // f < d, here and below
      data[i * wide + f] = Number.isNaN(value) ? (median[f] as number) : value;
    }
    for (const [k, f] of marked.entries()) data[i * wide + d + k] = Number.isNaN(x.data[i * d + f]) ? 1 : 0;
  }
  return { rows, columns: wide, data };
}

export function imputedPredictor(filling: Filling, member: Predictor): Predictor {
  return {
    kind: "imputed",
    allowsMissing: true,
    estimate: (x: Matrix): Estimates => member.estimate(fillGaps(filling, x)),
    encode(): { [key: string]: Json } {
      const { median, marked } = filling;
      return { kind: "imputed", median: encodeArray(median), marked: encodeArray(marked), member: member.encode() };
    },
  };
}

/** @throws FormatError if the stored medians are damaged */
export function decodeImputed(
  data: { readonly [key: string]: unknown },
  nFeatures: number,
  read: (member: unknown, nFeatures: number) => Predictor,
): Predictor {
  const filling = decodeFilling(data, nFeatures);
  return imputedPredictor(filling, read(data["member"], nFeatures + filling.marked.length));
}

/** @throws FormatError if the stored medians are damaged */
export function decodeFilling(data: { readonly [key: string]: unknown }, nFeatures: number): Filling {
  const median = decodeArray(data["median"], "f64");
  const marked = decodeArray(data["marked"], "i32");
  if (!isWholeFilling({ median, marked }, nFeatures)) {
    throw new FormatError("imputed: the stored medians are damaged; train again");
  }
  return { median, marked };
}

/** Whether a stored filling can be of so many features. */
export function isWholeFilling({ median, marked }: Filling, nFeatures: number): boolean {
  return (
    median.length === nFeatures &&
    median.every(Number.isFinite) &&
    marked.every((f, k) => f < nFeatures && f > (k === 0 ? -1 : (marked[k - 1] as number))) // k ≥ 1
  );
}
