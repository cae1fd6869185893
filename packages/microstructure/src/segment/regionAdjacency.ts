import { type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { memoryStore } from "../bands/rowStore.ts";
import { borderStrength, collectBorders } from "./collectBorders.ts";
import { greyRange, requireSameSize } from "./greyImage.ts";

/** Two regions that share pixel edges. */
export interface RegionBorder {
  /** Labels, a < b. */
  readonly a: number;
  readonly b: number;
  /** Pixel edges that both share; times π/4 the mean length of a border of any direction, px. */
  readonly nEdges: number;
  /** Mean over the pixel edges of the larger strength of the two pixels; absent without a strength. */
  readonly meanStrength?: number | undefined;
}

/**
 * Region adjacency graph of a label map: all pairs of regions that share pixel edges, with the strength of the boundary.
 *
 * @param labels - 0 takes no part
 * @param strength - boundary evidence a pixel, same size, finite
 * @returns by rising a, then b
 * @throws ShapeError for different sizes or more than one channel; DomainError for NaN or infinite strengths
 * @example
 * const weakest = regionAdjacency(labels, gradient).toSorted((p, q) => (p.meanStrength ?? 0) - (q.meanStrength ?? 0))[0];
 */
export function regionAdjacency(labels: LabelMap, strength?: Raster<Float32Array>): RegionBorder[] {
  const { width, height, channels, data } = labels;
  if (channels !== 1) throw new ShapeError(`regionAdjacency: labels must have one channel, got ${channels}`);
  if (strength !== undefined) {
    greyRange("regionAdjacency", strength);
    requireSameSize("regionAdjacency", "strength", strength, labels);
  }
  if (data.length === 0) return [];
  const space = bandSpace(width, height);
  const evidence = strength?.data ?? new Float32Array(data.length);
  const table = collectBorders(
    space,
    memoryStore("uint32", width, height, data),
    memoryStore("float32", width, height, evidence),
    0,
  );
  const borders: RegionBorder[] = [];
  for (let e = 0; e < table.count; e++) {
    const entry = { a: table.a[e]!, b: table.b[e]!, nEdges: table.cracks[e]! }; // below count
    borders.push(strength === undefined ? entry : { ...entry, meanStrength: borderStrength(table, e) });
  }
  return borders.sort((p, q) => p.a - q.a || p.b - q.b);
}
