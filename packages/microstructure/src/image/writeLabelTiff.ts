import { type LabelMap, writeFileAtomic } from "@materiome/core";
import { encodeTiff } from "./encodeTiff.ts";

export interface WriteLabelTiffOptions {
  /** @defaultValue "deflate" */
  readonly compression?: "deflate" | "none" | undefined;
  /** Description in the file: ImageJ's, or OME-XML. @defaultValue "ome" for a path that ends in `.ome.tif`, else "imagej" */
  readonly metadata?: "imagej" | "ome" | undefined;
}

/** Bytes of the file that `writeLabelTiff` writes. */
export function encodeLabelTiff(labels: LabelMap, options: WriteLabelTiffOptions = {}): Uint8Array {
  const { data, width, height, pixelSizeUm } = labels;
  let max = 0;
  for (const value of data) if (value > max) max = value;
  const values = max <= 65_535 ? Uint16Array.from(data) : data;
  return encodeTiff([values], width, height, { pixelSizeUm, ...options });
}

/**
 * Writes a label map as TIFF: 16 bits up to label 65535, else 32 bits, calibrated where the map is, readable by ImageJ,
 * scikit-image, tifffile and PIL, or as OME-TIFF. The file appears whole or not at all.
 *
 * @throws DataError if the folder is missing or not writable
 * @example
 * await writeLabelTiff("steel.labels.tif", labels);
 */
export async function writeLabelTiff(
  path: string,
  labels: LabelMap,
  options: WriteLabelTiffOptions = {},
): Promise<void> {
  const metadata = options.metadata ?? metadataOfName(path);
  await writeFileAtomic(path, encodeLabelTiff(labels, { ...options, metadata }));
}

/** OME asks for its own ending of the name. */
export function metadataOfName(path: string): "imagej" | "ome" {
  return /\.ome\.tiff?$/i.test(path) ? "ome" : "imagej";
}
