import { type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { memoryStore } from "../bands/rowStore.ts";
import { allChannelRows } from "./channelRows.ts";
import { findTwinBands } from "./findTwinBands.ts";

export interface FindTwinsOptions {
  /** Largest angle between the two long sides, degrees. @defaultValue 8 */
  readonly maxAngleDeg?: number | undefined;
  /** Least ratio of length to width of a lamella. @defaultValue 1.5 */
  readonly minAspect?: number | undefined;
  /** Largest deviation of a long side from a straight line, root mean square, px. @defaultValue 1, or 2.5 % of the length where that is more */
  readonly maxBendPx?: number | undefined;
  /** Share of each long side that one single grain must face. @defaultValue 0.75 */
  readonly minFacing?: number | undefined;
  /**
   * With an image: largest difference between the mean values of the two grains beside a lamella, as a share of the standard
   * deviation of the means of all grains. @defaultValue 0.5
   */
  readonly maxParentDifference?: number | undefined;
  /** Least share of the surroundings of the lamella's corners that belongs to other grains; see criterion 5. @defaultValue 0.42 */
  readonly minOutside?: number | undefined;
}

export interface Twin {
  /** Label of the lamella. */
  readonly label: number;
  /** Labels of the grain on either side of it, the smaller first; one number twice where it ends inside the grain. */
  readonly parents: readonly [number, number];
  /** Distance between the two sides, px. */
  readonly widthPx: number;
  readonly lengthPx: number;
  /** Direction of the sides, degrees counter-clockwise from +x, in (−90, 90]. */
  readonly orientationDeg: number;
  /** Angle between the two sides, degrees. */
  readonly angleBetweenDeg: number;
}

/**
 * Finds twin lamellae by their parallel boundaries: coherent twin boundaries lie on one plane, so both sides of a lamella are straight
 * and parallel, and the grain on either side is the same grain, cut in two.
 *
 * A region is a twin when (1) it is longer than wide; (2) on each of its long sides one single grain faces it over nearly all of the
 * length; (3) both sides are straight: a line fitted to the boundary leaves little; (4) they are parallel; (5) the two parts
 * fit together again: at the ends of the lamella the outer boundary of the grain goes on, so that its corners are T junctions, where other grains
 * take half of the surroundings, not the Y junctions of three grains, where they take a third; (6) with an image, both parts have the same grey or colour. Ends of the
 * sides, three pixels, are left out of the fits. Chains of lamellae in one grain are found each by itself.
 *
 * A twin at the edge of a grain shows only one straight boundary and is not found by geometry.
 *
 * @param labels - grains 1 … n that tile the image
 * @param image - grey or colour of the same size, for criterion 6
 * @throws ShapeError if the image does not fit; DomainError for options out of range, or an image with NaN or infinite values
 * @see parallel-boundary tests of twins: P. J. Marshall, G. Proust, J. T. Rogers, R. J. McCabe, J. Microsc. 238, 218 (2010),
 *   doi:10.1111/j.1365-2818.2009.03343.x; ASTM E112-13 (twin boundaries are left out of grain size)
 * @example
 * const grains = mergeTwins(labels, findTwins(labels));
 */
export function findTwins(labels: LabelMap, image?: Raster<Float32Array>, options: FindTwinsOptions = {}): Twin[] {
  const { width, height, data } = labels;
  if (image !== undefined && (image.width !== width || image.height !== height)) {
    throw new ShapeError(
      `findTwins: the image is ${image.width} × ${image.height}, labels are ${width} × ${height}; they must be equal`,
    );
  }
  if (data.length === 0) return [];
  const rows = memoryStore("uint32", width, height, data);
  return findTwinBands(bandSpace(width, height), rows, image && allChannelRows(image), options);
}
