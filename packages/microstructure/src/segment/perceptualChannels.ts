import type { Raster } from "@materiome/core";
import { rgbToLab } from "../kernels/index.ts";

/**
 * CIELAB of an sRGB image, channels one after the other: L* 0 … 100, then a*, b*. Equal Euclidean distances look about
 * equally different; 2.3 is just noticeable.
 *
 * @param colour - three channels 0 … 1, interleaved
 */
export function perceptualChannels(colour: Raster<Float32Array>): Float32Array {
  const size = colour.width * colour.height;
  const lab = new Float32Array(3 * size);
  rgbToLab(size, colour.data, lab);
  return Float32Array.from(lab, (_, k) => lab[3 * (k % size) + Math.floor(k / size)]!); // k < 3 size
}
