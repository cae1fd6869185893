import type { Raster } from "@materiome/core";
import { type BandSpace, bandSpace } from "../bands/bandSpace.ts";
import { memoryStore, type RowReader } from "../bands/rowStore.ts";
import { requireGrey } from "./greyImage.ts";
import { hMaximaBands, hMinimaBands } from "./hMaximaBands.ts";
import { withData } from "./morphologyFilter.ts";
import type { ReconstructOptions } from "./reconstructByDilationBands.ts";
import { regionalMaximaBands, regionalMinimaBands } from "./regionalMaximaBands.ts";

/**
 * Plateaus of equal value without a higher neighbour: 1 there, 0 elsewhere. An image of one grey is one plateau.
 *
 * @param image - one channel, finite
 * @throws ShapeError for colour; DomainError for NaN or infinite pixels
 * @example
 * const peaks = regionalMaxima(image);
 */
export function regionalMaxima(image: Raster<Float32Array>, options: ReconstructOptions = {}): Raster<Uint8Array> {
  return inOneBand("regionalMaxima", image, (space, rows) => regionalMaximaBands(space, rows, options));
}

/**
 * The same for valleys: plateaus without a lower neighbour.
 *
 * @example
 * const basins = regionalMinima(relief);
 */
export function regionalMinima(image: Raster<Float32Array>, options: ReconstructOptions = {}): Raster<Uint8Array> {
  return inOneBand("regionalMinima", image, (space, rows) => regionalMinimaBands(space, rows, options));
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
  return inOneBand("hMaxima", image, (space, rows) => hMaximaBands(space, rows, h, options));
}

/**
 * The same for valleys: regional minima of dynamics at least `h`.
 *
 * @example
 * const seeds = connectedRegions(hMinima(relief, 0.05));
 */
export function hMinima(image: Raster<Float32Array>, h: number, options: ReconstructOptions = {}): Raster<Uint8Array> {
  return inOneBand("hMinima", image, (space, rows) => hMinimaBands(space, rows, h, options));
}

function inOneBand(
  caller: string,
  image: Raster<Float32Array>,
  byBands: (space: BandSpace, rows: RowReader<Float32Array>) => RowReader<Uint8Array>,
): Raster<Uint8Array> {
  requireGrey(caller, image);
  const { width, height, data } = image;
  return withData(
    image,
    byBands(bandSpace(width, height), memoryStore("float32", width, height, data)).read(0, height),
  );
}
