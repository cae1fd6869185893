import type { BandSpace } from "../bands/bandSpace.ts";
import { renumberRoots } from "../bands/renumberRoots.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { collectBorders } from "./collectBorders.ts";
import { joinCheapest } from "./joinCheapest.ts";
import { regionSums } from "./regionSums.ts";

export interface MergeByContrastOptions {
  /** Image values, one reader a channel. */
  readonly values: readonly RowReader<Float32Array>[];
  /** Steepest change per pixel, as the border strength. */
  readonly gradient: RowReader<Float32Array>;
  /** Regions whose border's contrast is below this are joined. */
  readonly minContrast: number;
  /** Regions smaller than this join the neighbour they differ least from. */
  readonly minAreaPx: number;
  /** Width over which a sharp step is blurred, px: turns a gradient into a step. */
  readonly stepWidthPx: number;
}

/**
 * Joins regions that differ little, least contrast first (of equal contrast, the border that is first met in raster order),
 * and renumbers in place to 1 … n, in raster order.
 *
 * The contrast of a border is the smaller of two answers to "how large is the step?": the distance between the mean
 * values of the regions, and the mean gradient along their border times the width of a step. A slow drift of colour has only
 * the first, a scratch only the second; a grain boundary has both.
 *
 * @param labels - partition 1 … nLabels, no 0; changed in place
 * @returns number of regions left
 */
export function mergeByContrast(
  space: BandSpace,
  labels: RowStore<Uint32Array>,
  nLabels: number,
  options: MergeByContrastOptions,
): number {
  const { minContrast, minAreaPx, stepWidthPx } = options;
  const { area, sums } = regionSums(space, labels, nLabels, options.values);
  const table = collectBorders(space, labels, options.gradient, 1);
  const cost = (e: number): number => {
    const a = table.a[e]!; // e < count, regions are 1 … nLabels and not empty, as below
    const b = table.b[e]!;
    let square = 0;
    for (const sum of sums) {
      const d = sum[a]! / area[a]! - sum[b]! / area[b]!;
      square += d * d;
    }
    const contrast = Math.min(Math.sqrt(square), (table.strength[e]! / table.cracks[e]!) * stepWidthPx);
    if (contrast < minContrast) return contrast;
    // A small region joins whatever it is most like, after all that is not distinct.
    return Math.min(area[a]!, area[b]!) < minAreaPx ? minContrast + contrast : Infinity;
  };
  const parent = joinCheapest(table, nLabels, cost, (into, from) => {
    area[into]! += area[from]!;
    for (const sum of sums) sum[into]! += sum[from]!;
  });
  return renumberRoots(space, labels, parent, labels);
}
