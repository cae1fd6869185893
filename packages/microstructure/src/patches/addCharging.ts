import type { Random, Raster } from "@materiome/core";
import { chargeRows, gaussianBlur } from "../kernels/index.ts";
import { type ChargingOptions, resolveStep } from "./augmentation.ts";
import { mapPlanes } from "./planes.ts";
import { drawFrom } from "./range.ts";

/**
 * Charging streaks of a scanning electron microscope: on some scan lines (rows), the brightest places leave a tail to the right that
 * falls exponentially. Bright places themselves stay; they are found in the image smoothed by 1.5 px, so that noise does not charge.
 *
 * @param image - grey or colour
 * @throws DomainError for options out of range
 * @example
 * const charged = addCharging(image, createRandom(1), { amplitude: [0.3, 0.3], rowShare: [0.5, 0.5] });
 */
export function addCharging(
  image: Raster<Float32Array>,
  random: Random,
  options: ChargingOptions = {},
): Raster<Float32Array> {
  const ranges = resolveStep("addCharging", "charging", options);
  const amplitude = drawFrom(ranges.amplitude, random);
  const decay = Math.exp(-1 / drawFrom(ranges.lengthPx, random));
  const brightShare = drawFrom(ranges.brightShare, random);
  const rowShare = drawFrom(ranges.rowShare, random);
  const gains = Float64Array.from({ length: image.height }, () => {
    const isCharged = random.next() < rowShare;
    return amplitude * random.next() * (isCharged ? 1 : 0);
  });
  return mapPlanes(image, (plane, out) => {
    const smooth = new Float32Array(plane.length);
    gaussianBlur(image.width, image.height, plane, 1.5, new Float32Array(plane.length), smooth);
    const sorted = smooth.slice().sort();
    const at = sorted.length - Math.round(brightShare * sorted.length);
    // A uniform image, or one whose brightest share is its background, has no bright pixels.
    const threshold = Math.max(sorted[Math.min(at, sorted.length - 1)]!, sorted[0]! + 1e-6); // at least one pixel
    chargeRows(image.width, image.height, plane, smooth, at < sorted.length ? threshold : Infinity, decay, gains, out);
  });
}
