import { DataError, type LabelMap } from "@materiome/core";
import { regionTable } from "../regions/regionTable.ts";
import { grainSizeFromArea } from "./grainSizeNumber.ts";
import { type MeanInterval, meanInterval } from "./meanInterval.ts";
import { resolvePixelSize } from "./resolvePixelSize.ts";

export interface ArealGrainSizeOptions {
  /** Edge of a pixel, µm. @defaultValue that of the label map */
  readonly pixelSizeUm?: number | undefined;
  /** Level of the interval. @defaultValue 0.95 */
  readonly level?: number | undefined;
}

export interface ArealGrainSize {
  /** Grains measured: those the border does not cut. */
  readonly nGrains: number;
  /** Mean area of a grain with s, interval and %RA over the grains, px². */
  readonly areaPx: MeanInterval;
  readonly largestPx: number;
  /** The same in µm²; absent without calibration, as is G. */
  readonly areaUm2?: MeanInterval | undefined;
  readonly G?: number | undefined;
  /** G at the ends of the interval of the mean area; null for one grain, or where the interval reaches zero. */
  readonly ciLow?: number | null | undefined;
  readonly ciHigh?: number | null | undefined;
}

/**
 * Grain size from the areas of single grains, as automatic image analysis measures them: grains cut by the border are left
 * out, Ā with s, 95 % CI and relative accuracy over the grains, G from Ā.
 *
 * Large grains are cut more often than small ones, so Ā is too small where few grains fit across the field; the
 * planimetric count has no such bias. Areas spread widely: s of the order of Ā is normal.
 *
 * @param labels - grains 1 … n, boundaries of zero thickness (with boundary pixels, Ā lacks their area)
 * @throws DataError if the border cuts every grain
 * @see ASTM E1382-97 (areas of single grains, those at the border excluded; statistics); E112-13 §15 and Table 6
 * @example
 * const { G, nGrains } = arealGrainSize(labels, { pixelSizeUm: 0.5 });
 */
export function arealGrainSize(labels: LabelMap, options: ArealGrainSizeOptions = {}): ArealGrainSize {
  const pixelSizeUm = resolvePixelSize("arealGrainSize", labels, options.pixelSizeUm);
  const areas = regionTable(labels).flatMap(({ touchesEdge, areaPx }) => (touchesEdge ? [] : [areaPx]));
  if (areas.length === 0) {
    throw new DataError("arealGrainSize: the border cuts every grain; take a larger field or a lower magnification");
  }
  const { level } = options;
  const result: ArealGrainSize = {
    nGrains: areas.length,
    areaPx: meanInterval(areas, { level }),
    largestPx: areas.reduce((a, b) => Math.max(a, b), 0),
  };
  if (pixelSizeUm === undefined) return result;
  const areaUm2 = meanInterval(
    areas.map((area) => area * pixelSizeUm * pixelSizeUm),
    { level },
  );
  const at = (area: number | null): number | null => (area === null || area <= 0 ? null : grainSizeFromArea(area));
  return {
    ...result,
    areaUm2,
    G: grainSizeFromArea(areaUm2.mean),
    ciLow: at(areaUm2.ciHigh),
    ciHigh: at(areaUm2.ciLow),
  };
}
