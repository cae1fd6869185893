import { DataError, type Raster } from "@materiome/core";
import { checkImage, checkSameShape } from "./checkImage.ts";

export interface RemoveBackgroundOptions {
  /** "subtract": I − B, for light that adds. "divide": I · mean(B) / B, for uneven illumination. @defaultValue "subtract" */
  readonly mode?: "subtract" | "divide" | undefined;
  /** Added after subtracting. @defaultValue 0, so that the background becomes 0; negative values are kept */
  readonly level?: number | undefined;
}

/**
 * Takes a background off an image, or divides by it and restores its mean, each channel by itself.
 *
 * @param background - from {@link rollingBall}, {@link gaussianBackground} or {@link polynomialBackground}
 * @throws ShapeError for images of other sizes; DomainError for NaN or infinite values; DataError for dividing by values ≤ 0
 * @example
 * const even = removeBackground(image, polynomialBackground(image, { degree: 2 }), { mode: "divide" });
 */
export function removeBackground(
  image: Raster<Float32Array>,
  background: Raster<Float32Array>,
  options: RemoveBackgroundOptions = {},
): Raster<Float32Array> {
  const caller = "removeBackground";
  checkImage(caller, image);
  checkImage(`${caller} (background)`, background);
  checkSameShape(caller, "background", background, image);
  const level = options.level ?? 0;
  const { channels } = image;
  const n = image.data.length;
  const data = new Float32Array(n);
  if ((options.mode ?? "subtract") === "subtract") {
    for (let i = 0; i < n; i++) data[i] = image.data[i]! - background.data[i]! + level; // same shape
    return { ...image, data };
  }
  const mean = new Float64Array(channels);
  for (let i = 0; i < n; i++) {
    const value = background.data[i]!; // same shape
    if (!(value > 0)) {
      throw new DataError(
        `${caller}: cannot divide by the background, which is ${value} at value ${i}; subtract, or fit a positive one`,
      );
    }
    mean[i % channels]! += (value * channels) / n; // i % channels < channels
  }
  for (let i = 0; i < n; i++) data[i] = (image.data[i]! * mean[i % channels]!) / background.data[i]!; // same shape
  return { ...image, data };
}
