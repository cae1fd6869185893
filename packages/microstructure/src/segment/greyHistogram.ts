import { DomainError, type Raster } from "@materiome/core";
import { type BandSpace, bandSpace } from "../bands/bandSpace.ts";
import { memoryStore, type RowReader } from "../bands/rowStore.ts";
import { greyHistogram as countGrey } from "../kernels/index.ts";
import { rangeOfRows, requireGrey, requireSameSize } from "./greyImage.ts";
import { requireSize } from "./requireRows.ts";

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
  const { width, height, data } = image;
  requireGrey(caller, image);
  if (options.mask !== undefined) requireSameSize(caller, "mask", options.mask, image);
  const mask = options.mask && memoryStore("uint8", width, height, options.mask.data);
  const rows = memoryStore("float32", width, height, data);
  return histogramOfBands(caller, bandSpace(width, height), rows, { ...options, mask });
}

export interface GreyHistogramBandsOptions extends Omit<GreyHistogramOptions, "mask"> {
  /** Pixels that count are not 0. @defaultValue all pixels */
  readonly mask?: RowReader<Uint8Array> | undefined;
}

/**
 * `greyHistogram` of an image that need not be in memory. Every threshold that is found in a histogram takes it: `otsuThreshold`,
 * `multiOtsuThresholds`, `liThreshold`, `triangleThreshold`, `yenThreshold`, `isodataThreshold`.
 *
 * @throws DomainError, ShapeError as `greyHistogram` does
 * @example
 * const threshold = liThreshold(greyHistogramBands(space, grey));
 */
export function greyHistogramBands(
  space: BandSpace,
  grey: RowReader<Float32Array>,
  options: GreyHistogramBandsOptions = {},
): GreyHistogram {
  return histogramOfBands("greyHistogram", space, grey, options);
}

/** The same, with messages that begin with the name of the function that was called. */
export function histogramOfBands(
  caller: string,
  space: BandSpace,
  grey: RowReader<Float32Array>,
  options: GreyHistogramBandsOptions,
): GreyHistogram {
  const bins = options.bins ?? 256;
  if (!(Number.isInteger(bins) && bins >= 2 && bins <= 65_536)) {
    throw new DomainError(`${caller}: bins must be an integer in 2 … 65536, got ${bins}`);
  }
  const { mask } = options;
  requireSize(caller, space, grey);
  if (mask !== undefined) requireSize(caller, space, mask, "the mask");
  const found = rangeOfRows(caller, space, grey, mask);
  const [min, max] = options.range ?? [found.min, found.max];
  if (!(min < max)) {
    throw new DomainError(
      options.range === undefined
        ? `${caller}: the image is uniform (every pixel is ${found.min}); no threshold can part it`
        : `${caller}: range must rise, got ${min} … ${max}`,
    );
  }
  const counts = new Float64Array(bins);
  for (const { from, to } of space.bands(0)) {
    const rows = grey.read(from, to);
    countGrey(rows.length, rows, mask?.read(from, to) ?? new Uint8Array(0), min, bins / (max - min), counts);
  }
  return { counts, min, max };
}
