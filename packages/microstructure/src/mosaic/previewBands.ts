import sharp from "sharp";
import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader } from "../bands/rowStore.ts";
import { sampleRows } from "../bands/sampleRows.ts";
import { stretchOf } from "../image/writeOverlayPng.ts";

export interface PreviewBandsOptions {
  /** Edge of the squares of pixels that become one. @defaultValue 1 */
  readonly factor?: number | undefined;
  /** What label 0 is, as for `renderOverlayPng`. @defaultValue "boundary" */
  readonly zeros?: "boundary" | "matrix" | undefined;
}

/**
 * Reduced picture of a segmentation as PNG bytes: grey averaged over squares of `factor` pixels, red where a square holds a
 * boundary of the labels or the rim of a particle. With a factor of 1 it is the picture of `renderOverlayPng`.
 */
export async function previewBands(
  space: BandSpace,
  grey: RowReader<Float32Array>,
  labels: RowReader<Uint32Array>,
  options: PreviewBandsOptions = {},
): Promise<Uint8Array> {
  const { factor = 1 } = options;
  const isMatrix = options.zeros === "matrix";
  const { width, height } = space;
  const across = Math.ceil(width / factor);
  const down = Math.ceil(height / factor);
  const sums = new Float32Array(across * down);
  const hasBoundary = new Uint8Array(across * down);
  for (const { from, to, top, bottom } of space.bands(1)) {
    const greys = grey.read(from, to);
    const rows = labels.read(top, bottom);
    for (let y = from; y < to; y++) {
      for (let x = 0; x < width; x++) {
        const at = Math.floor(y / factor) * across + Math.floor(x / factor);
        sums[at]! += greys[(y - from) * width + x]!; // inside the band, as the labels
        const i = (y - top) * width + x;
        const label = rows[i];
        const isChange = (x + 1 < width && rows[i + 1] !== label) || (y + 1 < height && rows[i + width] !== label);
        const isRim = isChange || (x > 0 && rows[i - 1] !== label) || (y > 0 && rows[i - width] !== label);
        if (isMatrix ? label !== 0 && isRim : label === 0 || isChange) hasBoundary[at] = 1;
      }
    }
  }
  const { low, gain } = stretchOf(sampleRows(space, grey, 100_000));
  const pixels = new Uint8Array(3 * across * down);
  for (let y = 0; y < down; y++) {
    const nRows = Math.min(factor, height - y * factor);
    for (let x = 0; x < across; x++) {
      const at = y * across + x;
      const mean = sums[at]! / (nRows * Math.min(factor, width - x * factor)); // inside
      const value = Math.min(255, Math.max(0, (mean - low) * gain));
      pixels.set(hasBoundary[at] === 1 ? [255, 40, 0] : [value, value, value], 3 * at);
    }
  }
  return sharp(pixels, { raw: { width: across, height: down, channels: 3 } })
    .png()
    .toBuffer();
}
