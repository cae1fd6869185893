import type { LabelMap } from "@materiome/core";
import type { Region } from "../regions/regionTable.ts";

/** Equivalent circle diameters of the grains, pixels. */
export interface SizeDistribution {
  /** Grains measured: those that the border does not cut. */
  readonly n: number;
  readonly mean: number;
  readonly median: number;
  readonly std: number;
  readonly p10: number;
  readonly p90: number;
  /** Mean over area rather than over grains: the diameter around a random point. */
  readonly areaWeightedMean: number;
}

/** The same without the count, in µm or px as where it stands says. */
export interface DiameterStatistics extends Omit<SizeDistribution, "n"> {}

/**
 * Distribution of equivalent circle diameters, free of edge bias.
 *
 * Grains cut by the image border are left out. Large grains are cut more often, so each grain kept counts
 * (W − 2)(H − 2) / ((W − w − 1)(H − h − 1)), one over the share of places where its bounding box w × h stays off the border
 * of the frame W × H, a single pixel counting 1 (Miles–Lantuéjoul). Quantiles interpolate between grains at the cumulative
 * shares (C − weight/2) / Σ weight, C the sum of weights up to and with the grain (for equal weights type 5 of Hyndman &
 * Fan, doi:10.1080/00031305.1996.10473566).
 *
 * @param regions - from `regionTable`
 * @param frame - size of the label map
 * @returns null if the border cuts every grain
 * @see R. E. Miles, in Stochastic Geometry (eds E. F. Harding, D. G. Kendall), Wiley 1974, p. 228 (edge effects)
 * @example
 * const sizes = sizeDistribution(regionTable(labels), labels);
 */
export function sizeDistribution(
  regions: readonly Region[],
  frame: Pick<LabelMap, "width" | "height">,
): SizeDistribution | null {
  const grains = regions
    .filter((region) => !region.touchesEdge)
    .map((region) => ({
      diameter: region.equivalentDiameterPx,
      area: region.areaPx,
      weight: samplingWeight(region, frame),
    }))
    .sort((a, b) => a.diameter - b.diameter);
  if (grains.length === 0) return null;
  const total = grains.reduce((sum, g) => sum + g.weight, 0);
  const mean = grains.reduce((sum, g) => sum + g.weight * g.diameter, 0) / total;
  const variance = grains.reduce((sum, g) => sum + g.weight * (g.diameter - mean) ** 2, 0) / total;
  const areaTotal = grains.reduce((sum, g) => sum + g.weight * g.area, 0);
  const n = grains.length;
  const at = (p: number): number => weightedQuantile(grains, total, p);
  return {
    n,
    mean,
    median: at(0.5),
    std: n > 1 ? Math.sqrt((variance * n) / (n - 1)) : 0,
    p10: at(0.1),
    p90: at(0.9),
    areaWeightedMean: grains.reduce((sum, g) => sum + g.weight * g.area * g.diameter, 0) / areaTotal,
  };
}

/** A size distribution without its count, lengths times `scale`; null stays. */
export function diameterStatistics(sizes: SizeDistribution | null, scale: number): DiameterStatistics | null {
  if (sizes === null) return null;
  return {
    mean: sizes.mean * scale,
    median: sizes.median * scale,
    std: sizes.std * scale,
    p10: sizes.p10 * scale,
    p90: sizes.p90 * scale,
    areaWeightedMean: sizes.areaWeightedMean * scale,
  };
}

function samplingWeight(region: Region, frame: Pick<LabelMap, "width" | "height">): number {
  // A grain off the border leaves a pixel free on each side, so w ≤ W − 2 and neither factor is zero.
  const across = frame.width - (region.maxX - region.minX + 1) - 1;
  const down = frame.height - (region.maxY - region.minY + 1) - 1;
  return ((frame.width - 2) * (frame.height - 2)) / (across * down);
}

function weightedQuantile(
  grains: readonly { readonly diameter: number; readonly weight: number }[],
  total: number,
  p: number,
): number {
  let below = 0;
  let previous: { readonly at: number; readonly diameter: number } | undefined;
  for (const { diameter, weight } of grains) {
    const at = (below + weight / 2) / total;
    if (at >= p) {
      if (previous === undefined) return diameter;
      return previous.diameter + ((p - previous.at) / (at - previous.at)) * (diameter - previous.diameter);
    }
    previous = { at, diameter };
    below += weight;
  }
  return previous?.diameter ?? Number.NaN;
}
