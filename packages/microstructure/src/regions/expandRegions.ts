import { DomainError, type LabelMap } from "@materiome/core";
import { distanceTransformSquared, nearestLabel } from "../kernels/index.ts";
import { requireLabels } from "./labelCheck.ts";

/**
 * Grows regions into the zeros around them, up to a distance between pixel centres, without letting them meet over each other:
 * each 0 takes the label of its nearest region.
 *
 * @param distancePx - `Infinity` leaves no 0
 * @throws ShapeError for more than one channel; DomainError for a negative distance
 * @example
 * const grown = expandRegions(labels, 2);
 */
export function expandRegions(labels: LabelMap, distancePx: number): LabelMap {
  requireLabels("expandRegions", labels);
  if (!(distancePx >= 0)) throw new DomainError(`expandRegions: distancePx must be at least 0, got ${distancePx}`);
  const { width, height, data } = labels;
  const out = new Uint32Array(data.length);
  if (!nearestLabel(width, height, data, out)) return { ...labels, data: out };
  const distance = new Float32Array(data.length);
  distanceTransformSquared(width, height, Uint8Array.from(data, Math.sign), distance);
  for (let i = 0; i < out.length; i++) if (distance[i]! > distancePx * distancePx) out[i] = 0; // i < length
  return { ...labels, data: out };
}
