import { DomainError, type Raster } from "@materiome/core";
import { type Region, regionTable } from "../regions/regionTable.ts";
import { type SecondPhaseStatisticsOptions, secondPhaseStatistics } from "./secondPhaseStatistics.ts";
import { diameterStatistics, type SizeDistribution, sizeDistribution } from "./sizeDistribution.ts";

export interface PorosityOptions extends Pick<SecondPhaseStatisticsOptions, "connectivity" | "pixelSizeUm"> {
  /** Smaller pores are left out of numbers, sizes and shapes, not of the area, px. @defaultValue 5 */
  readonly leastAreaPx?: number | undefined;
}

/** Pores of one field; lengths in µm, or in px without calibration (`unit` says which). */
export interface Porosity {
  readonly unit: "um" | "px";
  /** Share of the area, 0 … 1: V_V. */
  readonly areaFraction: number;
  readonly nPores: number;
  /** Pores below the least area, and their share of the field. */
  readonly nIgnored: number;
  readonly ignoredFraction: number;
  /** Per unit². */
  readonly poresPerArea: number;
  /** Equivalent circle diameters free of edge bias; null without a whole pore. */
  readonly equivalentDiameter: SizeDistribution | null;
  /** Mean over whole pores of 4πA/P² (1 for a circle) and of the aspect ratio; null without one. */
  readonly meanCircularity: number | null;
  readonly meanAspectRatio: number | null;
  /** Largest pore: its equivalent diameter, whether the border cuts it, and its region in px. */
  readonly largest: { readonly equivalentDiameter: number; readonly isCut: boolean; readonly region: Region } | null;
}

/**
 * Porosity of one field: area fraction, number, size distribution and shape of the pores, and the largest one
 * (`largestExtreme` extrapolates it over fields).
 *
 * @param mask - other than 0 is pore
 * @throws DomainError for a negative least area; DomainError, DataError as `secondPhaseStatistics`
 * @see ASTM E1245-03 (area fraction, number per area); E2283-08 (largest)
 * @example
 * const { areaFraction, largest } = porosity(pores, { pixelSizeUm: 1 });
 */
export function porosity(mask: Raster<Uint8Array>, options: PorosityOptions = {}): Porosity {
  const { leastAreaPx = 5, connectivity, pixelSizeUm } = options;
  if (!(leastAreaPx >= 0)) throw new DomainError(`porosity: leastAreaPx must be 0 or more, got ${leastAreaPx}`);
  const { labels, unit, areaFraction } = secondPhaseStatistics(mask, { connectivity, pixelSizeUm });
  const scale = labels.pixelSizeUm ?? 1;
  const regions = regionTable(labels);
  const pores = regions.filter(({ areaPx }) => areaPx >= leastAreaPx);
  const whole = pores.filter(({ touchesEdge }) => !touchesEdge);
  const ignored = regions.filter(({ areaPx }) => areaPx < leastAreaPx);
  const mean = (value: (pore: Region) => number): number | null =>
    whole.length === 0 ? null : whole.reduce((sum, pore) => sum + value(pore), 0) / whole.length;
  const sizes = sizeDistribution(pores, labels);
  const lengths = diameterStatistics(sizes, scale);
  const [first, ...others] = pores;
  const region = first === undefined ? undefined : others.reduce((a, b) => (b.areaPx > a.areaPx ? b : a), first);
  const nCounted = pores.filter(({ minX, minY }) => minX > 0 && minY > 0).length;
  return {
    unit,
    areaFraction,
    nPores: pores.length,
    nIgnored: ignored.length,
    ignoredFraction: ignored.reduce((sum, { areaPx }) => sum + areaPx, 0) / labels.data.length,
    poresPerArea: nCounted / (labels.data.length * scale * scale),
    equivalentDiameter: sizes === null || lengths === null ? null : { n: sizes.n, ...lengths },
    meanCircularity: mean(({ areaPx, perimeterPx }) => (4 * Math.PI * areaPx) / perimeterPx ** 2),
    meanAspectRatio: mean(({ aspectRatio }) => aspectRatio),
    largest:
      region === undefined
        ? null
        : { equivalentDiameter: region.equivalentDiameterPx * scale, isCut: region.touchesEdge, region },
  };
}
