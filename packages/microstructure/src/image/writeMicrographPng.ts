import { type Raster, ShapeError, writeFileAtomic } from "@materiome/core";
import sharp from "sharp";

/**
 * Writes a grey picture as an 8-bit PNG, as a microscope camera would save it.
 *
 * @param grey - one channel, values in [0, 1]; what lies outside is written as black or white
 * @throws ShapeError for more than one channel
 * @throws FormatError or DataError if the file cannot be written; nothing half-written is left
 * @example
 * await writeMicrographPng("field-01.png", renderMicrograph(labels, {}, createRandom(1)));
 */
export async function writeMicrographPng(path: string, grey: Raster<Float32Array>): Promise<void> {
  if (grey.channels !== 1) {
    throw new ShapeError(`writeMicrographPng: expected one grey channel, got ${grey.channels}`);
  }
  const bytes = Uint8ClampedArray.from(grey.data, (value) => value * 255);
  const raw = { width: grey.width, height: grey.height, channels: 1 as const };
  await writeFileAtomic(path, await sharp(bytes, { raw }).toColourspace("b-w").png().toBuffer());
}
