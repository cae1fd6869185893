import { createRaster, type Raster } from "@materiome/core";
import { type BoundaryScore, boundaryF1 } from "@materiome/microstructure/compare";
import { removeSmallObjects, skeletonize } from "@materiome/microstructure/segment";

export const TOLERANCE_PX = 2;

export interface PooledScore {
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
}

/** Skeleton of the pixels above a probability, without pieces of fewer than 20 pixels. */
export function linesAbove(probability: Raster<Float32Array>, threshold: number): Raster<Uint8Array> {
  const { width, height } = probability;
  const mask = Uint8Array.from(probability.data, (p) => (p > threshold ? 1 : 0));
  return skeletonize(removeSmallObjects(createRaster(mask, width, height), 20));
}

/** Boundary pixels of one image, and how many have a partner. */
export type BoundaryCounts = Pick<BoundaryScore, "nPredicted" | "nTrue" | "nPredictedNear" | "nTrueNear">;

export function countBoundaries(
  predicted: Raster<Uint8Array>,
  truth: Raster<Uint8Array>,
  matching: "shared" | "one-to-one",
): BoundaryCounts {
  if (predicted.data.includes(1)) return boundaryF1(predicted, truth, TOLERANCE_PX, { matching });
  return { nPredicted: 0, nPredictedNear: 0, nTrueNear: 0, nTrue: truth.data.reduce((n, v) => n + v, 0) };
}

/** Boundary F1 pooled over images: sums of near pixels over sums of pixels; 0 where nothing is predicted, or nothing of it is near. */
export function pooledF1(counts: readonly BoundaryCounts[]): PooledScore {
  const sum = (name: keyof BoundaryCounts): number => counts.reduce((total, count) => total + count[name], 0);
  const precision = sum("nPredictedNear") / sum("nPredicted");
  const recall = sum("nTrueNear") / sum("nTrue");
  return { f1: precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0, precision, recall };
}

/** Mean lineal intercept, px: length of all rows and columns over the number of times they enter a line of the skeleton. */
export function meanInterceptPx({ data, width, height }: Raster<Uint8Array>): number {
  let crossings = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] === 0) continue;
      if (x > 0 && data[y * width + x - 1] === 0) crossings++;
      if (y > 0 && data[(y - 1) * width + x] === 0) crossings++;
    }
  }
  return (2 * width * height) / Math.max(1, crossings);
}
