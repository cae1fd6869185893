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
  const planes = new Float32Array(3 * size);
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < size; i++) planes[channel * size + i] = lab[3 * i + channel]!; // i < size
  }
  return planes;
}
