import type { LabelMap } from "@materiome/core";
import { boundaryPairs } from "../kernels/index.ts";
import { requireLabels } from "./labelCheck.ts";

/** Boundary between two regions, `first` < `second`. */
export interface RegionBoundary {
  readonly first: number;
  readonly second: number;
  /** Crofton's length from four directions. */
  readonly lengthPx: number;
  /** Pixel edges between the two. */
  readonly nEdges: number;
}

/**
 * Boundaries between all regions that share a pixel edge, with their lengths L = π/8 · (N₀ + N₉₀ + (N₄₅ + N₁₃₅)/√2), N the
 * pixel steps of a direction from one to the other: the same measure as the perimeter of `regionTable`, so the boundaries of a
 * region add up to its perimeter but for its share of the border of the image and for contacts at a corner only.
 *
 * Regions parted by zeros share nothing: use `absorbBoundaries` first. Boundaries to 0 are left out.
 *
 * @returns by rising `first`, then `second`
 * @throws ShapeError for more than one channel
 * @example
 * const shared = regionBoundaries(absorbBoundaries(labels));
 */
export function regionBoundaries(labels: LabelMap): RegionBoundary[] {
  requireLabels("regionBoundaries", labels);
  const { first, second, edges, diagonals } = boundaryPairs(labels.width, labels.height, labels.data);
  const boundaries: RegionBoundary[] = [];
  for (const [k, a] of first.entries()) {
    if (a === 0 || edges[k] === 0) continue;
    const lengthPx = (Math.PI / 8) * (edges[k]! + diagonals[k]! / Math.SQRT2); // as many as pairs
    boundaries.push({ first: a, second: second[k]!, lengthPx, nEdges: edges[k]! });
  }
  return boundaries.sort((a, b) => a.first - b.first || a.second - b.second);
}

/** Neighbours of every region with the length shared, by rising label; entry k belongs to region k. */
export function neighbourLists(
  boundaries: readonly RegionBoundary[],
): ReadonlyMap<number, readonly { readonly label: number; readonly lengthPx: number }[]> {
  const lists = new Map<number, { label: number; lengthPx: number }[]>();
  const add = (own: number, label: number, lengthPx: number): void => {
    const list = lists.get(own);
    if (list === undefined) lists.set(own, [{ label, lengthPx }]);
    else list.push({ label, lengthPx });
  };
  for (const { first, second, lengthPx } of boundaries) {
    add(first, second, lengthPx);
    add(second, first, lengthPx);
  }
  for (const list of lists.values()) list.sort((a, b) => a.label - b.label);
  return lists;
}
