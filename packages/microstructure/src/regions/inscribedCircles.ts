import type { LabelMap } from "@materiome/core";
import { distanceTransformSquared } from "../kernels/index.ts";

/** Bounding box of a region, first and last column and row. */
export interface PixelBox {
  readonly minX: number;
  readonly maxX: number;
  readonly minY: number;
  readonly maxY: number;
}

/** A circle in pixels, the centre of the first pixel at (0, 0). */
export interface PixelCircle {
  readonly x: number;
  readonly y: number;
  readonly radiusPx: number;
}

/**
 * Largest circle about a pixel centre of a region that stays inside it: the radius is the distance to the nearest centre of a
 * pixel that is not of the region (outside the image none is), less ½. Exact for strips of odd width; up to ½ px small
 * where the true centre lies between pixels.
 */
export function inscribedCircle(labels: LabelMap, label: number, box: PixelBox): PixelCircle {
  const width = box.maxX - box.minX + 3;
  const height = box.maxY - box.minY + 3;
  const outside = new Uint8Array(width * height).fill(1);
  for (let y = box.minY; y <= box.maxY; y++) {
    for (let x = box.minX; x <= box.maxX; x++) {
      if (labels.data[y * labels.width + x] !== label) continue;
      outside[(y - box.minY + 1) * width + x - box.minX + 1] = 0;
    }
  }
  const squared = new Float32Array(outside.length);
  distanceTransformSquared(width, height, outside, squared);
  let best = 0;
  for (let i = 1; i < squared.length; i++) if (squared[i]! > squared[best]!) best = i; // i < length
  return {
    x: (best % width) - 1 + box.minX,
    y: Math.floor(best / width) - 1 + box.minY,
    radiusPx: Math.sqrt(squared[best]!) - 0.5, // best < length
  };
}
