import type { Random, Raster } from "@materiome/core";
import { polynomialField } from "../kernels/index.ts";
import { type IlluminationOptions, resolveStep } from "./augmentation.ts";
import { mapPlanes } from "./planes.ts";
import { drawFrom } from "./range.ts";

/**
 * Uneven illumination: multiplies grey by 1 + a · P(x, y), P a random polynomial of low degree without constant term, its largest
 * magnitude 1. All channels alike.
 *
 * @param image - grey or colour
 * @throws DomainError for options out of range
 * @example
 * const shaded = shadeUnevenly(image, createRandom(1), { amplitude: [0.2, 0.4], degree: [2, 2] });
 */
export function shadeUnevenly(
  image: Raster<Float32Array>,
  random: Random,
  options: IlluminationOptions = {},
): Raster<Float32Array> {
  const ranges = resolveStep("shadeUnevenly", "illumination", options);
  const amplitude = drawFrom(ranges.amplitude, random);
  const degree = Math.round(drawFrom(ranges.degree, random));
  const coefficients = Float64Array.from({ length: (degree * (degree + 3)) / 2 }, () => random.normal());
  const field = new Float32Array(image.width * image.height);
  polynomialField(image.width, image.height, degree, coefficients, field);
  return mapPlanes(image, (plane, out) => {
    for (let i = 0; i < plane.length; i++) out[i] = plane[i]! * (1 + amplitude * field[i]!); // one size
  });
}
