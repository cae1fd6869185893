import type { LabelMap, Raster } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { memoryStore } from "../bands/rowStore.ts";
import { measureCrackBands } from "./measureCrackBands.ts";

export interface MeasureCracksOptions {
  /** Label of the cracks in a label map. @defaultValue every value but 0; touching labels count as one crack */
  readonly label?: number | undefined;
  /** Parts shorter than this are not counted as cracks, px. @defaultValue 5 */
  readonly minLengthPx?: number | undefined;
}

export interface Crack {
  readonly areaPx: number;
  /** Longest way along the crack, from tip to tip, px. */
  readonly lengthPx: number;
  /** With all branches, px. */
  readonly totalLengthPx: number;
  /** Distance from tip to tip over `lengthPx`; 1 for a straight crack. */
  readonly straightness: number;
  /** Of the line from tip to tip, degrees counter-clockwise from +x, in (−90, 90]. */
  readonly orientationDeg: number;
  /** Points where three and more branches meet. */
  readonly nBranchings: number;
  /** Opening along the longest way: mean, standard deviation and largest, px. */
  readonly meanWidthPx: number;
  readonly stdWidthPx: number;
  readonly maxWidthPx: number;
  /** Opening at every pixel of the longest way, from one tip to the other, px. */
  readonly widthsPx: Float64Array;
  /** Of the longest way: first and last pixel. */
  readonly startX: number;
  readonly startY: number;
  readonly endX: number;
  readonly endY: number;
}

export interface CrackMeasurement {
  /** Longest first. */
  readonly cracks: readonly Crack[];
  readonly totalLengthPx: number;
  /** Total length over the area of the image, per px; with calibration per mm. */
  readonly densityPerPx: number;
  readonly densityPerMm?: number | undefined;
  /** Share of the image. */
  readonly areaFraction: number;
  readonly pixelSizeUm?: number | undefined;
}

/**
 * Length, opening, direction and branching of every crack in a mask, and their density.
 *
 * Each crack is thinned to its skeleton (as by `skeletonize`); twigs no longer than the half-width of the crack where they leave
 * it are roughness, not branches, and are cut. Length: of the longest way, smoothed over two pixels so that the staircase does not count, plus
 * the half-width at each tip that thinning takes off; of the other branches steps of 1 and √2 times 0.948, right on average over
 * directions. Opening: twice the exact Euclidean distance from
 * the skeleton to the nearest pixel outside, less the pixel of the centre line. Lines of one pixel width are resolved to about one
 * pixel only.
 *
 * @param cracks - mask (non-zero is crack) or label map
 * @throws DomainError for options out of range
 * @example
 * const { cracks, densityPerMm } = measureCracks(crackMask);
 */
export function measureCracks(
  cracks: Raster<Uint8Array> | LabelMap,
  options: MeasureCracksOptions = {},
): CrackMeasurement {
  const { width, height, data, pixelSizeUm } = cracks;
  const rows =
    data instanceof Uint8Array ? memoryStore("uint8", width, height, data) : memoryStore("uint32", width, height, data);
  return measureCrackBands(bandSpace(width, height), rows, { ...options, pixelSizeUm });
}
