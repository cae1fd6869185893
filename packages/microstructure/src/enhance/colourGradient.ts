import { createRaster, type Raster } from "@materiome/core";
import { gaussianBlur, vectorGradient } from "../kernels/index.ts";
import { checkImage, checkOption, splitChannels } from "./checkImage.ts";
import { type ColourSpace, inColourSpace } from "./colourSpaces.ts";

export interface ColourGradientOptions {
  /** Colour space in which differences are taken; a grey image is taken as it is, save for "linear". @defaultValue "lab" */
  readonly space?: ColourSpace | undefined;
  /** Standard deviation of the smoothing before, px; 0 for none. @defaultValue 1 */
  readonly sigmaPx?: number | undefined;
}

export interface ColourGradient {
  /** Steepest change per pixel, in units of the colour space (CIELAB: ΔE*ab). */
  readonly magnitude: Raster<Float32Array>;
  /** Direction of the steepest change, degrees counter-clockwise from +x, −90 … 90; a boundary runs across it. */
  readonly directionDeg: Raster<Float32Array>;
}

/**
 * Vector gradient of a colour image: square root of the larger eigenvalue of Σ_c ∇I_c ∇I_cᵀ and the direction of its
 * eigenvector. Grains that differ in colour but not in grey have edges here and none in a grey image; opposite steps of two
 * channels add up instead of cancelling.
 *
 * @param image - sRGB 0 … 1 of three channels, or one channel
 * @throws ShapeError for another number of channels; DomainError for NaN or infinite values or sigmaPx outside 0 … 1000
 * @see S. Di Zenzo, Comput. Vis. Graph. Image Process. 33, 116 (1986), doi:10.1016/0734-189X(86)90223-9
 * @see A. Cumani, CVGIP: Graph. Models Image Process. 53, 40 (1991), doi:10.1016/1049-9652(91)90018-F
 * @example
 * const { magnitude, directionDeg } = colourGradient(colour, { sigmaPx: 1.5 });
 */
export function colourGradient(image: Raster<Float32Array>, options: ColourGradientOptions = {}): ColourGradient {
  const caller = "colourGradient";
  checkImage(caller, image);
  const sigma = checkOption(caller, "sigmaPx", options.sigmaPx ?? 1, 0, 1000);
  const { width, height, channels, pixelSizeUm } = image;
  const size = width * height;
  const planes = splitChannels(inColourSpace(image, options.space ?? "lab"));
  if (sigma > 0) {
    const scratch = new Float32Array(size);
    for (let c = 0; c < channels; c++) {
      const plane = planes.subarray(c * size, (c + 1) * size);
      gaussianBlur(width, height, plane, sigma, scratch, plane);
    }
  }
  const magnitude = new Float32Array(size);
  const direction = new Float32Array(size);
  vectorGradient(width, height, channels, planes, magnitude, direction);
  for (let i = 0; i < size; i++) direction[i]! *= 180 / Math.PI; // i < size
  return {
    magnitude: createRaster(magnitude, width, height, { pixelSizeUm }),
    directionDeg: createRaster(direction, width, height, { pixelSizeUm }),
  };
}
