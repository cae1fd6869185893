import { open, stat } from "node:fs/promises";
import { FormatError } from "@materiome/core";
import sharp, { type Metadata, type Sharp } from "sharp";
import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowStore } from "../bands/rowStore.ts";
import { decodeSamples } from "../image/decodeSamples.ts";
import { greyAndColour } from "../image/greyAndColour.ts";
import { greyScale } from "../image/greyScale.ts";
import type { OpenedImage } from "../image/openImage.ts";
import { readTiffTags, type TiffTags } from "../image/tiffTags.ts";

/**
 * Opens an image of any size without reading its pixels: PNG, JPEG, WebP or TIFF of 8 or 16 bits, grey or RGB.
 *
 * @throws FormatError, naming the file, for a file that is missing, no such image, or of other samples
 * @example
 * const { width, height } = await openMosaic("mosaic.tif");
 */
export async function openMosaic(path: string): Promise<OpenedImage> {
  const fail = (message: string, cause?: unknown): FormatError =>
    new FormatError(message, { cause, location: { file: path } });
  // Read from top to bottom: what has been passed is let go.
  const decoder = (): Sharp =>
    sharp(path, { limitInputPixels: false, failOn: "warning", ignoreIcc: true, sequentialRead: true });
  let metadata: Metadata;
  try {
    metadata = await decoder().metadata();
  } catch (error) {
    throw fail("is no image that can be read, is damaged or is not there; expected PNG, JPEG, WebP or TIFF", error);
  }
  const { format, width, height, depth } = metadata;
  if (!["png", "jpeg", "webp", "tiff"].includes(format)) throw fail(`is ${format}; expected PNG, JPEG, WebP or TIFF`);
  if (depth !== "uchar" && depth !== "ushort") {
    throw fail(`has samples of type ${depth}, which have no known full scale; save the mosaic with 8 or 16 bits`);
  }
  const tags = format === "tiff" ? await tagsOf(path) : undefined;
  const pages = metadata.pages ?? 1;
  const warnings = pages > 1 ? [`the file holds ${pages} pages; page 0 is used`] : [];
  if (metadata.hasAlpha) warnings.push("transparency is ignored");
  return { path, file: NOTHING, metadata, width, height, pages, tags, firstTags: tags, warnings, decoder };
}

const NOTHING = new Uint8Array(0);

/**
 * Copies the grey values of an opened mosaic, on the scale of `readMicrograph`, into a store.
 *
 * @example
 * const grey = await storeGrey(image, bandSpace(image.width, image.height, { bandRows: 256, folder: "scratch" }));
 */
export async function storeGrey(image: OpenedImage, space: BandSpace): Promise<RowStore<Float32Array>> {
  const { width, height } = image;
  const store = space.store("float32");
  const rows = Math.max(1, Math.floor(PIXELS_AT_ONCE / width));
  for (let top = 0; top < height; top += rows) {
    const region = { left: 0, top, width, height: Math.min(rows, height - top) };
    const samples = await decodeSamples(image, region);
    store.write(top, greyAndColour(samples, greyScale(samples, undefined, image.path)).grey);
  }
  return store;
}

/** A file that must be decoded from its beginning is read size / 2 PIXELS_AT_ONCE times. */
const PIXELS_AT_ONCE = 1 << 24;

/** Tags stand near the beginning or the end of a file; the rest is not read. */
async function tagsOf(path: string): Promise<TiffTags | undefined> {
  const { size } = await stat(path);
  const file = await open(path);
  try {
    // Memory that is never touched is never taken.
    const bytes = new Uint8Array(size);
    const ends = Math.min(size, END_BYTES);
    await file.read(bytes, 0, ends, 0);
    await file.read(bytes, size - ends, ends, size - ends);
    return readTiffTags(bytes, 0);
  } catch {
    return undefined; // tags elsewhere, or damaged: no calibration from the file
  } finally {
    await file.close();
  }
}

const END_BYTES = 4 << 20;
