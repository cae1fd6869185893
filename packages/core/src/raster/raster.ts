import { ShapeError } from "../errors/errors.ts";

export type RasterData = Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;

/**
 * An image or a map: row-major, channels interleaved, slices (`depth`) one after the other.
 * Element (x, y) of channel c is `data[(y * width + x) * channels + c]`.
 * `pixelSizeUm` is the edge of a square pixel in µm, absent where no calibration is known.
 */
export interface Raster<T extends RasterData = RasterData> {
  readonly data: T;
  readonly width: number;
  readonly height: number;
  readonly depth?: number | undefined;
  readonly channels: number;
  readonly pixelSizeUm?: number | undefined;
}

/** Label map: 0 is background or boundary, 1 … n are regions. */
export type LabelMap = Raster<Uint32Array>;

export interface CreateRasterOptions {
  /** @defaultValue 1 */
  readonly channels?: number;
  /** @defaultValue undefined: not calibrated */
  readonly pixelSizeUm?: number | undefined;
}

/**
 * Wraps image data, checking that the sizes fit.
 *
 * @throws ShapeError if `data.length` is not width × height × channels
 * @example
 * const labels = createRaster(new Uint32Array(12), 4, 3, { pixelSizeUm: 0.5 });
 */
export function createRaster<T extends RasterData>(
  data: T,
  width: number,
  height: number,
  options: CreateRasterOptions = {},
): Raster<T> {
  const channels = options.channels ?? 1;
  if (data.length !== width * height * channels) {
    throw new ShapeError(
      `createRaster: ${width} × ${height} × ${channels} channels needs ${width * height * channels} values, got ${data.length}`,
    );
  }
  return options.pixelSizeUm === undefined
    ? { data, width, height, channels }
    : { data, width, height, channels, pixelSizeUm: options.pixelSizeUm };
}
