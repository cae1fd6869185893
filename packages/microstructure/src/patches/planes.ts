import { createRaster, type Raster } from "@materiome/core";

/** Applies to each channel in turn a change that writes `out` from `plane`; both as large as a channel. */
export function mapPlanes(
  image: Raster<Float32Array>,
  change: (plane: Float32Array, out: Float32Array, channel: number) => void,
): Raster<Float32Array> {
  const { width, height, channels, data, pixelSizeUm } = image;
  const size = width * height;
  if (channels === 1) {
    const out = new Float32Array(size);
    change(data, out, 0);
    return createRaster(out, width, height, { pixelSizeUm });
  }
  const result = new Float32Array(data.length);
  const plane = new Float32Array(size);
  const out = new Float32Array(size);
  for (let c = 0; c < channels; c++) {
    for (let i = 0, k = c; i < size; i++, k += channels) plane[i] = data[k]!; // size values a channel
    change(plane, out, c);
    for (let i = 0, k = c; i < size; i++, k += channels) result[k] = out[i]!; // as above
  }
  return createRaster(result, width, height, { channels, pixelSizeUm });
}

/** The image with every value changed by the function. */
export function mapValues(image: Raster<Float32Array>, change: (value: number) => number): Raster<Float32Array> {
  const out = new Float32Array(image.data.length);
  for (let i = 0; i < out.length; i++) out[i] = change(image.data[i]!); // i < length
  return { ...image, data: out };
}
