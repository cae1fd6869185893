import type { Raster } from "@materiome/core";
import { rgbToLab } from "../kernels/index.ts";
import { checkImage } from "./checkImage.ts";

/** "srgb": as stored; "linear": proportional to light; "lab": CIELAB, steps as the eye sees them. */
export type ColourSpace = "srgb" | "linear" | "lab";

/**
 * Linear light of an sRGB image: v / 12.92 up to v = 0.04045, ((v + 0.055) / 1.055)^2.4 above.
 *
 * @param image - sRGB 0 … 1, one channel or three
 * @throws ShapeError for another number of channels; DomainError for NaN or infinite values
 * @see IEC 61966-2-1:1999
 * @example
 * const light = linearLight(colour);
 */
export function linearLight(image: Raster<Float32Array>): Raster<Float32Array> {
  checkImage("linearLight", image);
  return { ...image, data: image.data.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)) };
}

/**
 * CIELAB under D65 of an sRGB image: L* 0 … 100, a* (green to red) and b* (blue to yellow).
 *
 * @param image - sRGB 0 … 1, three channels
 * @throws ShapeError for another number of channels; DomainError for NaN or infinite values
 * @see CIE 15:2004, section 8.2.1
 * @example
 * const lab = cielab(colour);
 */
export function cielab(image: Raster<Float32Array>): Raster<Float32Array> {
  checkImage("cielab", image, [3]);
  const data = new Float32Array(image.data.length);
  rgbToLab(image.width * image.height, image.data, data);
  return { ...image, data };
}

/** Image in a colour space; one channel is taken as grey in "srgb" and "linear". */
export function inColourSpace(image: Raster<Float32Array>, space: ColourSpace): Raster<Float32Array> {
  if (space === "lab" && image.channels === 3) return cielab(image);
  return space === "linear" ? linearLight(image) : image;
}
