import { DataError, DomainError, type Raster } from "@materiome/core";
import { requirePlane } from "./phaseIndicator.ts";

/** Grey in 0 … 1 of a floating-point image; refuses other values, naming the pixel. */
export function requireGrey(who: string, image: Raster): Float32Array {
  const plane = requirePlane(who, "image", image);
  if (!(plane instanceof Float32Array || plane instanceof Float64Array)) {
    throw new DomainError(`${who}: image must be grey in 0 … 1 (floating point), got ${plane.constructor.name}`);
  }
  for (let i = 0; i < plane.length; i++) {
    const value = plane[i]!; // i < length
    if (!(value >= 0 && value <= 1)) {
      const place = `(${i % image.width}, ${Math.floor(i / image.width)})`;
      throw new DataError(`${who}: grey must lie in 0 … 1, got ${value} at ${place}; rescale the image first`);
    }
  }
  return plane instanceof Float32Array ? plane : Float32Array.from(plane);
}

/** Levels 0 … n − 1 of equal width. */
export function quantise(grey: Float32Array, levels: number): Uint16Array {
  const out = new Uint16Array(grey.length);
  for (let i = 0; i < grey.length; i++) out[i] = Math.min(levels - 1, Math.floor(grey[i]! * levels)); // i < length
  return out;
}
