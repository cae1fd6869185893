import { DataError, DomainError, type LabelMap } from "@materiome/core";
import { largestLabel, mapLabels, requireLabels } from "./labelCheck.ts";

/**
 * Sets regions of fewer than `minAreaPx` pixels to 0. A label counts as one region, also where it has several parts.
 *
 * @throws ShapeError for more than one channel; DomainError for a negative area
 * @example
 * const clean = removeSmallRegions(labels, 12);
 */
export function removeSmallRegions(labels: LabelMap, minAreaPx: number): LabelMap {
  if (!(minAreaPx >= 0)) throw new DomainError(`removeSmallRegions: minAreaPx must be at least 0, got ${minAreaPx}`);
  const areas = areasOf("removeSmallRegions", labels);
  return mapLabels(
    labels,
    Uint32Array.from(areas, (area, k) => (area < minAreaPx ? 0 : k)),
  );
}

/**
 * Keeps the `count` largest regions and sets the others to 0; of regions of equal area the lower label is kept.
 *
 * @throws ShapeError for more than one channel; DomainError for a count that is no whole number from 1
 * @throws DataError if there is no region
 * @example
 * const matrix = keepLargestRegions(labels);
 */
export function keepLargestRegions(labels: LabelMap, count = 1): LabelMap {
  if (!(Number.isInteger(count) && count >= 1)) {
    throw new DomainError(`keepLargestRegions: count must be a whole number from 1, got ${count}`);
  }
  const areas = areasOf("keepLargestRegions", labels);
  const present = Array.from(areas.keys()).filter((k) => k > 0 && areas[k]! > 0); // k < length
  if (present.length === 0) throw new DataError("keepLargestRegions: the label map is 0 everywhere");
  present.sort((a, b) => areas[b]! - areas[a]! || a - b); // keys of areas
  const numbers = new Uint32Array(areas.length);
  for (const k of present.slice(0, count)) numbers[k] = k;
  return mapLabels(labels, numbers);
}

/** Pixels of every label, 0 included. */
export function areasOf(caller: string, labels: LabelMap): Float64Array {
  requireLabels(caller, labels);
  const areas = new Float64Array(largestLabel(caller, labels) + 1);
  for (const label of labels.data) areas[label]! += 1; // label ≤ largest
  return areas;
}
