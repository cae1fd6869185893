import { nearestFeature } from "./distanceTransform.ts";

/**
 * Gives every 0 the label of its nearest labelled pixel (exact Euclidean distance between pixel centres); labelled pixels
 * keep theirs. Returns false, leaving `out` all 0, where nothing is labelled.
 */
export function nearestLabel(width: number, height: number, labels: Uint32Array, out: Uint32Array): boolean {
  const nearest = new Int32Array(width * height);
  const found = nearestFeature(width, height, labels, nearest);
  for (let i = 0; i < nearest.length; i++) out[i] = found ? labels[nearest[i]] : 0;
  return found;
}
