import { DomainError } from "@materiome/core";
import sharp from "sharp";

/**
 * A small JPEG of a picture file, for pages that show many: fits into a square of `sizePx`, never enlarged.
 *
 * @param picture - contents of a PNG, JPEG, WebP or TIFF
 * @throws DomainError unless `sizePx` is a whole number of at least 16
 * @example
 * const small = await thumbnailJpeg(await readFile("steel.overlay.png"), 240);
 */
export async function thumbnailJpeg(picture: Uint8Array, sizePx: number): Promise<Uint8Array> {
  if (!(Number.isInteger(sizePx) && sizePx >= 16)) {
    throw new DomainError(`thumbnailJpeg: sizePx must be a whole number of at least 16, got ${sizePx}`);
  }
  return sharp(picture, { limitInputPixels: false })
    .resize({ width: sizePx, height: sizePx, fit: "inside", withoutEnlargement: true })
    .jpeg({ quality: 82, mozjpeg: true })
    .toBuffer();
}
