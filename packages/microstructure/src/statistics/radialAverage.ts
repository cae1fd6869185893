import { DomainError, type Raster, ShapeError } from "@materiome/core";
import { radialBins } from "../kernels/index.ts";

export interface RadialAverageOptions {
  /** Width of a ring, px. @defaultValue 1 */
  readonly binWidthPx?: number | undefined;
  /** Sectors of direction into which the half circle is cut. @defaultValue 1: all directions together */
  readonly nSectors?: number | undefined;
}

export interface RadialAverage {
  /** Middle of each sector, degrees counter-clockwise from +x; 0, 180 / n, … */
  readonly directionsDeg: readonly number[];
  /** One array for each sector: mean distance of the shifts in each ring, px. */
  readonly distancePx: readonly Float64Array[];
  /** Mean value; NaN for a ring without a shift. */
  readonly value: readonly Float64Array[];
  /** Number of shifts. */
  readonly count: readonly Float64Array[];
  readonly pixelSizeUm?: number | undefined;
}

/**
 * Means of a map of shifts over rings |s| ∈ [(k − ½) w, (k + ½) w), k = 0, 1, …, as far as full rings go, and over sectors of
 * direction modulo 180° if asked for. NaN is left out.
 *
 * @param map - odd width and height, shift 0 in the middle (`twoPointCorrelation(…).map`)
 * @throws ShapeError for a map without a middle; DomainError for impossible options
 * @example
 * const { distancePx, value } = radialAverage(twoPointCorrelation(phase).map);
 */
export function radialAverage(map: Raster<Float64Array>, options: RadialAverageOptions = {}): RadialAverage {
  const { binWidthPx = 1, nSectors = 1 } = options;
  const { width, height, data, pixelSizeUm } = map;
  if (width % 2 === 0 || height % 2 === 0 || data.length !== width * height) {
    throw new ShapeError(`radialAverage: map must have odd sizes, shift 0 in the middle, got ${width} × ${height}`);
  }
  if (!(binWidthPx > 0 && Number.isFinite(binWidthPx) && Number.isInteger(nSectors) && nSectors >= 1)) {
    throw new DomainError(
      `radialAverage: needs a positive binWidthPx and a whole nSectors of at least 1, got ${binWidthPx} and ${nSectors}`,
    );
  }
  const [lastX, lastY] = [(width - 1) / 2, (height - 1) / 2];
  const nBins = Math.floor(Math.min(lastX, lastY) / binWidthPx) + 1;
  const sum = new Float64Array(nBins * nSectors);
  const distance = new Float64Array(nBins * nSectors);
  const count = new Float64Array(nBins * nSectors);
  radialBins(lastX, lastY, data, binWidthPx, nBins, nSectors, sum, distance, count);
  const sectors = Array.from({ length: nSectors }, (_, s) => s * nBins);
  const means = (of: Float64Array) =>
    sectors.map((from) => of.slice(from, from + nBins).map((total, k) => total / count[from + k]!)); // k < nBins
  return {
    directionsDeg: sectors.map((_, s) => (180 * s) / nSectors),
    distancePx: means(distance),
    value: means(sum),
    count: sectors.map((from) => count.slice(from, from + nBins)),
    ...(pixelSizeUm === undefined ? {} : { pixelSizeUm }),
  };
}
