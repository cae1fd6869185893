import { openMosaic } from "../mosaic/openMosaic.ts";

/** Whether a file is an image too large to be worked on whole. */
export async function isLarge(file: string, mostPixels: number): Promise<boolean> {
  // What cannot be opened is reported by whoever reads it.
  const image = await openMosaic(file).catch(() => undefined);
  return image !== undefined && image.width * image.height > mostPixels;
}
