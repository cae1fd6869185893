import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { FormatError, isMateriomeError } from "@materiome/core";
import type { AnnotationSet } from "./annotation.ts";
import { readCoco } from "./coco.ts";
import { readGeoJson } from "./geoJson.ts";
import { readImageJRois } from "./imageJRoiZip.ts";
import { parsed } from "./jsonFields.ts";
import { readLabelMe } from "./labelMe.ts";

export interface ReadAnnotationFileOptions {
  /** COCO only: which image of the file; see `readCoco`. */
  readonly image?: string | number | undefined;
}

/**
 * Reads the annotations of an image from a file of COCO, LabelMe, GeoJSON or ImageJ (zip or single ROI), told apart by content.
 *
 * @throws FormatError naming the file for what cannot be read or is none of these; DataError for an image that COCO does not list
 * @example
 * const set = await readAnnotationFile("steel.json");
 * const { labels, classes } = rasteriseAnnotations(set, { width: 1024, height: 768 });
 */
export async function readAnnotationFile(
  path: string,
  options: ReadAnnotationFileOptions = {},
): Promise<AnnotationSet> {
  const location = { file: basename(path) };
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new FormatError(`cannot be read (${(cause as Error).message})`, { location, cause });
  }
  try {
    if (bytes[0] === 0x50 || bytes[0] === 0x49) return readImageJRois(bytes); // P of a zip, I of an ROI: no JSON
    const json = parsed(new TextDecoder("utf-8", { ignoreBOM: false }).decode(bytes), "readAnnotationFile");
    if (Array.isArray(json)) return readGeoJson(json);
    const keys = new Set(typeof json === "object" && json !== null ? Object.keys(json) : []);
    if (keys.has("shapes")) return readLabelMe(json);
    if (keys.has("features")) return readGeoJson(json);
    if (keys.has("images") && keys.has("annotations")) return readCoco(json, { image: options.image });
  } catch (cause) {
    if (!isMateriomeError(cause)) throw cause;
    throw new (cause.constructor as typeof FormatError)(cause.message, { location, cause });
  }
  throw new FormatError("this is no file of COCO, LabelMe, GeoJSON or ImageJ", { location });
}
