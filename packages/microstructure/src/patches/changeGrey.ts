import type { Random, Raster } from "@materiome/core";
import {
  type BrightnessOptions,
  type ContrastOptions,
  type GammaOptions,
  resolveStep,
  STEP_RULES,
  type WhiteBalanceOptions,
} from "./augmentation.ts";
import { mapPlanes, mapValues } from "./planes.ts";
import { drawFrom } from "./range.ts";

/**
 * Spreads or narrows grey about its mean (of all channels) by a random factor.
 *
 * @param image - grey or colour
 * @throws DomainError for options out of range
 * @example
 * const flat = changeContrast(image, createRandom(1), { factor: [0.5, 0.8] });
 */
export function changeContrast(
  image: Raster<Float32Array>,
  random: Random,
  options: ContrastOptions = {},
): Raster<Float32Array> {
  const { factor } = resolveStep("changeContrast", "contrast", options);
  const gain = drawFrom(factor, random, STEP_RULES.contrast.factor.isLogarithmic);
  const { data } = image;
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i]!; // i < length
  const mean = sum / data.length;
  return mapValues(image, (value) => mean + gain * (value - mean));
}

/**
 * Adds a random grey to all pixels.
 *
 * @throws DomainError for options out of range
 * @example
 * const brighter = changeBrightness(image, createRandom(1), { shift: [0.1, 0.1] });
 */
export function changeBrightness(
  image: Raster<Float32Array>,
  random: Random,
  options: BrightnessOptions = {},
): Raster<Float32Array> {
  const { shift } = resolveStep("changeBrightness", "brightness", options);
  const added = drawFrom(shift, random);
  return mapValues(image, (value) => value + added);
}

/**
 * Grey to the power of a random exponent; what is below 0 keeps its sign.
 *
 * @throws DomainError for options out of range
 * @example
 * const darker = changeGamma(image, createRandom(1), { exponent: [1.5, 2] });
 */
export function changeGamma(
  image: Raster<Float32Array>,
  random: Random,
  options: GammaOptions = {},
): Raster<Float32Array> {
  const { exponent } = resolveStep("changeGamma", "gamma", options);
  const power = drawFrom(exponent, random, STEP_RULES.gamma.exponent.isLogarithmic);
  return mapValues(image, (value) => Math.sign(value) * Math.abs(value) ** power);
}

/**
 * Multiplies each channel by a random factor of its own, as lamps, filters and etchants differ. Of a grey image: its brightness.
 *
 * @throws DomainError for options out of range
 * @example
 * const warmer = changeWhiteBalance(image, createRandom(1), { gain: [0.9, 1.1] });
 */
export function changeWhiteBalance(
  image: Raster<Float32Array>,
  random: Random,
  options: WhiteBalanceOptions = {},
): Raster<Float32Array> {
  const { gain } = resolveStep("changeWhiteBalance", "whiteBalance", options);
  return mapPlanes(image, (plane, out) => {
    const factor = drawFrom(gain, random, STEP_RULES.whiteBalance.gain.isLogarithmic);
    for (let i = 0; i < plane.length; i++) out[i] = factor * plane[i]!; // i < length
  });
}
