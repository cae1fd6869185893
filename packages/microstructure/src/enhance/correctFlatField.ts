import { DataError, DomainError, type Raster } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { memoryStore } from "../bands/rowStore.ts";
import { flattenBackground } from "../segment/flattenBackground.ts";
import { checkImage, checkOption, checkSameShape, mapChannels } from "./checkImage.ts";

export interface CorrectFlatFieldOptions {
  /** Picture of an even field under the same light; or give `sigmaPx`. @defaultValue undefined: estimated from the image */
  readonly flat?: Raster<Float32Array> | undefined;
  /** Picture without light. @defaultValue undefined: 0 */
  readonly dark?: Raster<Float32Array> | undefined;
  /**
   * Without a flat: standard deviation of the window over which the illumination is estimated, px; much larger than a grain.
   * @defaultValue undefined: a flat is given
   */
  readonly sigmaPx?: number | undefined;
}

/**
 * Removes uneven illumination, which multiplies: (I − D) · mean(F − D) / (F − D), with flat F and dark D, each channel by itself.
 *
 * Without a flat, F is estimated from the image: mean over a wide window, computed twice, the second time without pixels far
 * from the first estimate; mean(I) is then kept. Structure as wide as the window is taken for illumination.
 *
 * @param image - one channel or three
 * @returns same size and calibration; may exceed 1 where the light was weak
 * @throws ShapeError for images of other sizes; DataError where the flat is not brighter than the dark
 * @throws DomainError for NaN or infinite values, or if neither or both of `flat` and `sigmaPx` are given
 * @see J. C. Russ, The Image Processing Handbook, 6th ed., CRC (2011), chapter 4
 * @example
 * const even = correctFlatField(image, { flat, dark });
 */
export function correctFlatField(image: Raster<Float32Array>, options: CorrectFlatFieldOptions): Raster<Float32Array> {
  const caller = "correctFlatField";
  checkImage(caller, image);
  const { flat, dark, sigmaPx } = options;
  for (const [name, raster] of Object.entries({ flat, dark })) {
    if (raster === undefined) continue;
    checkImage(`${caller} (${name})`, raster);
    checkSameShape(caller, name, raster, image);
  }
  if ((flat === undefined) === (sigmaPx === undefined)) {
    throw new DomainError(`${caller}: give either a picture of an even field (flat) or sigmaPx to estimate one`);
  }
  const { width, height, channels, data } = image;
  const lit = new Float32Array(data.length);
  for (let i = 0; i < lit.length; i++) lit[i] = data[i]! - (dark?.data[i] ?? 0); // same shape
  if (flat === undefined) {
    const sigma = checkOption(caller, "sigmaPx", sigmaPx!, 1, 1e5); // one of the two is given
    return mapChannels({ ...image, data: lit }, (values, out) => {
      const source = memoryStore("float32", width, height, values);
      flattenBackground(bandSpace(width, height), source, sigma, memoryStore("float32", width, height, out));
    });
  }
  const mean = new Float64Array(channels);
  const gain = new Float32Array(data.length);
  for (let i = 0; i < gain.length; i++) {
    const value = flat.data[i]! - (dark?.data[i] ?? 0); // same shape
    if (!(value > 0)) {
      const pixel = Math.floor(i / channels);
      throw new DataError(
        `${caller}: the flat must be brighter than the dark everywhere, it is not at x = ${pixel % width}, y = ${Math.floor(pixel / width)}; take a flat without dead pixels`,
      );
    }
    gain[i] = value;
    mean[i % channels]! += value / (width * height); // i % channels < channels
  }
  for (let i = 0; i < lit.length; i++) lit[i] = (lit[i]! * mean[i % channels]!) / gain[i]!; // same shape
  return { ...image, data: lit };
}
