import { type LabelMap, type Raster, ShapeError, writeFileAtomic } from "@materiome/core";
import sharp from "sharp";
import { boundaryMask } from "../regions/boundaryMask.ts";

export interface OverlayOptions {
  /** Boundaries, red, green, blue 0 … 255. @defaultValue [255, 40, 0] */
  readonly colour?: readonly [number, number, number] | undefined;
  /** Share of a colour of its own mixed into each grain, 0 … 1. @defaultValue 0 */
  readonly tint?: number | undefined;
  /**
   * What label 0 is: boundary pixels, which are drawn as lines, or the matrix around particles, which stays as it is and
   * of whose border with a particle the particle's side is drawn. @defaultValue "boundary"
   */
  readonly zeros?: "boundary" | "matrix" | undefined;
}

/**
 * Picture of a segmentation: grain boundaries one pixel wide over the micrograph, grains tinted if asked, as PNG bytes.
 *
 * Grey is stretched for the eye: its 0.5th and 99.5th percentile become black and white (a flat image stays as it is).
 *
 * @throws ShapeError if image and labels differ in size
 * @example
 * const png = await renderOverlayPng(micrograph.grey, labels);
 */
export async function renderOverlayPng(
  grey: Raster<Float32Array>,
  labels: LabelMap,
  options: OverlayOptions = {},
): Promise<Uint8Array> {
  const { width, height } = labels;
  if (grey.width !== width || grey.height !== height || grey.channels !== 1) {
    throw new ShapeError(
      `renderOverlayPng: the image is ${grey.width} × ${grey.height} with ${grey.channels} channels, labels are ${width} × ${height}; sizes must be equal and the image grey`,
    );
  }
  const [red, green, blue] = options.colour ?? [255, 40, 0];
  const tint = options.tint ?? 0;
  const edge = options.zeros === "matrix" ? particleRims(labels) : boundaryMask(labels).data;
  const { low, gain } = stretch(grey.data);
  const pixels = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    if (edge[i] === 1) {
      pixels[3 * i] = red;
      pixels[3 * i + 1] = green;
      pixels[3 * i + 2] = blue;
      continue;
    }
    const value = Math.min(255, Math.max(0, (grey.data[i]! - low) * gain)); // same size, here and below
    const label = labels.data[i]!;
    const isPlain = tint === 0 || (label === 0 && options.zeros === "matrix");
    for (let c = 0; c < 3; c++) {
      pixels[3 * i + c] = isPlain ? value : value * (1 - tint + tint * grainColour(label, c));
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/**
 * Writes `renderOverlayPng` to a file, whole or not at all.
 *
 * @throws DataError if the folder is missing or not writable
 * @throws ShapeError if image and labels differ in size
 * @example
 * await writeOverlayPng("steel.overlay.png", grey, labels, { tint: 0.3 });
 */
export async function writeOverlayPng(
  path: string,
  grey: Raster<Float32Array>,
  labels: LabelMap,
  options: OverlayOptions = {},
): Promise<void> {
  await writeFileAtomic(path, await renderOverlayPng(grey, labels, options));
}

/** 1 on every pixel of a particle that has a 4-neighbour of another label. */
function particleRims({ width, height, data }: LabelMap): Uint8Array {
  const rim = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const label = data[i]!; // i < length
    if (label === 0) continue;
    const x = i % width;
    const isRim =
      (x > 0 && data[i - 1] !== label) ||
      (x < width - 1 && data[i + 1] !== label) ||
      (i >= width && data[i - width] !== label) ||
      (i < width * (height - 1) && data[i + width] !== label);
    if (isRim) rim[i] = 1;
  }
  return rim;
}

/** 0 … 1, neighbouring numbers far apart: hue by the golden angle. */
function grainColour(label: number, channel: number): number {
  const hue = 2 * Math.PI * ((label * 0.618033988749895 + channel / 3) % 1);
  return 0.5 + 0.5 * Math.cos(hue);
}

function stretch(values: Float32Array): { readonly low: number; readonly gain: number } {
  const stride = Math.max(1, Math.floor(values.length / 100_000));
  return stretchOf(values.filter((_, i) => i % stride === 0));
}

/**
 * Grey that becomes black, and the gain to 0 … 255, of a sample of greys, which is sorted in place; of one grey none is
 * changed.
 */
export function stretchOf(sample: Float32Array): { readonly low: number; readonly gain: number } {
  const sorted = sample.sort();
  const low = sorted[Math.floor(0.005 * (sorted.length - 1))] ?? 0;
  const high = sorted[Math.ceil(0.995 * (sorted.length - 1))] ?? 1;
  return high > low ? { low, gain: 255 / (high - low) } : { low: 0, gain: 255 };
}
