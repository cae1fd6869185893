import type { Random } from "@materiome/core";
import { gaussianBlur, warpLinear } from "../kernels/index.ts";

export interface Displacement {
  /** To the right, px, one value per pixel. */
  readonly x: Float32Array;
  /** Downwards, px. */
  readonly y: Float32Array;
}

/**
 * Random smooth displacements: noise smoothed by a Gaussian of `smoothnessPx`, scaled to deviation `amplitudePx` (that of the field over
 * all seeds, so that weak and strong places differ from patch to patch).
 *
 * @see P. Simard, D. Steinkraus, J. Platt, Proc. ICDAR 2003, 958, doi:10.1109/ICDAR.2003.1227801
 */
export function elasticDisplacement(
  width: number,
  height: number,
  field: { readonly amplitudePx: number; readonly smoothnessPx: number },
  random: Random,
): Displacement {
  return {
    x: smoothNoise(width, height, field, random.fork("x")),
    y: smoothNoise(width, height, field, random.fork("y")),
  };
}

/** Smoothing on a coarse grid, then linear interpolation: a field that smooth needs no more places than three per deviation. */
function smoothNoise(
  width: number,
  height: number,
  { amplitudePx, smoothnessPx }: { readonly amplitudePx: number; readonly smoothnessPx: number },
  random: Random,
): Float32Array {
  const step = Math.max(1, Math.floor(smoothnessPx / 3));
  const sigma = smoothnessPx / step;
  // So far beyond the border that its reflection, which would raise the deviation there, is not seen.
  const margin = Math.ceil(4 * sigma);
  const gridWidth = Math.ceil((width - 1) / step) + 2 + 2 * margin;
  const gridHeight = Math.ceil((height - 1) / step) + 2 + 2 * margin;
  const noise = new Float32Array(gridWidth * gridHeight);
  for (let i = 0; i < noise.length; i++) noise[i] = random.next() - 0.5;
  gaussianBlur(gridWidth, gridHeight, noise, sigma, new Float32Array(noise.length), noise);
  // Deviation 1/√12 of uniform noise, times 1 / (2 σ √π) that smoothing leaves of white noise.
  const gain = amplitudePx * Math.sqrt(12) * 2 * sigma * Math.sqrt(Math.PI);
  for (let i = 0; i < noise.length; i++) noise[i]! *= gain; // i < length
  const xs = new Float64Array(width * height);
  const ys = new Float64Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      xs[i] = margin + x / step;
      ys[i] = margin + y / step;
    }
  }
  const out = new Float32Array(width * height);
  warpLinear(gridWidth, gridHeight, 1, noise, out.length, xs, ys, out);
  return out;
}
