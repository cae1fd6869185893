import type { Random, Raster } from "@materiome/core";
import { type GaussianNoiseOptions, resolveStep, type ShotNoiseOptions, STEP_RULES } from "./augmentation.ts";
import { mapValues } from "./planes.ts";
import { drawFrom } from "./range.ts";

/**
 * Shot noise: adds a normal deviate of variance grey / counts at white, the noise of counted electrons or photons where more than a few
 * are counted. What is below 0 gets none.
 *
 * @param image - grey or colour, 0 … 1
 * @throws DomainError for options out of range
 * @example
 * const noisy = addShotNoise(image, createRandom(1), { countsAtWhite: [50, 50] });
 */
export function addShotNoise(
  image: Raster<Float32Array>,
  random: Random,
  options: ShotNoiseOptions = {},
): Raster<Float32Array> {
  const { countsAtWhite } = resolveStep("addShotNoise", "shotNoise", options);
  const counts = drawFrom(countsAtWhite, random, STEP_RULES.shotNoise.countsAtWhite.isLogarithmic);
  return mapValues(image, (value) => value + Math.sqrt(Math.max(0, value) / counts) * random.normal());
}

/**
 * Gaussian noise of random deviation, the same over the image.
 *
 * @throws DomainError for options out of range
 * @example
 * const noisy = addGaussianNoise(image, createRandom(1), { std: [0.02, 0.05] });
 */
export function addGaussianNoise(
  image: Raster<Float32Array>,
  random: Random,
  options: GaussianNoiseOptions = {},
): Raster<Float32Array> {
  const { std } = resolveStep("addGaussianNoise", "gaussianNoise", options);
  const deviation = drawFrom(std, random);
  return mapValues(image, (value) => value + deviation * random.normal());
}
