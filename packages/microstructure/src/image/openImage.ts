import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { FormatError } from "@materiome/core";
import sharp, { type Metadata, type Sharp } from "sharp";
import { readTiffTags, type TiffTags, tagNumber } from "./tiffTags.ts";

/** Largest image that is decoded whole. */
const MAX_PIXELS = 400_000_000;

/** What a compressed file may grow to: 400 million pixels of 16 bits and their tags. */
const MAX_GUNZIPPED_BYTES = 1_000_000_000;

export interface OpenedImage {
  readonly path: string;
  /** Unpacked, where the file was compressed by gzip. */
  readonly file: Uint8Array;
  readonly metadata: Metadata;
  readonly width: number;
  readonly height: number;
  readonly pages: number;
  /** Tags of the page; undefined for other formats than TIFF and for tags that cannot be read. */
  readonly tags: TiffTags | undefined;
  /** Those of the first page, where ImageJ and OME keep their description. */
  readonly firstTags: TiffTags | undefined;
  readonly warnings: readonly string[];
  /** A fresh decoder of the page. */
  decoder(): Sharp;
}

/**
 * Reads an image file and its header: PNG, JPEG, WebP or TIFF, also compressed by gzip (`.tif.gz`).
 *
 * @throws FormatError, naming the file and what to do, for a file that is missing, unreadable, empty, no image, damaged,
 *   animated, of CMYK or another space than grey and RGB, too large, or has no such page
 */
export async function openImage(path: string, page: number): Promise<OpenedImage> {
  let raw: Uint8Array;
  try {
    raw = await readFile(path);
  } catch (error) {
    throw fail(path, READ_FAILURES[(error as NodeJS.ErrnoException).code ?? ""] ?? `cannot be read`, error);
  }
  if (raw.length === 0) throw fail(path, "the file is empty; copy it again from the microscope");
  const file = unpack(path, raw);
  // At the level "error" the decoder fills tiles that a cut file lacks with black and says nothing. Colour profiles would
  // change the values that the detector recorded.
  const decoder = (): Sharp => sharp(file, { limitInputPixels: false, failOn: "warning", page, ignoreIcc: true });
  let metadata: Metadata;
  const { warnings, tags, firstTags } = tagsOf(file, page);
  try {
    metadata = await decoder().metadata();
  } catch (error) {
    throw fail(path, whyNoImage(page, firstTags), error);
  }
  refuseFormat(path, metadata, file);
  const { width, height } = metadata;
  if (width * height > MAX_PIXELS) {
    throw fail(path, `${width} × ${height} pixels are more than ${MAX_PIXELS / 1e6} million; cut the image into tiles`);
  }
  return { path, file, metadata, width, height, pages: metadata.pages ?? 1, tags, firstTags, warnings, decoder };
}

/**
 * Pixels of a prepared decoder.
 *
 * @throws FormatError if the data are truncated or damaged
 */
export async function decodePixels(path: string, pipeline: Sharp): Promise<{ data: Buffer; channels: number }> {
  try {
    const { data, info } = await pipeline.toBuffer({ resolveWithObject: true });
    return { data, channels: info.channels };
  } catch (error) {
    throw fail(path, "the image data are truncated or damaged; copy the file again or save it anew", error);
  }
}

function unpack(path: string, raw: Uint8Array): Uint8Array {
  if (raw[0] !== 0x1f || raw[1] !== 0x8b) return raw;
  try {
    return gunzipSync(raw, { maxOutputLength: MAX_GUNZIPPED_BYTES });
  } catch (error) {
    throw fail(
      path,
      `the gzip data are truncated, damaged or larger than ${MAX_GUNZIPPED_BYTES / 1e9} GB; copy the file again or unpack it`,
      error,
    );
  }
}

function tagsOf(file: Uint8Array, page: number): Pick<OpenedImage, "tags" | "firstTags" | "warnings"> {
  try {
    return { tags: readTiffTags(file, page), firstTags: readTiffTags(file, 0), warnings: [] };
  } catch (error) {
    return { tags: undefined, firstTags: undefined, warnings: [unreadableTags(error)] };
  }
}

/** Warning of a file whose tags cannot be read. */
export function unreadableTags(error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return `the TIFF tags could not be read (${why}): no calibration from the file`;
}

function whyNoImage(page: number, tags: TiffTags | undefined): string {
  if (page > 0) return `no page ${page} (counted from 0), or not an image that can be read; check the page number`;
  const bits = tags === undefined ? undefined : tagNumber(tags, 258);
  if (bits !== undefined && bits > 32) return `has ${bits} bits a sample; save it as 32-bit float`;
  return "not an image that can be read, or damaged; expected PNG, JPEG, WebP or TIFF, so open and save it again as TIFF";
}

/** Colour spaces whose values are grey or RGB as recorded. */
const SPACES: ReadonlySet<string> = new Set(["b-w", "grey16", "srgb", "rgb16", "rgb", "scrgb"]);

/** @param file - its bytes, or at least the first of them */
export function refuseFormat(path: string, metadata: Metadata, file: Uint8Array): void {
  const { format, space } = metadata;
  if (format === "gif") {
    throw fail(
      path,
      "a GIF (often animated) keeps at most 256 colours and hides truncation; export the micrograph as TIFF or PNG",
    );
  }
  if (format !== "png" && format !== "jpeg" && format !== "webp" && format !== "tiff") {
    throw fail(path, `is ${format}; expected PNG, JPEG, WebP or TIFF, so open and save it again as TIFF`);
  }
  if ((format === "webp" && (metadata.pages ?? 1) > 1) || (format === "png" && isAnimatedPng(file))) {
    throw fail(path, "is an animation, not a micrograph; export the frame that is meant as TIFF or PNG");
  }
  if (!SPACES.has(space ?? "")) {
    const name = space === "cmyk" ? "CMYK colours, meant for printing" : `colours of the space "${space}"`;
    throw fail(path, `has ${name}; save the micrograph as grey or RGB`);
  }
}

/** An acTL chunk before the first IDAT. */
function isAnimatedPng(file: Uint8Array): boolean {
  const view = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 8; at + 12 <= view.length; at += 12 + view.readUInt32BE(at)) {
    const kind = view.toString("latin1", at + 4, at + 8);
    if (kind === "acTL") return true;
    if (kind === "IDAT") return false;
  }
  return false;
}

function fail(path: string, message: string, cause?: unknown): FormatError {
  const line = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : ""; // the decoder's own words, unless they are about its settings
  const why = line === "" || line.includes("failOn") ? "" : ` (${line})`;
  return new FormatError(message + why, { cause, location: { file: path } });
}

const READ_FAILURES: Readonly<Record<string, string>> = {
  ENOENT: "no such file; check the path",
  EISDIR: "is a folder, not an image; name the images in it",
  EACCES: "no permission to read it; change its permissions",
};
