import { FormatError } from "@materiome/core";
import type { OpenedImage } from "./openImage.ts";

/** @throws FormatError, naming the file, for a mask of 1 bit a pixel */
export function requireGreyLevels({ path, metadata }: Pick<OpenedImage, "path" | "metadata">): void {
  if (metadata.bitsPerSample !== 1) return;
  throw new FormatError(
    "has 1 bit a pixel: a mask without grey values; measure it as labels (`readLabelImage`; on the command line --labels), or save the micrograph in grey",
    { location: { file: path } },
  );
}

/** Ends the warning of a file with several pages. */
export const OTHER_PAGES = "is used; the others are not";

/** What of a file is not read: other pages, transparency, the wish to be turned. */
export function storageWarnings({ metadata, pages }: Pick<OpenedImage, "metadata" | "pages">, page: number): string[] {
  const warnings: string[] = [];
  if (pages > 1) warnings.push(`the file holds ${pages} pages; page ${page} (from 0) ${OTHER_PAGES}`);
  if (metadata.hasAlpha) warnings.push("transparency is ignored");
  const { orientation } = metadata;
  if (orientation !== undefined && orientation > 1) {
    warnings.push(`the file asks to be shown turned or mirrored (orientation ${orientation}); it is read as stored`);
  }
  return warnings;
}
