import type { LabelMap } from "@materiome/core";
import { pairCounts } from "../kernels/index.ts";

/** How often each pair of labels meets on a pixel; pairs that never meet are absent. */
export interface Contingency {
  /** Labels of the first and second map of each pair, and the pixels they share. */
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  readonly count: Float64Array;
  /** Pixels by label of each map, over the pixels that were counted. */
  readonly firstArea: ReadonlyMap<number, number>;
  readonly secondArea: ReadonlyMap<number, number>;
  readonly nPixels: number;
}

/**
 * Contingency table of two label maps of one size, in the order of first appearance.
 *
 * @param leaveOut - pixels where the second map holds this number are not counted; undefined counts all
 */
export function contingency(first: LabelMap, second: LabelMap, leaveOut?: number): Contingency {
  const pairs = pairCounts(first.data.length, first.data, second.data, leaveOut ?? -1);
  const firstArea = new Map<number, number>();
  const secondArea = new Map<number, number>();
  let nPixels = 0;
  for (const [k, count] of pairs.count.entries()) {
    const a = pairs.first[k]!; // one entry per pair
    const b = pairs.second[k]!;
    firstArea.set(a, (firstArea.get(a) ?? 0) + count);
    secondArea.set(b, (secondArea.get(b) ?? 0) + count);
    nPixels += count;
  }
  return { ...pairs, firstArea, secondArea, nPixels };
}
