import type { Raster } from "@materiome/core";

/**
 * CIELAB of an sRGB image (IEC 61966-2-1, white D65), channels one after the other: L* 0 … 100, then a*, b*. Equal
 * Euclidean distances look about equally different; 2.3 is just noticeable.
 *
 * @param colour - three channels 0 … 1, interleaved
 * @see ISO/CIE 11664-4:2019
 */
export function perceptualChannels(colour: Raster<Float32Array>): Float32Array {
  const size = colour.width * colour.height;
  const out = new Float32Array(3 * size);
  const { data } = colour;
  for (let i = 0, k = 0; i < size; i++, k += 3) {
    const r = linear(data[k]!); // three values a pixel
    const g = linear(data[k + 1]!);
    const b = linear(data[k + 2]!);
    const fx = lightness((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
    const fy = lightness(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
    const fz = lightness((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
    out[i] = 116 * fy - 16;
    out[size + i] = 500 * (fx - fy);
    out[2 * size + i] = 200 * (fy - fz);
  }
  return out;
}

function linear(v: number): number {
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}

function lightness(t: number): number {
  return t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 / 116) * t + 16 / 116;
}
