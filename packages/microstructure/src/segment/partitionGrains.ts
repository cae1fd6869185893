import { distanceTransformSquared, hMaxima, watershed } from "../kernels/index.ts";
import type { BoundaryNetwork } from "./boundaryNetwork.ts";

export interface GrainPartition {
  /** 1 … n on every pixel; changed by later stages. */
  readonly labels: Uint32Array;
  readonly n: number;
  /** Distance of every pixel from the boundary lines, px. */
  readonly distance: Float32Array;
  /** Largest distance in each region: its inscribed radius, px; index 0 unused. */
  readonly inscribedRadius: Float64Array;
}

/**
 * Cuts the image into regions along the boundary lines, straight across their gaps: watershed, from the maxima of the
 * distance to the lines, on the negated distance with the lines on top (stronger lines higher). Maxima whose
 * dynamics is below a tenth of their height (at least 0.4 px) are dropped. Cuts more than there are grains.
 */
export function partitionGrains(width: number, height: number, network: BoundaryNetwork): GrainPartition {
  const size = width * height;
  const { crest, mask, typical } = network;
  const distance = new Float32Array(size);
  distanceTransformSquared(width, height, mask, distance);
  let largest = 0;
  for (let i = 0; i < size; i++) {
    const d = Math.sqrt(distance[i]!); // i < size, here and below
    distance[i] = d;
    if (d > largest) largest = d;
  }
  const labels = new Uint32Array(size);
  const n = hMaxima(width, height, distance, 0.4, 0.1, labels);
  const levels = new Uint16Array(size);
  const lineScale = (LINE_LEVELS - 1) / (2 * typical);
  const distanceScale = (DISTANCE_LEVELS - 1) / largest;
  for (let i = 0; i < size; i++) {
    levels[i] =
      mask[i] === 1
        ? DISTANCE_LEVELS + Math.min(LINE_LEVELS - 1, Math.floor(crest[i]! * lineScale))
        : DISTANCE_LEVELS - 1 - Math.floor(distance[i]! * distanceScale);
  }
  watershed(width, height, levels, DISTANCE_LEVELS + LINE_LEVELS, labels);
  const inscribedRadius = new Float64Array(n + 1);
  for (const [i, label] of labels.entries()) {
    if (distance[i]! > inscribedRadius[label]!) inscribedRadius[label] = distance[i]!; // labels are 1 … n
  }
  return { labels, n, distance, inscribedRadius };
}

const DISTANCE_LEVELS = 2048;
const LINE_LEVELS = 2048;
