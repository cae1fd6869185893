import { createRaster, DataError, DomainError, type Raster } from "@materiome/core";
import { type Calibration, resolveCalibration } from "./calibration.ts";
import { type DataBar, findDataBar, withoutBar } from "./dataBar.ts";
import { decodeSamples } from "./decodeSamples.ts";
import { fileCalibration } from "./fileCalibration.ts";
import { greyAndColour } from "./greyAndColour.ts";
import { greyScale } from "./greyScale.ts";
import { greyWarning } from "./greyWarning.ts";
import { openImage } from "./openImage.ts";
import { OTHER_PAGES, requireGreyLevels, storageWarnings } from "./storage.ts";

export interface ReadMicrographOptions {
  /** Edge of a pixel, µm; goes before what the file says. @defaultValue what the file says */
  readonly pixelSizeUm?: number | undefined;
  /** Page of a TIFF stack, from 0. @defaultValue 0 */
  readonly page?: number | undefined;
  /**
   * Values that become black and white.
   * @defaultValue full scale of unsigned 8 and 16 bits; else 0 … 1 where all values lie there; else the file's own range,
   *   with a warning
   */
  readonly range?: readonly [number, number] | undefined;
  /** Whether a data bar that is surely one is cut off, or kept as part of the picture. @defaultValue "crop" */
  readonly dataBar?: "crop" | "keep" | undefined;
}

export interface Micrograph {
  /**
   * Grey in 0 … 1 of full scale (255 or 65535, or the option `range`), `pixelSizeUm` set where there is a calibration. Of
   * colour it is the luma 0.2126 R + 0.7152 G + 0.0722 B.
   */
  readonly grey: Raster<Float32Array>;
  /** Red, green and blue, interleaved, on the scale of `grey`. Absent for a grey file, also one whose three channels agree. */
  readonly colour?: Raster<Float32Array> | undefined;
  readonly bitDepth: 8 | 16 | 32;
  /** Channels in the file, alpha included. */
  readonly sourceChannels: number;
  /** Page read, from 0, and how many the file holds. */
  readonly page: number;
  readonly pages: number;
  /** The strip that was cut off; absent where there was none, or none surely, or it is kept. */
  readonly dataBar?: DataBar | undefined;
  /** Absent where neither caller nor file gives one: lengths are then pixels. */
  readonly calibration?: Calibration | undefined;
  readonly warnings: readonly string[];
}

/**
 * Reads a PNG, JPEG, WebP or TIFF (also BigTIFF; also any of them compressed by gzip) as grey, with its colours and its
 * calibration. Integers of 8, 16 and 32 bits and 32-bit floats are read without a loss; pixels are as stored: colour
 * profiles are not applied, an orientation tag is not followed (a warning), transparency is ignored (a warning).
 *
 * Calibration: the option; else the microscope's tags (FEI, Phenom, Zeiss), its side-car `<stem>.txt` (JEOL, Hitachi),
 * OME-XML or ImageJ metadata, a plausible TIFF resolution (see `tiffCalibration`). Sources that differ by more than 2 % are
 * a warning that names both.
 *
 * A data bar is cut off where it surely is one (see `findDataBar`), which `dataBar` reports. A warning names the share of
 * clipped pixels, or says that so few grey levels are a mask (see `greyWarning`).
 *
 * @throws FormatError, naming the file, if it is missing, no image, truncated, larger than 400 million pixels, animated,
 *   CMYK, a 1-bit mask, of samples that would be changed (signed or floating 16 bits, 64 bits), or not finite
 * @throws DomainError for a pixel size, range or page out of range
 * @example
 * const { grey, calibration } = await readMicrograph("steel.tif", { pixelSizeUm: 0.225 });
 */
export async function readMicrograph(path: string, options: ReadMicrographOptions = {}): Promise<Micrograph> {
  const page = options.page ?? 0;
  if (!(Number.isInteger(page) && page >= 0)) {
    throw new DomainError(`readMicrograph: page must be a whole number from 0, got ${page}`);
  }
  const image = await openImage(path, page);
  const { metadata, width, height, pages } = image;
  requireGreyLevels(image);
  const warnings = [...image.warnings, ...storageWarnings(image, page)];
  const samples = await decodeSamples(image);
  const scale = greyScale(samples, options.range, path);
  const file = await fileCalibration(image);
  const resolved = resolveCalibration(options.pixelSizeUm, file.findings);
  warnings.push(...scale.warnings, ...resolved.warnings);
  const { calibration } = resolved;
  const pixelSizeUm = calibration?.pixelSizeUm;
  const pixels = greyAndColour(samples, scale);
  let grey = createRaster(pixels.grey, width, height, { pixelSizeUm });
  let colour = pixels.colour && createRaster(pixels.colour, width, height, { channels: 3, pixelSizeUm });
  const dataBar = options.dataBar === "keep" ? undefined : findDataBar(grey, file.scannedRows);
  if (dataBar !== undefined) {
    grey = withoutBar(grey, dataBar);
    colour = colour && withoutBar(colour, dataBar);
  }
  const doubt = greyWarning([grey.data]);
  if (doubt !== undefined) warnings.push(doubt);
  const { bitDepth } = samples;
  return { grey, colour, bitDepth, sourceChannels: metadata.channels, page, pages, dataBar, calibration, warnings };
}

/**
 * Reads every page of a file in turn.
 *
 * @throws as `readMicrograph`; DataError if the pages together pass 400 million pixels: read them one by one
 * @example
 * for (const { grey, page } of await readMicrographPages("stack.tif")) console.log(page, grey.width);
 */
export async function readMicrographPages(
  path: string,
  options: Omit<ReadMicrographOptions, "page"> = {},
): Promise<Micrograph[]> {
  const first = await readMicrograph(path, { ...options, page: 0 });
  const nPixels = first.pages * first.grey.data.length;
  if (nPixels > 400_000_000) {
    throw new DataError(
      `readMicrographPages: ${first.pages} pages have ${nPixels} pixels, more than 400 million; read them one by one with the option \`page\``,
      { location: { file: path } },
    );
  }
  const pages = [first];
  for (let page = 1; page < first.pages; page++) pages.push(await readMicrograph(path, { ...options, page }));
  return pages.map((one) => ({ ...one, warnings: one.warnings.filter((text) => !text.includes(OTHER_PAGES)) }));
}
