import { createRaster, type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { memoryStore } from "../bands/rowStore.ts";
import { requireSameSize } from "./greyImage.ts";
import { mergeByBoundaryBands } from "./mergeByBoundaryBands.ts";

export interface MergeByBoundaryOptions {
  /** Borders whose mean strength is below it are removed, weakest first. @defaultValue nothing is removed by strength */
  readonly maxStrength?: number | undefined;
  /** Regions of fewer pixels join the neighbour behind their weakest border, whatever its strength. @defaultValue 0 */
  readonly minAreaPx?: number | undefined;
  /** Ends of a border, this near (px) to a third region, do not count where more of it is left. @defaultValue 0 */
  readonly endPx?: number | undefined;
}

export interface MergedRegions {
  /** 1 … n in raster order; 0 where the input is 0. */
  readonly labels: LabelMap;
  readonly n: number;
  /** Borders removed. */
  readonly nMerged: number;
}

/**
 * Joins neighbouring regions across weak borders, weakest first; after each join the borders of the two regions are
 * pooled, so that the mean along a border is that of all its pixel edges.
 *
 * The strength of a pixel edge is the larger of the strengths of the two pixels beside it. Regions must share pixel edges:
 * lines of 0 between them keep them apart (`absorbBoundaries` removes these first).
 *
 * @param labels - 0 takes no part, 1 … n regions
 * @param strength - boundary evidence a pixel: gradient, ridge strength or boundary probability; finite, same size
 * @throws ShapeError for different sizes; DomainError for NaN or infinite strengths or bad options
 * @see K. Haris, S. N. Efstratiadis, N. Maglaveras, A. K. Katsaggelos, IEEE Trans. Image Process. 7, 1684 (1998), doi:10.1109/83.730380
 * @example
 * const { labels } = mergeByBoundary(superpixels.labels, gradient, { maxStrength: 0.1 });
 */
export function mergeByBoundary(
  labels: LabelMap,
  strength: Raster<Float32Array>,
  options: MergeByBoundaryOptions = {},
): MergedRegions {
  const { width, height, data, pixelSizeUm } = labels;
  requireSameSize("mergeByBoundary", "strength", strength, labels);
  if (data.length === 0) throw new ShapeError("mergeByBoundary: labels must have at least one pixel");
  const merged = mergeByBoundaryBands(
    bandSpace(width, height),
    memoryStore("uint32", width, height, data),
    memoryStore("float32", width, height, strength.data),
    options,
  );
  return { ...merged, labels: createRaster(merged.labels.read(0, height), width, height, { pixelSizeUm }) };
}
