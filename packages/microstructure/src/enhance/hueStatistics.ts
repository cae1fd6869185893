import { createRaster, DataError, type Raster } from "@materiome/core";
import { requireSameSize } from "../segment/greyImage.ts";
import { cielab } from "./colourSpaces.ts";

export interface HueAndChroma {
  /** Hue angle h_ab = atan2(b*, a*), degrees 0 … 360; 0 where there is no colour. */
  readonly hueDeg: Raster<Float32Array>;
  /** C*ab = √(a*² + b*²): 0 for greys, about 100 for the strongest colours of a screen. */
  readonly chroma: Raster<Float32Array>;
}

/**
 * Hue angle and chroma of each pixel in CIELAB.
 *
 * @param image - sRGB 0 … 1, three channels
 * @throws ShapeError for another number of channels; DomainError for NaN or infinite values
 * @see CIE 15:2004, section 8.2.2
 * @example
 * const { hueDeg, chroma } = hueAndChroma(colour);
 */
export function hueAndChroma(image: Raster<Float32Array>): HueAndChroma {
  const lab = cielab(image);
  const { width, height, pixelSizeUm } = image;
  const hue = new Float32Array(width * height);
  const chroma = new Float32Array(width * height);
  for (let i = 0; i < hue.length; i++) {
    const a = lab.data[3 * i + 1]!; // three values a pixel
    const b = lab.data[3 * i + 2]!;
    chroma[i] = Math.hypot(a, b);
    hue[i] = chroma[i] === 0 ? 0 : ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360;
  }
  return {
    hueDeg: createRaster(hue, width, height, { pixelSizeUm }),
    chroma: createRaster(chroma, width, height, { pixelSizeUm }),
  };
}

export interface HueStatisticsOptions {
  /** Pixels that count: not 0. @defaultValue all */
  readonly mask?: Raster<Uint8Array> | undefined;
}

export interface HueStatistics {
  /** Direction of the weighted sum of unit vectors, degrees 0 … 360. */
  readonly meanDeg: number;
  /** R, length of the sum over the sum of weights: 1 for one hue, 0 for hues that cancel. */
  readonly resultant: number;
  /** √(−2 ln R), in degrees. */
  readonly standardDeviationDeg: number;
  /** Mean chroma. */
  readonly meanChroma: number;
}

/**
 * Circular mean and spread of hue, pixels weighed by chroma since the hue of greys is noise: with R e^{iθ} = Σ C e^{ih} / Σ C.
 *
 * @throws ShapeError for a mask that does not fit; DataError if no pixel that counts has colour
 * @see K. V. Mardia, P. E. Jupp, Directional Statistics, Wiley (1999), section 2.3, doi:10.1002/9780470316979
 * @example
 * const { meanDeg, resultant } = hueStatistics(hueAndChroma(colour), { mask: grain });
 */
export function hueStatistics(colour: HueAndChroma, options: HueStatisticsOptions = {}): HueStatistics {
  const { mask } = options;
  const { hueDeg, chroma } = colour;
  requireSameSize("hueStatistics", "chroma", chroma, hueDeg);
  if (mask !== undefined) requireSameSize("hueStatistics", "mask", mask, hueDeg);
  let [re, im, sum, n] = [0, 0, 0, 0];
  for (let i = 0; i < hueDeg.data.length; i++) {
    if (mask !== undefined && mask.data[i] === 0) continue;
    const weight = chroma.data[i]!; // same size
    const angle = (hueDeg.data[i]! * Math.PI) / 180;
    re += weight * Math.cos(angle);
    im += weight * Math.sin(angle);
    sum += weight;
    n++;
  }
  if (!(sum > 0)) throw new DataError(`hueStatistics: none of ${n} pixels has colour; a hue needs chroma above 0`);
  const resultant = Math.min(1, Math.hypot(re, im) / sum);
  return {
    meanDeg: ((Math.atan2(im, re) * 180) / Math.PI + 360) % 360,
    resultant,
    standardDeviationDeg: (Math.sqrt(-2 * Math.log(resultant)) * 180) / Math.PI,
    meanChroma: sum / n,
  };
}
