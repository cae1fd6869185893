import sharp from "sharp";
import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader } from "../bands/rowStore.ts";
import { FloatHistogram } from "../segment/floatHistogram.ts";

/**
 * Reduced picture of a segmentation as PNG bytes: grey averaged over squares of `factor` pixels, red where a square holds a
 * boundary of the labels. Grey is stretched for the eye as in `renderOverlayPng`.
 */
export async function previewBands(
  space: BandSpace,
  grey: RowReader<Float32Array>,
  labels: RowReader<Uint32Array>,
  factor: number,
): Promise<Uint8Array> {
  const { width, height } = space;
  const across = Math.ceil(width / factor);
  const down = Math.ceil(height / factor);
  const sums = new Float32Array(across * down);
  const hasBoundary = new Uint8Array(across * down);
  const sample = new FloatHistogram();
  const stride = Math.max(1, Math.floor((width * height) / 100_000));
  for (const { from, to } of space.bands(0)) {
    const greys = grey.read(from, to);
    const rows = labels.read(from, Math.min(height, to + 1));
    for (let y = from; y < to; y++) {
      for (let x = 0; x < width; x++) {
        const i = (y - from) * width + x;
        const at = Math.floor(y / factor) * across + Math.floor(x / factor);
        const value = greys[i]!; // inside the band, as the labels
        sums[at]! += value;
        if ((y * width + x) % stride === 0) sample.add(value);
        const label = rows[i];
        if ((x + 1 < width && rows[i + 1] !== label) || (y + 1 < height && rows[i + width] !== label))
          hasBoundary[at] = 1;
      }
    }
  }
  const low = sample.ranked(Math.floor(0.005 * (sample.count - 1))) ?? 0;
  const high = sample.ranked(Math.ceil(0.995 * (sample.count - 1))) ?? 1;
  const gain = high > low ? 255 / (high - low) : 255;
  const pixels = new Uint8Array(3 * across * down);
  for (let y = 0; y < down; y++) {
    const nRows = Math.min(factor, height - y * factor);
    for (let x = 0; x < across; x++) {
      const at = y * across + x;
      const mean = sums[at]! / (nRows * Math.min(factor, width - x * factor)); // inside
      const value = Math.min(255, Math.max(0, (mean - (high > low ? low : 0)) * gain));
      pixels.set(hasBoundary[at] === 1 ? [255, 40, 0] : [value, value, value], 3 * at);
    }
  }
  return sharp(pixels, { raw: { width: across, height: down, channels: 3 } })
    .png()
    .toBuffer();
}
