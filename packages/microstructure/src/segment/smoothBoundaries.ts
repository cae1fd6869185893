import { absorbSmallRegions, connectedComponents, smoothLabels } from "../kernels/index.ts";

/**
 * Evens out the one-pixel steps that a watershed leaves along boundaries (they would add crossings with test lines): two
 * passes of a Gaussian-weighted majority vote in a 5 × 5 window. Fragments of up to `largestFragment` px that this cuts off
 * go to the neighbour they touch most. Every label stays one 4-connected region; labels become 1 … n.
 *
 * @param labels - partition, changed in place
 * @returns number of regions
 */
export function smoothBoundaries(width: number, height: number, labels: Uint32Array, largestFragment: number): number {
  const other = new Uint32Array(labels.length);
  smoothLabels(width, height, labels, RADIUS, WEIGHTS, other);
  smoothLabels(width, height, other, RADIUS, WEIGHTS, labels);
  other.set(labels);
  const n = connectedComponents(width, height, other, 4, labels);
  return absorbSmallRegions(width, height, n, largestFragment, labels);
}

const RADIUS = 2;
const SIGMA = 2;
const WEIGHTS: Float64Array = Float64Array.from({ length: (2 * RADIUS + 1) ** 2 }, (_, k) => {
  const dx = (k % (2 * RADIUS + 1)) - RADIUS;
  const dy = Math.floor(k / (2 * RADIUS + 1)) - RADIUS;
  return Math.exp((-0.5 * (dx * dx + dy * dy)) / (SIGMA * SIGMA));
});
