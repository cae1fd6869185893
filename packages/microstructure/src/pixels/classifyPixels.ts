import { DomainError, IncompatibleError, type Raster } from "@materiome/core";
import { isSameScale } from "./isSameScale.ts";
import type { MicrographSegmenter } from "./micrographSegmenter.ts";
import type { RunOptions } from "./predictImage.ts";
import { resampleRaster } from "./resampleRaster.ts";

export interface ClassifyPixelsOptions extends RunOptions {
  /** Edge of the tiles that are worked on at once, px: memory grows with its square, the result does not change. @defaultValue 256 */
  readonly tilePx?: number | undefined;
  /**
   * An image whose pixel size differs from the training images' by more than 5 %: refuse it, take it as it is, or classify
   * it resampled to their pixel size, the probabilities brought back to its own. @defaultValue "refuse"
   */
  readonly otherPixelSize?: "refuse" | "ignore" | "rescale" | undefined;
}

/**
 * Class probabilities of every pixel: as many channels as classes, summing to 1. The same for any tile size and number of threads.
 *
 * @throws IncompatibleError for a grey image and a model of coloured ones or the reverse, or for another pixel size
 * @throws DataError for pixels that are not finite
 * @example
 * const probabilities = await classifyPixels(grey, classifier, { threads: 2 });
 */
export async function classifyPixels(
  image: Raster<Float32Array>,
  classifier: MicrographSegmenter,
  options: ClassifyPixelsOptions = {},
): Promise<Raster<Float32Array>> {
  const { tilePx = 256, otherPixelSize = "refuse", ...run } = options;
  if (!(Number.isInteger(tilePx) && tilePx >= 16)) {
    throw new DomainError(`classifyPixels: tilePx must be a whole number of at least 16, got ${tilePx}`);
  }
  if (isSameScale(image.pixelSizeUm, classifier.pixelSizeUm) || otherPixelSize === "ignore") {
    return classifier.classify(image, tilePx, run);
  }
  if (otherPixelSize === "refuse") requirePixelSize(image, classifier);
  const ratio = pixelSizeRatio(image, classifier);
  const width = Math.max(1, Math.round(image.width * ratio));
  const height = Math.max(1, Math.round(image.height * ratio));
  const resized = resampleRaster(image, width, height);
  const probabilities = await classifier.classify(resized, tilePx, run);
  return { ...resampleRaster(probabilities, image.width, image.height), pixelSizeUm: image.pixelSizeUm };
}

/** @throws IncompatibleError for an image whose pixel size differs from the training images' by more than 5 % */
export function requirePixelSize(
  image: Pick<Raster<Float32Array>, "pixelSizeUm">,
  classifier: Pick<MicrographSegmenter, "pixelSizeUm">,
): void {
  if (isSameScale(image.pixelSizeUm, classifier.pixelSizeUm)) return;
  throw new IncompatibleError(
    `classifyPixels: pixels are ${image.pixelSizeUm} µm, those of the training images ${classifier.pixelSizeUm} µm; the model looks for shapes of a size in pixels, so use otherPixelSize "rescale", or "ignore" to take the image as it is (on the command line --other-scale)`,
  );
}

/**
 * The same of an image that is worked on in bands, which are not rescaled.
 *
 * @throws IncompatibleError
 */
export function requirePixelSizeInBands(
  image: Pick<Raster<Float32Array>, "pixelSizeUm">,
  classifier: Pick<MicrographSegmenter, "pixelSizeUm">,
): void {
  if (isSameScale(image.pixelSizeUm, classifier.pixelSizeUm)) return;
  const ratio = pixelSizeRatio(image, classifier);
  throw new IncompatibleError(
    `pixels are ${image.pixelSizeUm} µm, those of the training images ${classifier.pixelSizeUm} µm, and an image too large to be worked on whole is not rescaled; save it ${ratio.toPrecision(4)} times as wide and high, or cut it into parts, which can be; otherPixelSize "ignore" takes it as it is (on the command line --other-scale ignore)`,
  );
}

/** What is to be said of an image of unknown pixel size where that of the training images is known: it may show another scale. */
export function unknownScale(
  image: Pick<Raster<Float32Array>, "pixelSizeUm">,
  classifier: Pick<MicrographSegmenter, "pixelSizeUm">,
): string[] {
  if (image.pixelSizeUm !== undefined || classifier.pixelSizeUm === undefined) return [];
  return [
    `its pixel size is not known, that of the training images is ${classifier.pixelSizeUm} µm, and it is taken as if it had the same; give it with pixelSizeUm (on the command line --pixel-size)`,
  ];
}

/** Pixels of the training images per pixel of this one; 1 where either is not calibrated. */
function pixelSizeRatio(
  image: Pick<Raster<Float32Array>, "pixelSizeUm">,
  classifier: Pick<MicrographSegmenter, "pixelSizeUm">,
): number {
  if (image.pixelSizeUm === undefined || classifier.pixelSizeUm === undefined) return 1;
  return image.pixelSizeUm / classifier.pixelSizeUm;
}
