import { DomainError, type Raster } from "@materiome/core";
import { clipHistogram, interpolateTileMaps, tileHistograms } from "../kernels/index.ts";
import { checkImage, checkOption, checkWhole } from "./checkImage.ts";

export interface ClaheOptions {
  /** Tiles along x and along y. @defaultValue [8, 8] */
  readonly tiles?: readonly [number, number] | undefined;
  /** Most pixels in a bin, in units of their mean; 1 changes nothing, Infinity equalises without limit. @defaultValue 3 */
  readonly clipLimit?: number | undefined;
  /** Bins of the histograms. @defaultValue 256 */
  readonly bins?: number | undefined;
  /** Grey that is black and grey that is white. @defaultValue [0, 1] */
  readonly range?: readonly [number, number] | undefined;
}

/**
 * Contrast-limited adaptive histogram equalisation: grey becomes its share in the cumulative histogram of its tile, bins
 * being cut off at `clipLimit` means and what was cut shared out among the others, so that contrast grows by `clipLimit` at
 * most; bilinear between the centres of tiles. Cumulative histograms are linear within bins, so grey is not made coarser.
 *
 * A colour's largest channel is equalised and the others scaled with it, which keeps hue and saturation.
 *
 * @param image - one channel or three, within `range`
 * @returns same size and calibration, within `range`
 * @throws ShapeError for other channels; DomainError for NaN or infinite values, values outside `range`, options out of range
 * @see K. Zuiderveld, in Graphics Gems IV, Academic Press (1994), p. 474
 * @example
 * const clear = clahe(image, { tiles: [8, 8], clipLimit: 4 });
 */
export function clahe(image: Raster<Float32Array>, options: ClaheOptions = {}): Raster<Float32Array> {
  const caller = "clahe";
  checkImage(caller, image);
  const { width, height, channels, data } = image;
  const [tilesX, tilesY] = options.tiles ?? [8, 8];
  const nx = checkWhole(caller, "tiles[0]", tilesX, 1, width);
  const ny = checkWhole(caller, "tiles[1]", tilesY, 1, height);
  const nBins = checkWhole(caller, "bins", options.bins ?? 256, 2, 65_536);
  const clipLimit = checkOption(caller, "clipLimit", options.clipLimit ?? 3, 1, Number.POSITIVE_INFINITY);
  const [low, high] = options.range ?? [0, 1];
  if (!(high > low)) throw new DomainError(`${caller}: range must rise, got ${low} … ${high}`);
  const size = width * height;
  const position = new Float32Array(size);
  let nOutside = 0;
  for (let i = 0, k = 0; i < size; i++) {
    let brightest = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < channels; c++, k++) {
      const value = data[k]!; // k < size × channels
      if (value < low || value > high) nOutside++;
      brightest = Math.max(brightest, value);
    }
    position[i] = (brightest - low) / (high - low);
  }
  if (nOutside > 0) {
    throw new DomainError(`${caller}: ${nOutside} values lie outside ${low} … ${high}; give the range of the image`);
  }
  const counts = new Float64Array(nx * ny * nBins);
  tileHistograms(width, height, nx, ny, position, nBins, counts);
  const cumulative = new Float64Array(nx * ny * (nBins + 1));
  for (let t = 0; t < nx * ny; t++) {
    const at = t * nBins;
    let total = 0;
    for (let b = 0; b < nBins; b++) total += counts[at + b]!; // nx × ny × nBins counts
    clipHistogram(nBins, at, (clipLimit * total) / nBins, counts);
    let sum = 0;
    for (let b = 0; b < nBins; b++) {
      sum += counts[at + b]!;
      cumulative[t * (nBins + 1) + b + 1] = sum / total;
    }
  }
  const equal = new Float32Array(size);
  interpolateTileMaps(width, height, nx, ny, position, nBins, cumulative, equal);
  const out = new Float32Array(data.length);
  for (let i = 0, k = 0; i < size; i++) {
    const before = position[i]!; // i < size
    const after = equal[i]!;
    for (let c = 0; c < channels; c++, k++) {
      // Black has no hue to keep: it becomes a grey.
      const share = channels === 1 || before === 0 ? 1 : (data[k]! - low) / (high - low) / before;
      out[k] = low + (high - low) * Math.min(1, after * share);
    }
  }
  return { ...image, data: out };
}
