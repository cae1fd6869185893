import { DomainError, type Raster } from "@materiome/core";
import { regionalMaxima as markMaxima, reconstructGrey } from "../kernels/index.ts";
import { greyRange } from "./greyImage.ts";
import { withData } from "./morphologyFilter.ts";
import type { ReconstructOptions } from "./reconstructByDilationBands.ts";
import { requireConnectivity } from "./requireConnectivity.ts";

/**
 * Plateaus of equal value without a higher neighbour: 1 there, 0 elsewhere. An image of one grey is one plateau.
 *
 * @param image - one channel, finite
 * @throws ShapeError for colour; DomainError for NaN or infinite pixels
 * @example
 * const peaks = regionalMaxima(image);
 */
export function regionalMaxima(image: Raster<Float32Array>, options: ReconstructOptions = {}): Raster<Uint8Array> {
  greyRange("regionalMaxima", image);
  const out = new Uint8Array(image.data.length);
  const connectivity = requireConnectivity("regionalMaxima", options.connectivity ?? 8);
  markMaxima(image.width, image.height, image.data, connectivity, out);
  return withData(image, out);
}

/**
 * The same for valleys: plateaus without a lower neighbour.
 *
 * @example
 * const basins = regionalMinima(relief);
 */
export function regionalMinima(image: Raster<Float32Array>, options: ReconstructOptions = {}): Raster<Uint8Array> {
  greyRange("regionalMinima", image);
  return regionalMaxima(negative(image), options);
}

/**
 * Peaks whose dynamics is at least `h`: regional maxima from which every way to a higher pixel leads down by `h` or more.
 * Found by reconstruction of f − h under f; 1 on the top plateau of each, 0 elsewhere. The highest peak of the image
 * always counts.
 *
 * @param image - one channel, finite
 * @param h - above 0, in the units of the image
 * @throws ShapeError for colour; DomainError for NaN or infinite pixels or h ≤ 0
 * @see P. Soille, Morphological Image Analysis, 2nd ed., section 6.3.4
 * @example
 * const markers = hMaxima(distance, 0.75);
 */
export function hMaxima(image: Raster<Float32Array>, h: number, options: ReconstructOptions = {}): Raster<Uint8Array> {
  greyRange("hMaxima", image);
  if (!(h > 0 && h < Infinity)) throw new DomainError(`hMaxima: h must be above 0, got ${h}`);
  const connectivity = requireConnectivity("hMaxima", options.connectivity ?? 8);
  // Double precision holds f − h exactly unless f is 2²⁹ times finer than h.
  const ceiling = new Float64Array(image.data);
  const lowered = ceiling.map((value) => value - h);
  const grown = lowered.slice();
  reconstructGrey(image.width, image.height, ceiling, connectivity, grown);
  const out = new Uint8Array(lowered.length);
  for (let i = 0; i < out.length; i++) if (grown[i] === lowered[i]) out[i] = 1;
  return withData(image, out);
}

/**
 * The same for valleys: regional minima of dynamics at least `h`.
 *
 * @example
 * const seeds = connectedRegions(hMinima(relief, 0.05));
 */
export function hMinima(image: Raster<Float32Array>, h: number, options: ReconstructOptions = {}): Raster<Uint8Array> {
  greyRange("hMinima", image);
  return hMaxima(negative(image), h, options);
}

function negative(image: Raster<Float32Array>): Raster<Float32Array> {
  return withData(
    image,
    image.data.map((value) => -value),
  );
}
