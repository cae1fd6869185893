import { DataError, type Raster } from "@materiome/core";
import { rgbToLab } from "../kernels/index.ts";

export type ChannelKind = "grey" | "colour";

/** How the grey of an image is brought to a common scale: (v − mean) / deviation. */
export interface GreyStatistics {
  readonly mean: number;
  readonly deviation: number;
}

/** Names of the planes that features are computed from. */
export function channelNames(kind: ChannelKind): readonly string[] {
  return kind === "grey" ? ["grey"] : ["L", "a", "b"];
}

export function channelKind(image: Raster<Float32Array>, who: string): ChannelKind {
  if (image.channels === 1) return "grey";
  if (image.channels === 3) return "colour";
  throw new DataError(`${who}: the image has ${image.channels} channels, expected 1 (grey) or 3 (red, green, blue)`);
}

/** @throws DataError naming the first pixel that is no finite number */
export function requireFinite(image: Raster<Float32Array>, who: string): void {
  for (let i = 0; i < image.data.length; i++) {
    if (Number.isFinite(image.data[i])) continue;
    const pixel = Math.floor(i / image.channels);
    throw new DataError(
      `${who}: pixel (${pixel % image.width}, ${Math.floor(pixel / image.width)}) is ${image.data[i]}; expected finite grey values 0 … 1, so fill or crop the missing part`,
    );
  }
}

/** Mean and standard deviation of the grey (of the luma L of a coloured image, in fifties). */
export function greyStatistics(planes: Raster<Float32Array>): GreyStatistics {
  const { data, channels } = planes;
  const n = data.length / channels;
  let sum = 0;
  for (let i = 0; i < data.length; i += channels) sum += data[i]!; // below length, here and below
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < data.length; i += channels) squares += (data[i]! - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / n) };
}

/** The image as planes to compute features from: grey as it is, or CIELAB in fifties. Shared memory, so that threads need no copy. */
export function channelPlanes(image: Raster<Float32Array>): Raster<Float32Array> {
  const data = new Float32Array(new SharedArrayBuffer(image.data.length * 4));
  if (image.channels === 1) data.set(image.data);
  else {
    rgbToLab(image.width * image.height, image.data, data);
    for (let i = 0; i < data.length; i++) data[i]! /= 50; // i < length
  }
  return { ...image, data };
}

/** Brings the first channel to mean 0 and deviation 1. A uniform image becomes 0. */
export function standardise(planes: Raster<Float32Array>, { mean, deviation }: GreyStatistics): void {
  const gain = deviation > 0 ? 1 / deviation : 0;
  for (let i = 0; i < planes.data.length; i += planes.channels) planes.data[i] = (planes.data[i]! - mean) * gain; // below length
}

/** The named channels of an image, in that order, in shared memory. */
export function pickChannels(image: Raster<Float32Array>, channels: readonly number[]): Raster<Float32Array> {
  const size = image.width * image.height;
  const data = new Float32Array(new SharedArrayBuffer(size * channels.length * 4));
  for (const [k, c] of channels.entries()) {
    for (let i = 0; i < size; i++) data[i * channels.length + k] = image.data[i * image.channels + c]!; // below length
  }
  return { ...image, data, channels: channels.length };
}
