import { DomainError, type Raster } from "@materiome/core";
import { gaussianBlur } from "../kernels/index.ts";

/**
 * Resizes by linear interpolation between pixel centres; an image that is made smaller by more than 5 % is smoothed first, by a Gaussian
 * of √(s² − 1) / 2 px for s old pixels a new one. Borders repeat the edge pixel; `pixelSizeUm` follows the width.
 *
 * @throws DomainError for a size that is no positive whole number
 * @example
 * const half = resampleRaster(image, image.width / 2, image.height / 2);
 */
export function resampleRaster(image: Raster<Float32Array>, width: number, height: number): Raster<Float32Array> {
  if (!(Number.isInteger(width) && width >= 1 && Number.isInteger(height) && height >= 1)) {
    throw new DomainError(
      `resampleRaster: width and height must be whole numbers of at least 1, got ${width} × ${height}`,
    );
  }
  const { channels } = image;
  const sx = image.width / width;
  const sy = image.height / height;
  const out = new Float32Array(width * height * channels);
  const size = image.width * image.height;
  const scratch = new Float32Array(size);
  const plane = new Float32Array(size);
  const shrink = Math.max(sx, sy);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < size; i++) plane[i] = image.data[i * channels + c]!; // i < size
    if (shrink > 1.05)
      gaussianBlur(image.width, image.height, plane, 0.5 * Math.sqrt(shrink * shrink - 1), scratch, plane);
    for (let y = 0; y < height; y++) {
      const v = Math.min(image.height - 1, Math.max(0, (y + 0.5) * sy - 0.5));
      const y0 = Math.floor(v);
      const y1 = Math.min(image.height - 1, y0 + 1);
      for (let x = 0; x < width; x++) {
        const u = Math.min(image.width - 1, Math.max(0, (x + 0.5) * sx - 0.5));
        const x0 = Math.floor(u);
        const x1 = Math.min(image.width - 1, x0 + 1);
        const at = (px: number, py: number): number => plane[py * image.width + px]!; // clamped to the image
        const top = at(x0, y0) + (u - x0) * (at(x1, y0) - at(x0, y0));
        const bottom = at(x0, y1) + (u - x0) * (at(x1, y1) - at(x0, y1));
        out[(y * width + x) * channels + c] = top + (v - y0) * (bottom - top);
      }
    }
  }
  const pixelSizeUm = image.pixelSizeUm === undefined ? undefined : image.pixelSizeUm * sx;
  return { data: out, width, height, channels, pixelSizeUm };
}
