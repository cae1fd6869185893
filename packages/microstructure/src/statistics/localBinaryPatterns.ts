import { createRaster, DomainError, type Raster } from "@materiome/core";
import { localBinaryCodes } from "../kernels/index.ts";
import { requireGrey } from "./greyLevels.ts";

export interface LocalBinaryPatternsOptions {
  /** Radius of the circle, px. @defaultValue 1 */
  readonly radiusPx?: number | undefined;
  /** Points on the circle, 3 … 254. @defaultValue 8 */
  readonly nPoints?: number | undefined;
}

export interface LocalBinaryPatterns {
  /** 0 … nPoints: uniform pattern with so many points not darker than the centre; nPoints + 1: not uniform. */
  readonly codes: Raster<Uint8Array>;
  /** Share of each code, nPoints + 2 numbers, over the pixels whose circle lies in the image. */
  readonly histogram: Float64Array;
}

/**
 * Local binary patterns, uniform (at most two changes around the circle) and rotation invariant: a texture descriptor that
 * brightness and contrast do not change. Points between pixels are interpolated; beyond the image the grey is 0, and such pixels
 * are left out of the histogram.
 *
 * @param image - grey in 0 … 1, floating point
 * @throws ShapeError for more than one channel; DataError for grey outside 0 … 1; DomainError for impossible options or an
 * image too small for one whole circle
 * @see T. Ojala, M. Pietikäinen, T. Mäenpää, doi:10.1109/TPAMI.2002.1017623
 * @example
 * const { histogram } = localBinaryPatterns(image, { radiusPx: 2, nPoints: 16 });
 */
export function localBinaryPatterns(image: Raster, options: LocalBinaryPatternsOptions = {}): LocalBinaryPatterns {
  const who = "localBinaryPatterns";
  const { radiusPx = 1, nPoints = 8 } = options;
  const { width, height, pixelSizeUm } = image;
  if (!(radiusPx > 0 && Number.isInteger(nPoints) && nPoints >= 3 && nPoints <= 254)) {
    throw new DomainError(`${who}: needs a positive radiusPx and nPoints of 3 … 254, got ${radiusPx} and ${nPoints}`);
  }
  const margin = Math.ceil(radiusPx);
  if (!(width > 2 * margin && height > 2 * margin)) {
    throw new DomainError(`${who}: a circle of radius ${radiusPx} px does not fit into ${width} × ${height} pixels`);
  }
  const grey = requireGrey(who, image);
  // Five decimals, so that points on the axes fall on pixels.
  const place = (value: number): number => Math.round(value * 1e5) / 1e5;
  const angle = (k: number): number => (2 * Math.PI * k) / nPoints;
  const offsetX = Float64Array.from({ length: nPoints }, (_, k) => place(radiusPx * Math.cos(angle(k))));
  const offsetY = Float64Array.from({ length: nPoints }, (_, k) => place(-radiusPx * Math.sin(angle(k))));
  const codes = new Uint8Array(grey.length);
  localBinaryCodes(width, height, grey, nPoints, offsetX, offsetY, codes);
  const histogram = new Float64Array(nPoints + 2);
  const share = 1 / ((width - 2 * margin) * (height - 2 * margin));
  for (let y = margin; y < height - margin; y++) {
    for (let x = margin; x < width - margin; x++) histogram[codes[y * width + x]!]! += share; // codes up to nPoints + 1
  }
  return { codes: createRaster(codes, width, height, { pixelSizeUm }), histogram };
}
