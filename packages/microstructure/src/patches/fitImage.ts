import { createRaster, DomainError, type Raster, ShapeError } from "@materiome/core";
import { resizeRows, transpose } from "../kernels/index.ts";

/** How an image comes to a size: not at all (another size is refused), resized, or the middle cut out. */
export type ImageFit = "exact" | "resize" | "crop";

export interface FitImageOptions {
  readonly widthPx: number;
  readonly heightPx: number;
  /**
   * - `exact`: an image of another size is refused.
   * - `resize`: both sides are brought to the size, each new pixel the mean of what it covers (linear interpolation where it is enlarged).
   *   Changes what a pixel means, and the ratio of the sides where it differs.
   * - `crop`: the middle, at the scale it has; a smaller image is refused.
   * @defaultValue "exact"
   */
  readonly fit?: ImageFit | undefined;
}

/**
 * An image of a wanted size, for networks that take whole images of one size: to train them and to ask them, the same way.
 *
 * `pixelSizeUm` follows where both sides are resized by one factor; where they are not, no pixel size is given.
 *
 * @throws ShapeError for an image of another size with `exact`, or smaller with `crop`; DomainError for sizes that are no whole numbers
 * @example
 * const square = fitImage(image, { widthPx: 128, heightPx: 128, fit: "resize" });
 */
export function fitImage(image: Raster<Float32Array>, options: FitImageOptions): Raster<Float32Array> {
  const who = "fitImage";
  const { widthPx, heightPx, fit = "exact" } = options;
  for (const [name, value] of Object.entries({ widthPx, heightPx })) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new DomainError(`${who}: ${name} must be a positive whole number, got ${value}`);
  }
  if (fit !== "exact" && fit !== "resize" && fit !== "crop") {
    throw new DomainError(`${who}: fit is "${String(fit)}", expected exact, resize or crop`);
  }
  const { width, height, channels, pixelSizeUm } = image;
  if (width === widthPx && height === heightPx) return image;
  if (fit === "exact") {
    throw new ShapeError(
      `${who}: the image is ${width} × ${height} px, expected ${widthPx} × ${heightPx}; say fit: "resize" or "crop" where that does no harm`,
    );
  }
  if (fit === "resize") return resized(image, widthPx, heightPx);
  if (width < widthPx || height < heightPx) {
    throw new ShapeError(
      `${who}: ${widthPx} × ${heightPx} px cannot be cropped from ${width} × ${height}; use a smaller size or fit: "resize"`,
    );
  }
  const [left, top] = [Math.floor((width - widthPx) / 2), Math.floor((height - heightPx) / 2)];
  const data = new Float32Array(widthPx * heightPx * channels);
  for (let y = 0; y < heightPx; y++) {
    const at = ((top + y) * width + left) * channels;
    data.set(image.data.subarray(at, at + widthPx * channels), y * widthPx * channels);
  }
  return createRaster(data, widthPx, heightPx, { channels, pixelSizeUm });
}

function resized(image: Raster<Float32Array>, width: number, height: number): Raster<Float32Array> {
  const { channels } = image;
  const out = new Float32Array(width * height * channels);
  for (let c = 0; c < channels; c++) {
    const plane = channels === 1 ? image.data : image.data.filter((_, i) => i % channels === c);
    const low = new Float32Array(height * image.width);
    resizeRows(image.height, image.width, plane, height, low);
    const turned = new Float32Array(low.length);
    transpose(image.width, height, low, height, turned);
    const narrow = new Float32Array(width * height);
    resizeRows(image.width, height, turned, width, narrow);
    const back = new Float32Array(narrow.length);
    transpose(height, width, narrow, width, back);
    for (const [i, value] of back.entries()) out[i * channels + c] = value;
  }
  const step = image.width / width;
  const isEven = Math.abs(step - image.height / height) < 1e-9 * step;
  const pixelSizeUm = isEven && image.pixelSizeUm !== undefined ? step * image.pixelSizeUm : undefined;
  return createRaster(out, width, height, { channels, pixelSizeUm });
}
