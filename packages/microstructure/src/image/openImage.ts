import { readFile } from "node:fs/promises";
import { FormatError } from "@materiome/core";
import sharp, { type Metadata, type Sharp } from "sharp";

/** Largest image that is decoded whole. */
const MAX_PIXELS = 400_000_000;

export interface OpenedImage {
  readonly file: Uint8Array;
  readonly metadata: Metadata;
  readonly width: number;
  readonly height: number;
  /** A fresh decoder of the page. */
  decoder(): Sharp;
}

/**
 * Reads an image file and its header.
 *
 * @throws FormatError, naming the file and what to do, for a file that is missing, unreadable, empty, no image, damaged,
 *   too large, or has no such page
 */
export async function openImage(path: string, page: number): Promise<OpenedImage> {
  let file: Uint8Array;
  try {
    file = await readFile(path);
  } catch (error) {
    throw fail(path, READ_FAILURES[(error as NodeJS.ErrnoException).code ?? ""] ?? `cannot be read`, error);
  }
  if (file.length === 0) throw fail(path, "the file is empty; copy it again from the microscope");
  const decoder = (): Sharp => sharp(file, { limitInputPixels: false, failOn: "error", page });
  let metadata: Metadata;
  try {
    metadata = await decoder().metadata();
  } catch (error) {
    throw fail(
      path,
      page > 0
        ? `no page ${page} (counted from 0), or not an image that can be read; check the page number`
        : "not an image that can be read, or damaged; expected PNG, JPEG or TIFF, so open and save it again as TIFF",
      error,
    );
  }
  const { width, height } = metadata;
  if (width * height > MAX_PIXELS) {
    throw fail(path, `${width} × ${height} pixels are more than ${MAX_PIXELS / 1e6} million; cut the image into tiles`);
  }
  return { file, metadata, width, height, decoder };
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

function fail(path: string, message: string, cause?: unknown): FormatError {
  const why = cause instanceof Error ? ` (${cause.message.split("\n")[0]})` : "";
  return new FormatError(message + why, { cause, location: { file: path } });
}

const READ_FAILURES: Readonly<Record<string, string>> = {
  ENOENT: "no such file; check the path",
  EISDIR: "is a folder, not an image; name the images in it",
  EACCES: "no permission to read it; change its permissions",
};
