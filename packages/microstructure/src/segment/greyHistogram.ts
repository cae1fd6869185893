import { DomainError, type Raster } from "@materiome/core";
import { greyHistogram as countGrey } from "../kernels/index.ts";
import { greyRange } from "./greyImage.ts";

/** Counts of grey in bins of equal width between `min` and `max`. */
export interface GreyHistogram {
  readonly counts: Float64Array;
  /** Lower edge of the first bin. */
  readonly min: number;
  /** Upper edge of the last bin; a value of exactly `max` belongs to it. */
  readonly max: number;
}

export interface GreyHistogramOptions {
  /** Number of bins. The thresholds found are no finer than one bin. @defaultValue 256 */
  readonly bins?: number | undefined;
  /** Lower edge of the first and upper edge of the last bin; values outside count in these. @defaultValue range of the image */
  readonly range?: readonly [min: number, max: number] | undefined;
  /** Pixels that count are not 0. @defaultValue all pixels */
  readonly mask?: Raster<Uint8Array> | undefined;
}

/**
 * Histogram of a grey image: bin k holds the values in [min + k·w, min + (k + 1)·w), w = (max − min) / bins.
 *
 * @param image - one channel, finite
 * @throws DomainError for NaN or infinite pixels, an image of one grey without a given range, or bad options
 * @throws ShapeError for more than one channel or a mask of another size
 * @example
 * const { counts } = greyHistogram(image, { bins: 512 });
 */
export function greyHistogram(image: Raster<Float32Array>, options: GreyHistogramOptions = {}): GreyHistogram {
  return histogramFor("greyHistogram", image, options);
}

/** The same, with messages that begin with the name of the function that was called. */
export function histogramFor(
  caller: string,
  image: Raster<Float32Array>,
  options: GreyHistogramOptions = {},
): GreyHistogram {
  const bins = options.bins ?? 256;
  if (!(Number.isInteger(bins) && bins >= 2 && bins <= 65_536)) {
    throw new DomainError(`${caller}: bins must be an integer in 2 … 65536, got ${bins}`);
  }
  const found = greyRange(caller, image, options.mask);
  const [min, max] = options.range ?? [found.min, found.max];
  if (!(min < max)) {
    throw new DomainError(
      options.range === undefined
        ? `${caller}: the image is uniform (every pixel is ${found.min}); no threshold can part it`
        : `${caller}: range must rise, got ${min} … ${max}`,
    );
  }
  const counts = new Float64Array(bins);
  const mask = options.mask?.data ?? new Uint8Array(0);
  countGrey(image.data.length, image.data, mask, min, bins / (max - min), counts);
  return { counts, min, max };
}
