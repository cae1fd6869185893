import { open, stat } from "node:fs/promises";
import { FormatError } from "@materiome/core";
import sharp, { type Metadata, type Sharp } from "sharp";
import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowStore } from "../bands/rowStore.ts";
import { decodeSamples } from "../image/decodeSamples.ts";
import { greyAndColour, scaledChannels } from "../image/greyAndColour.ts";
import { greyScale } from "../image/greyScale.ts";
import { type OpenedImage, refuseFormat, unreadableTags } from "../image/openImage.ts";
import { requireGreyLevels, storageWarnings } from "../image/storage.ts";
import { readTiffTags, type TiffTags } from "../image/tiffTags.ts";
import type { ColourRows } from "../segment/perceptualChannels.ts";

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
  refuseFormat(path, metadata, await firstBytes(path));
  requireGreyLevels({ path, metadata });
  if (depth !== "uchar" && depth !== "ushort") {
    throw fail(`has samples of type ${depth}, which have no known full scale; save the mosaic with 8 or 16 bits`);
  }
  const pages = metadata.pages ?? 1;
  const { tags, warnings } = format === "tiff" ? await tagsOf(path) : { tags: undefined, warnings: [] };
  warnings.push(...storageWarnings({ metadata, pages }, 0));
  return { path, file: NOTHING, metadata, width, height, pages, tags, firstTags: tags, warnings, decoder };
}

const NOTHING = new Uint8Array(0);

/** An image kept in stores of a band space. */
export interface StoredMosaic {
  /** On the scale of `readMicrograph`. */
  readonly grey: RowStore<Float32Array>;
  /** Red, green and blue; absent where they were not asked for, and for a grey file, also one whose channels agree. */
  readonly colour?: ColourRows | undefined;
  /** Whether the channels differ in some pixel, whether or not they were asked for. */
  readonly isColoured: boolean;
}

/**
 * Copies an opened mosaic into stores: grey, of colour the luma, and if asked the colours.
 *
 * @param space - of the size of the image
 * @example
 * const { grey } = await storeMosaic(image, bandSpace(image.width, image.height, { bandRows: 256, folder: "scratch" }));
 */
export async function storeMosaic(
  image: OpenedImage,
  space: BandSpace,
  options: { readonly hasColour?: boolean | undefined } = {},
): Promise<StoredMosaic> {
  const { width, height } = image;
  const grey = space.store("float32");
  const nChannels = image.metadata.channels - (image.metadata.hasAlpha ? 1 : 0);
  const isKept = (options.hasColour ?? false) && nChannels === 3;
  const colour = isKept ? ([0, 1, 2] as const).map(() => space.store("float32")) : [];
  let isColoured = false;
  const rows = Math.max(1, Math.floor(PIXELS_AT_ONCE / (isKept ? 2 : 1) / width));
  for (let top = 0; top < height; top += rows) {
    const region = { left: 0, top, width, height: Math.min(rows, height - top) };
    const samples = await decodeSamples(image, region);
    const scale = greyScale(samples, undefined, image.path);
    const part = greyAndColour(samples, scale);
    grey.write(top, part.grey);
    if (part.colour !== undefined) isColoured = true;
    if (!isKept) continue;
    const interleaved = part.colour ?? scaledChannels(samples, scale);
    const plane = new Float32Array(part.grey.length);
    for (const [c, store] of colour.entries()) {
      for (let i = 0, k = c; i < plane.length; i++, k += 3) plane[i] = interleaved[k]!; // three values a pixel
      store.write(top, plane);
    }
  }
  if (isKept && isColoured) return { grey, colour: colour as unknown as ColourRows, isColoured };
  for (const store of colour) store.close();
  return { grey, isColoured };
}

/** A file that must be decoded from its beginning is read size / 2 PIXELS_AT_ONCE times. */
const PIXELS_AT_ONCE = 1 << 24;

async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

const HEAD_BYTES = 1 << 16;

/** Tags stand near the beginning or the end of a file; the rest is not read. */
async function tagsOf(path: string): Promise<{ readonly tags: TiffTags | undefined; readonly warnings: string[] }> {
  const { size } = await stat(path);
  const file = await open(path);
  try {
    // Memory that is never touched is never taken.
    const bytes = new Uint8Array(size);
    const ends = Math.min(size, END_BYTES);
    await file.read(bytes, 0, ends, 0);
    await file.read(bytes, size - ends, ends, size - ends);
    return { tags: readTiffTags(bytes, 0), warnings: [] };
  } catch (error) {
    return { tags: undefined, warnings: [unreadableTags(error)] };
  } finally {
    await file.close();
  }
}

const END_BYTES = 4 << 20;
