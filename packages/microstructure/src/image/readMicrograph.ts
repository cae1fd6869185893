import { createRaster, FormatError, type Raster } from "@materiome/core";
import { type Calibration, type CalibrationFinding, resolveCalibration } from "./calibration.ts";
import { decodePixels, type OpenedImage, openImage } from "./openImage.ts";
import { tiffCalibration } from "./tiffCalibration.ts";

export interface ReadMicrographOptions {
  /** Edge of a pixel, µm; goes before what the file says. @defaultValue what the file says */
  readonly pixelSizeUm?: number | undefined;
  /** Page of a TIFF stack, from 0. @defaultValue 0 */
  readonly page?: number | undefined;
}

export interface Micrograph {
  /** Grey in 0 … 1 of full scale (255 or 65535), `pixelSizeUm` set where there is a calibration. */
  readonly grey: Raster<Float32Array>;
  /** Red, green and blue, interleaved, on the scale of `grey`. Absent for a grey file, also one whose three channels agree. */
  readonly colour?: Raster<Float32Array> | undefined;
  readonly bitDepth: 8 | 16;
  /** Channels in the file, alpha included. */
  readonly sourceChannels: number;
  /** Absent where neither caller nor file gives one: lengths are then pixels. */
  readonly calibration?: Calibration | undefined;
  readonly warnings: readonly string[];
}

/**
 * Reads a PNG, JPEG or TIFF of 8 or 16 bits as grey, with its calibration.
 *
 * Colour becomes luma, 0.2126 R + 0.7152 G + 0.0722 B (ITU-R BT.709); transparency is ignored with a warning. Calibration:
 * the option, else FEI, Zeiss, OME-XML or ImageJ metadata, else a plausible TIFF resolution (see `tiffCalibration`). An
 * option that differs from the file by more than 2 % is used, with a warning.
 *
 * @throws FormatError, naming the file, if it is missing, no image, truncated, larger than 400 million pixels, or of
 *   another depth than 8 or 16 bits
 * @throws DomainError for a pixel size or page out of range
 * @example
 * const { grey, calibration } = await readMicrograph("steel.tif", { pixelSizeUm: 0.225 });
 */
export async function readMicrograph(path: string, options: ReadMicrographOptions = {}): Promise<Micrograph> {
  const page = options.page ?? 0;
  const image = await openImage(path, page);
  const { metadata } = image;
  if (metadata.depth !== "uchar" && metadata.depth !== "ushort") {
    throw new FormatError(
      `pixels are of type ${metadata.depth}, which has no known full scale; save the micrograph with 8 or 16 bits`,
      { location: { file: path } },
    );
  }
  const bitDepth = metadata.depth === "uchar" ? 8 : 16;
  const sourceChannels = metadata.channels;
  const warnings: string[] = [];
  const pages = metadata.pages ?? 1;
  if (pages > 1) warnings.push(`the file holds ${pages} pages; page ${page} is used`);
  if (metadata.hasAlpha) warnings.push("transparency is ignored");
  const pixels = await decodeGreyAndColour(path, image, bitDepth);
  const fromFile = fileCalibration(image, page);
  const resolved = resolveCalibration(options.pixelSizeUm, fromFile);
  warnings.push(...resolved.warnings);
  const { calibration } = resolved;
  const { width, height } = image;
  const pixelSizeUm = calibration?.pixelSizeUm;
  const grey = createRaster(pixels.grey, width, height, { pixelSizeUm });
  const colour = pixels.colour && createRaster(pixels.colour, width, height, { channels: 3, pixelSizeUm });
  return { grey, colour, bitDepth, sourceChannels, calibration, warnings };
}

/** Calibration in the tags; only TIFF carries one that can be trusted. */
export function fileCalibration(image: OpenedImage, page: number): CalibrationFinding {
  return image.metadata.format === "tiff" ? tiffCalibration(image.file, page) : { warnings: [] };
}

async function decodeGreyAndColour(
  path: string,
  image: OpenedImage,
  bitDepth: 8 | 16,
): Promise<{ readonly grey: Float32Array; readonly colour?: Float32Array | undefined }> {
  const nColours = image.metadata.channels - (image.metadata.hasAlpha ? 1 : 0);
  const isGrey = nColours === 1;
  const opaque = image.metadata.hasAlpha ? image.decoder().removeAlpha() : image.decoder();
  // Without the 16-bit colour space sharp reduces to 8 bits, whatever the depth asked for.
  const pipeline =
    bitDepth === 8
      ? opaque.toColourspace(isGrey ? "b-w" : "srgb").raw({ depth: "uchar" })
      : opaque.toColourspace(isGrey ? "grey16" : "rgb16").raw({ depth: "ushort" });
  const { data, channels } = await decodePixels(path, pipeline);
  const values = bitDepth === 8 ? data : new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
  const scale = bitDepth === 8 ? 1 / 255 : 1 / 65_535;
  const grey = new Float32Array(image.width * image.height);
  if (channels === 1) {
    for (let i = 0; i < grey.length; i++) grey[i] = values[i]! * scale; // one value a pixel
    return { grey };
  }
  if (channels < 3) {
    throw new FormatError(`has ${channels} channels; expected grey or colour`, { location: { file: path } });
  }
  let isColoured = false;
  for (let i = 0, k = 0; i < grey.length; i++, k += channels) {
    const red = values[k]!; // 3 channels and more
    const green = values[k + 1]!;
    const blue = values[k + 2]!;
    if (red !== green || green !== blue) isColoured = true;
    grey[i] = (0.2126 * red + 0.7152 * green + 0.0722 * blue) * scale;
  }
  if (!isColoured) return { grey };
  const colour = new Float32Array(3 * grey.length);
  for (let i = 0, k = 0; i < colour.length; i += 3, k += channels) {
    for (let c = 0; c < 3; c++) colour[i + c] = values[k + c]! * scale;
  }
  return { grey, colour };
}
