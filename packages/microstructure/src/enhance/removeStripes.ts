import type { Raster } from "@materiome/core";
import { inverseRealFft, realFft } from "@materiome/core/numerics";
import { analyseRows, reflectIndex, synthesiseRows } from "../kernels/index.ts";
import { checkImage, checkOption, mapChannels } from "./checkImage.ts";
import { DAUBECHIES, type DaubechiesName } from "./daubechies.ts";

export interface RemoveStripesOptions {
  /** Along which the stripes run. @defaultValue "vertical" */
  readonly direction?: "vertical" | "horizontal" | undefined;
  /** Widest stripe to remove, px; structure wider than this is kept whole. Levels of the transform: ⌈log₂⌉. @defaultValue 32 */
  readonly maxWidthPx?: number | undefined;
  /**
   * Width of the damping, cycles per length of the image along the stripes. Stripes that fade in and out need more, but
   * structure longer than length/sigma along them fades too. @defaultValue 2
   */
  readonly sigma?: number | undefined;
  /** More vanishing moments keep wide stripes and structure better apart. @defaultValue "db8" */
  readonly wavelet?: DaubechiesName | undefined;
}

/**
 * Removes stripes (FIB curtains, scan lines) by wavelet and Fourier transform combined: the image is split by a wavelet
 * transform across the stripes, and in each band of detail the frequencies k along them are multiplied by
 * 1 − exp(−k² / 2σ²). The coarsest approximation, with structure wider than the stripes, stays as it is.
 *
 * The transform acts across the stripes alone, as the damping already selects what is long along them; the image is
 * continued by reflection on all sides. Edges that run along the stripes over the whole image
 * cannot be told from them.
 *
 * @param image - one channel, or three, each by itself
 * @throws ShapeError for another number of channels; DomainError for NaN or infinite values or options out of range
 * @see B. Münch et al., Opt. Express 17, 8567 (2009), doi:10.1364/OE.17.008567
 * @example
 * const clean = removeStripes(slice, { direction: "vertical", maxWidthPx: 16 });
 */
export function removeStripes(image: Raster<Float32Array>, options: RemoveStripesOptions = {}): Raster<Float32Array> {
  const caller = "removeStripes";
  checkImage(caller, image);
  const isVertical = (options.direction ?? "vertical") === "vertical";
  const across = isVertical ? image.width : image.height;
  const along = isVertical ? image.height : image.width;
  const levels = Math.ceil(Math.log2(checkOption(caller, "maxWidthPx", options.maxWidthPx ?? 32, 2, 1 << 16)));
  const sigma = checkOption(caller, "sigma", options.sigma ?? 2, 1e-3, 1e6);
  const filter = Float64Array.from(DAUBECHIES[options.wavelet ?? "db8"]);
  const unit = 2 ** levels;
  // Twice the image, mirrored, repeats itself without a step; the length of rows is a multiple of 2^levels.
  const width = unit * Math.ceil((2 * across) / unit);
  const height = 2 * along;
  const stepX = isVertical ? 1 : image.width;
  const stepY = isVertical ? image.width : 1;
  return mapChannels(image, (values, out) => {
    const grid = new Float64Array(width * height);
    for (let y = 0; y < height; y++) {
      const row = reflectIndex(y, along) * stepY;
      for (let x = 0; x < width; x++) grid[y * width + x] = values[row + reflectIndex(x, across) * stepX]!; // reflected
    }
    const clean = dampLevels(grid, width, height, levels, filter, 2 * sigma);
    for (let y = 0; y < along; y++) {
      for (let x = 0; x < across; x++) out[y * stepY + x * stepX] = clean[y * width + x]!; // along ≤ height, across ≤ width
    }
  });
}

function dampLevels(
  grid: Float64Array,
  width: number,
  height: number,
  levels: number,
  filter: Float64Array,
  sigma: number,
): Float64Array {
  if (levels === 0) return grid;
  const half = width / 2;
  const low = new Float64Array(half * height);
  const high = new Float64Array(half * height);
  analyseRows(width, height, filter, grid, low, high);
  const coarse = dampLevels(low, half, height, levels - 1, filter, sigma);
  const out = new Float64Array(width * height);
  synthesiseRows(width, height, filter, coarse, damp(high, half, height, sigma), out);
  return out;
}

/** Multiplies the frequencies along columns by 1 − exp(−k² / 2σ²). */
function damp(band: Float64Array, width: number, height: number, sigma: number): Float64Array {
  const spectrum = realFft(band, [height, width]);
  const row = spectrum.length / height;
  for (let y = 0; y < height; y++) {
    const k = Math.min(y, height - y);
    const factor = -Math.expm1(-(k * k) / (2 * sigma * sigma));
    for (let i = y * row; i < (y + 1) * row; i++) spectrum[i] = spectrum[i]! * factor; // height × row numbers
  }
  return inverseRealFft(spectrum, [height, width]);
}
