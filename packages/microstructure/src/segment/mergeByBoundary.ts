import { createRaster, DomainError, type LabelMap, type Raster } from "@materiome/core";
import { borderStrength, boundaryGraph } from "./boundaryGraph.ts";
import { greyRange, requireSameSize } from "./greyImage.ts";
import { joinWeakest } from "./joinWeakest.ts";

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
  const { min, max } = greyRange("mergeByBoundary", strength);
  requireSameSize("mergeByBoundary", "strength", strength, labels);
  const { maxStrength = Number.NEGATIVE_INFINITY, minAreaPx = 0, endPx = 0 } = options;
  if (Number.isNaN(maxStrength)) throw new DomainError("mergeByBoundary: maxStrength is NaN");
  if (!(minAreaPx >= 0)) throw new DomainError(`mergeByBoundary: minAreaPx must be at least 0, got ${minAreaPx}`);
  if (!(Number.isInteger(endPx) && endPx >= 0)) {
    throw new DomainError(`mergeByBoundary: endPx must be a whole number of at least 0, got ${endPx}`);
  }
  const { width, height, pixelSizeUm } = labels;
  const data = labels.data.slice();
  let nLabels = 0;
  for (let i = 0; i < data.length; i++) if (data[i]! > nLabels) nLabels = data[i]!; // i < length
  const area = new Float64Array(nLabels + 1);
  for (let i = 0; i < data.length; i++) area[data[i]!]! += 1; // labels are 0 … nLabels
  const graph = boundaryGraph(width, height, data, nLabels, strength.data, endPx);
  const scale = max > min ? 1 / (max - min) : 0;
  let nMerged = 0;
  const n = joinWeakest(
    data,
    graph,
    (a, b, border) => {
      const mean = borderStrength(border);
      const weakness = 1 + (max - mean) * scale; // 1 … 2
      if (area[a]! < minAreaPx || area[b]! < minAreaPx) return 2 + weakness; // labels, before all others
      return mean < maxStrength ? weakness : 0;
    },
    (into, from) => {
      area[into]! += area[from]!; // labels
      nMerged++;
      // The region is no longer small: what was queued for it as such must not be used.
      for (const [c, border] of graph[into]!) {
        const renewed = { ...border, version: border.version + 1 };
        graph[into]!.set(c, renewed);
        graph[c]!.set(into, renewed);
      }
    },
  );
  return { labels: createRaster(data, width, height, { pixelSizeUm }), n, nMerged };
}
