import { connectedComponents, distanceTransformSquared, hMaxima, watershed } from "../kernels/index.ts";

/**
 * Labels the parts of a mask, cutting touching ones at their necks: watershed on the distance to the background, from the maxima
 * of that distance. Two parts are cut where the neck between them is narrower than `neck` times the inscribed diameter of
 * the smaller.
 *
 * @param mask - 1 inside
 * @param neck - 0 (never cut) … 1
 * @param labels - gets 1 … n, 0 outside the mask
 * @returns n
 */
export function splitTouching(
  width: number,
  height: number,
  mask: Uint8Array,
  neck: number,
  labels: Uint32Array,
): number {
  if (neck <= 0) return connectedComponents(width, height, mask, 8, labels);
  const size = width * height;
  const outside = mask.map((value) => (value === 0 ? 1 : 0));
  const distance = new Float32Array(size);
  distanceTransformSquared(width, height, outside, distance);
  let largest = 0;
  for (let i = 0; i < size; i++) {
    const d = Math.sqrt(distance[i]!); // i < size
    distance[i] = Number.isFinite(d) ? d : 1; // all mask: one part
    if (distance[i]! > largest) largest = distance[i]!;
  }
  if (largest === 0) {
    labels.fill(0);
    return 0;
  }
  const n = hMaxima(width, height, distance, LEAST_STEP_PX, 1 - neck, labels);
  const levels = new Uint16Array(size).fill(N_LEVELS - 1);
  for (let i = 0; i < size; i++) {
    if (mask[i] !== 0) levels[i] = N_LEVELS - 2 - Math.floor((distance[i]! / largest) * (N_LEVELS - 2)); // i < size
  }
  watershed(width, height, levels, N_LEVELS, labels);
  for (let i = 0; i < size; i++) if (mask[i] === 0) labels[i] = 0;
  return n;
}

/** Steps of the distance below this are the staircase of the pixels. */
const LEAST_STEP_PX = 0.75;
const N_LEVELS = 4096;
