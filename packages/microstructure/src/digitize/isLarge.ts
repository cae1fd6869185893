import { openMosaic } from "../mosaic/openMosaic.ts";
import type { DigitizeMethod } from "../segment/chooseMethod.ts";

/** Whether a file is an image too large to be worked on whole, by a method that works in bands. */
export async function isLarge(file: string, method: DigitizeMethod | "model", mostPixels: number): Promise<boolean> {
  if (!IN_BANDS.includes(method)) return false;
  // What cannot be opened is reported by whoever reads it.
  const image = await openMosaic(file).catch(() => undefined);
  return image !== undefined && image.width * image.height > mostPixels;
}

const IN_BANDS: readonly (DigitizeMethod | "model")[] = [
  "auto",
  "lines",
  "dark",
  "bright",
  "colour",
  "contrast",
  "model",
];
