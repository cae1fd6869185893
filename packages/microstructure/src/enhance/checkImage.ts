import { DomainError, type Raster, ShapeError } from "@materiome/core";
import { reflectIndex } from "../kernels/index.ts";

/** Checks that an image has one channel or three, at least one pixel and finite values. */
export function checkImage(caller: string, image: Raster<Float32Array>, channels: readonly number[] = [1, 3]): void {
  const { width, height, data } = image;
  if (!channels.includes(image.channels) || data.length === 0 || data.length !== width * height * image.channels) {
    throw new ShapeError(
      `${caller}: image must have ${channels.join(" or ")} channel(s) and at least one pixel, got ${width} × ${height} with ${image.channels}`,
    );
  }
  let nBad = 0;
  for (const value of data) if (!Number.isFinite(value)) nBad++;
  if (nBad > 0) {
    throw new DomainError(`${caller}: ${nBad} values are NaN or infinite; replace or crop such pixels first`);
  }
}

/** Checks that a raster has the size and channels of another. */
export function checkSameShape(caller: string, name: string, raster: Raster, image: Raster): void {
  if (raster.width !== image.width || raster.height !== image.height || raster.channels !== image.channels) {
    throw new ShapeError(
      `${caller}: ${name} must be ${image.width} × ${image.height} with ${image.channels} channel(s) like the image, got ${raster.width} × ${raster.height} with ${raster.channels}`,
    );
  }
}

/** Checks an option against its range. */
export function checkOption(caller: string, name: string, value: number, low: number, high: number): number {
  if (value >= low && value <= high) return value;
  throw new DomainError(`${caller}: ${name} must lie in ${low} … ${high}, got ${value}`);
}

/** Checks an option that must be a whole number within a range. */
export function checkWhole(caller: string, name: string, value: number, low: number, high: number): number {
  if (Number.isInteger(value)) return checkOption(caller, name, value, low, high);
  throw new DomainError(`${caller}: ${name} must be a whole number in ${low} … ${high}, got ${value}`);
}

/** Channels one after the other, each padded by reflection. */
export function splitChannels(image: Raster<Float32Array>, margin = 0): Float32Array {
  const { width, height, channels, data } = image;
  const stride = width + 2 * margin;
  const rows = height + 2 * margin;
  const out = new Float32Array(channels * stride * rows);
  for (let c = 0, k = 0; c < channels; c++) {
    for (let y = 0; y < rows; y++) {
      const row = reflectIndex(y - margin, height) * width;
      for (let x = 0; x < stride; x++) out[k++] = data[(row + reflectIndex(x - margin, width)) * channels + c]!; // reflected into the image
    }
  }
  return out;
}

/** Raster with the size and calibration of an image from channels that stand one after the other. */
export function joinChannels(image: Raster<Float32Array>, planes: Float32Array): Raster<Float32Array> {
  const { channels } = image;
  if (channels === 1) return { ...image, data: planes };
  const size = planes.length / channels;
  const data = new Float32Array(planes.length);
  for (let c = 0, k = 0; c < channels; c++) {
    for (let i = 0; i < size; i++) data[i * channels + c] = planes[k++]!; // channels × size values
  }
  return { ...image, data };
}

/** Applies a function to each channel; it gets the values and where the result goes. */
export function mapChannels(
  image: Raster<Float32Array>,
  apply: (values: Float32Array, out: Float32Array) => void,
): Raster<Float32Array> {
  const planes = splitChannels(image);
  const out = new Float32Array(planes.length);
  const size = image.width * image.height;
  for (let c = 0; c < image.channels; c++) {
    apply(planes.subarray(c * size, (c + 1) * size), out.subarray(c * size, (c + 1) * size));
  }
  return joinChannels(image, out);
}
