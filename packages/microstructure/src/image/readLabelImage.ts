import { createRaster, FormatError, type LabelMap } from "@materiome/core";
import { type Calibration, resolveCalibration } from "./calibration.ts";
import { decodeSamples } from "./decodeSamples.ts";
import { fileCalibration } from "./fileCalibration.ts";
import { openImage } from "./openImage.ts";
import type { ReadMicrographOptions } from "./readMicrograph.ts";

/** `pixelSizeUm` and `page` as in `readMicrograph`. */
export type ReadLabelImageOptions = Pick<ReadMicrographOptions, "pixelSizeUm" | "page">;

export interface LabelImage {
  readonly labels: LabelMap;
  readonly calibration?: Calibration | undefined;
  readonly warnings: readonly string[];
}

/**
 * Reads a label image as written by `writeLabelTiff` or edited elsewhere: PNG or TIFF, one channel, unsigned 8, 16 or 32
 * bits, or 32-bit float with whole numbers (as ImageJ saves them). Values are taken as they are; 0 is boundary. A 1-bit mask
 * has the labels 0 (black) and 1 (white).
 *
 * @throws FormatError for a file that is missing, damaged or no image, for colour (also a palette), for JPEG (lossy), and
 *   for negative or fractional values
 * @example
 * const { labels } = await readLabelImage("steel.labels.tif");
 */
export async function readLabelImage(path: string, options: ReadLabelImageOptions = {}): Promise<LabelImage> {
  const page = options.page ?? 0;
  const image = await openImage(path, page);
  const { metadata, width, height } = image;
  const refuse = (message: string): FormatError => new FormatError(message, { location: { file: path } });
  if (metadata.format === "jpeg" || metadata.format === "webp") {
    const name = metadata.format === "jpeg" ? "JPEG" : "WebP";
    throw refuse(`a ${name} cannot hold labels, its compression changes values; save them as TIFF or PNG`);
  }
  if (metadata.channels !== 1) {
    throw refuse(
      `has ${metadata.channels} channels (colour, palette or transparency); labels must be one grey channel, so save the label numbers, not their colours`,
    );
  }
  const { values } = await decodeSamples(image);
  const isMask = metadata.bitsPerSample === 1;
  const data = new Uint32Array(width * height);
  for (let i = 0; i < data.length; i++) {
    const value = isMask ? Math.sign(values[i]!) : values[i]!; // one channel
    if (!(value >= 0 && value <= 0xffffffff && Number.isInteger(value))) {
      throw refuse(
        `pixel (${i % width}, ${Math.floor(i / width)}) is ${value}; labels are whole numbers from 0, so save the label image, not a probability or a difference`,
      );
    }
    data[i] = value;
  }
  const { findings } = await fileCalibration(image);
  const { calibration, warnings } = resolveCalibration(options.pixelSizeUm, findings);
  const labels = createRaster(data, width, height, { pixelSizeUm: calibration?.pixelSizeUm });
  return { labels, calibration, warnings };
}
