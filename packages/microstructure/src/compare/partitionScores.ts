import { DataError, type LabelMap } from "@materiome/core";
import { type Contingency, contingency } from "./contingency.ts";
import { requireSameSize } from "./sameSize.ts";

export interface PartitionOptions {
  /** Number in the truth whose pixels are left out, or "none". @defaultValue 0, the boundary */
  readonly leaveOut?: number | "none" | undefined;
}

export interface AdaptedRandError {
  /** 1 − 2PR / (P + R): 0 for equal partitions. */
  readonly error: number;
  /** Share of pixel pairs joined by the prediction that the truth joins too. */
  readonly precision: number;
  /** Share of pixel pairs joined by the truth that the prediction joins too. */
  readonly recall: number;
}

/**
 * Adapted Rand error of two partitions: 1 − F of the pairs of different pixels that lie in one region.
 *
 * With n_ij pixels in predicted region i and true region j, and a_i, b_j the sums: pairs = Σ n_ij² − N, P = pairs / (Σ a_i² − N),
 * R = pairs / (Σ b_j² − N). Sensitive to merged large grains, hardly to small ones. Predicted 0 is a region of its own.
 *
 * @throws ShapeError for maps of different size; DataError where a map joins no two pixels
 * @see I. Arganda-Carreras et al., Front. Neuroanat. 9, 142 (2015), doi:10.3389/fnana.2015.00142
 * @example
 * const { error } = adaptedRandError(predicted, truth);
 */
export function adaptedRandError(
  predicted: LabelMap,
  truth: LabelMap,
  options: PartitionOptions = {},
): AdaptedRandError {
  const table = tableOf("adaptedRandError", predicted, truth, options);
  const pairs = sumOfSquares(table.count) - table.nPixels;
  const joined = sumOfSquares(table.firstArea.values()) - table.nPixels;
  const joinable = sumOfSquares(table.secondArea.values()) - table.nPixels;
  if (joined === 0 || joinable === 0) {
    throw new DataError(
      `adaptedRandError: in ${joined === 0 ? "predicted" : "truth"} every region is a single pixel, so there are no pairs to compare; give label maps of regions`,
    );
  }
  const precision = pairs / joined;
  const recall = pairs / joinable;
  return { error: pairs === 0 ? 1 : 1 - (2 * precision * recall) / (precision + recall), precision, recall };
}

export interface VariationOfInformation {
  /** H(predicted | truth), bits: true regions cut into pieces. */
  readonly split: number;
  /** H(truth | predicted), bits: true regions joined. */
  readonly merge: number;
  /** split + merge: 0 for equal partitions, at most log₂ of the number of pixels. */
  readonly total: number;
}

/**
 * Variation of information of two partitions, bits: H(predicted | truth) + H(truth | predicted), a metric.
 *
 * @throws ShapeError for maps of different size; DataError where no pixel is left to compare
 * @see M. Meilă, J. Multivariate Anal. 98, 873 (2007), doi:10.1016/j.jmva.2006.11.013
 * @example
 * const { split, merge } = variationOfInformation(predicted, truth);
 */
export function variationOfInformation(
  predicted: LabelMap,
  truth: LabelMap,
  options: PartitionOptions = {},
): VariationOfInformation {
  const table = tableOf("variationOfInformation", predicted, truth, options);
  const joint = entropy(table.count, table.nPixels);
  const split = Math.max(0, joint - entropy(table.secondArea.values(), table.nPixels)); // rounding below 0
  const merge = Math.max(0, joint - entropy(table.firstArea.values(), table.nPixels));
  return { split, merge, total: split + merge };
}

function tableOf(name: string, predicted: LabelMap, truth: LabelMap, options: PartitionOptions): Contingency {
  requireSameSize(name, predicted, truth);
  const { leaveOut = 0 } = options;
  const table = contingency(predicted, truth, leaveOut === "none" ? undefined : leaveOut);
  if (table.nPixels > 0) return table;
  throw new DataError(
    `${name}: every pixel of the truth is ${leaveOut} and left out; give the truth as regions, or leaveOut: "none"`,
  );
}

function sumOfSquares(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

function entropy(counts: Iterable<number>, n: number): number {
  let sum = 0;
  for (const count of counts) sum -= (count / n) * Math.log2(count / n);
  return sum;
}
