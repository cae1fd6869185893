import type { Random, Raster } from "@materiome/core";
import { convolveWindow, gaussianBlur } from "../kernels/index.ts";
import { type AstigmatismOptions, type BlurOptions, type MotionBlurOptions, resolveStep } from "./augmentation.ts";
import { mapPlanes } from "./planes.ts";
import { drawFrom } from "./range.ts";

/** Deviation below which a Gaussian leaves the neighbours of a pixel less than 0.1 % of its grey. */
const SHARP_PX = 0.2;

/**
 * Out of focus: smooths by a Gaussian of random width. Borders are reflected.
 *
 * @param image - grey or colour
 * @throws DomainError for options out of range
 * @example
 * const soft = blurFocus(image, createRandom(1), { sigmaPx: [0.5, 2] });
 */
export function blurFocus(
  image: Raster<Float32Array>,
  random: Random,
  options: BlurOptions = {},
): Raster<Float32Array> {
  const { sigmaPx } = resolveStep("blurFocus", "blur", options);
  const sigma = drawFrom(sigmaPx, random);
  if (sigma < SHARP_PX) return image;
  const { width, height } = image;
  const scratch = new Float32Array(width * height);
  return mapPlanes(image, (plane, out) => gaussianBlur(width, height, plane, sigma, scratch, out));
}

/**
 * Astigmatic beam: smooths by an elongated Gaussian of random width and direction. Borders are reflected.
 *
 * @param image - grey or colour
 * @throws DomainError for options out of range
 * @example
 * const smeared = blurAstigmatic(image, createRandom(1), { sigmaPx: [2, 2], ratio: [0.2, 0.2] });
 */
export function blurAstigmatic(
  image: Raster<Float32Array>,
  random: Random,
  options: AstigmatismOptions = {},
): Raster<Float32Array> {
  const ranges = resolveStep("blurAstigmatic", "astigmatism", options);
  const sigma = drawFrom(ranges.sigmaPx, random);
  const ratio = drawFrom(ranges.ratio, random);
  const angle = (drawFrom(ranges.angleDeg, random) * Math.PI) / 180;
  if (sigma < SHARP_PX) return image;
  // A Gaussian narrower than a pixel has no shape on the grid; the pixel itself smooths that much.
  const along = sigma;
  const across = Math.max(SHARP_PX, ratio * sigma);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return convolve(image, Math.max(1, Math.ceil(3 * sigma)), (x, y) => {
    const u = (c * x - s * y) / along;
    const v = (s * x + c * y) / across;
    return Math.exp(-(u * u + v * v) / 2);
  });
}

/**
 * Motion during exposure: mean along a straight path of random length and direction. Borders are reflected.
 *
 * @param image - grey or colour
 * @throws DomainError for options out of range
 * @example
 * const moved = blurMotion(image, createRandom(1), { lengthPx: [5, 5], angleDeg: [0, 0] });
 */
export function blurMotion(
  image: Raster<Float32Array>,
  random: Random,
  options: MotionBlurOptions = {},
): Raster<Float32Array> {
  const ranges = resolveStep("blurMotion", "motionBlur", options);
  const length = drawFrom(ranges.lengthPx, random);
  const angle = (drawFrom(ranges.angleDeg, random) * Math.PI) / 180;
  if (length === 0) return image;
  const radius = Math.ceil(length / 2) + 1;
  const side = 2 * radius + 1;
  const weights = new Float64Array(side * side);
  const points = Math.ceil(8 * length);
  for (let k = 0; k < points; k++) {
    const at = ((k + 0.5) / points - 0.5) * length;
    const x = radius + at * Math.cos(angle);
    const y = radius - at * Math.sin(angle);
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [u, v] = [x - left, y - top];
    // Places lie at least a pixel inside the window.
    weights[top * side + left]! += (1 - u) * (1 - v);
    weights[top * side + left + 1]! += u * (1 - v);
    weights[(top + 1) * side + left]! += (1 - u) * v;
    weights[(top + 1) * side + left + 1]! += u * v;
  }
  return convolve(image, radius, (x, y) => weights[(y + radius) * side + x + radius]!); // |x|, |y| ≤ radius
}

/** Convolution with weights that are made to sum to 1. */
function convolve(
  image: Raster<Float32Array>,
  radius: number,
  weight: (x: number, y: number) => number,
): Raster<Float32Array> {
  const side = 2 * radius + 1;
  const weights = new Float64Array(side * side);
  let sum = 0;
  for (let y = -radius, k = 0; y <= radius; y++) {
    for (let x = -radius; x <= radius; x++, k++) {
      weights[k] = weight(x, y);
      sum += weights[k]!; // k < side²
    }
  }
  for (let k = 0; k < weights.length; k++) weights[k]! /= sum; // k < length
  return mapPlanes(image, (plane, out) => convolveWindow(image.width, image.height, plane, radius, weights, out));
}
