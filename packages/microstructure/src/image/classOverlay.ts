import { type LabelMap, type Raster, ShapeError } from "@materiome/core";
import sharp from "sharp";
import { stretchOf } from "./writeOverlayPng.ts";

/** Okabe–Ito, distinct also to colour-blind eyes. */
const COLOURS = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [0, 114, 178],
  [213, 94, 0],
  [204, 121, 167],
] as const;

/** Red, green and blue 0 … 255 of a class counted from 0, as `renderClassOverlayPng` and `renderConfusionPng` paint it. */
export function classColour(k: number): readonly [number, number, number] {
  return COLOURS[k % COLOURS.length] as (typeof COLOURS)[number]; // k is not negative
}

export interface ClassOverlayOptions {
  /** Share of the colour, 0 … 1; the rest is the grey of the image. @defaultValue 0.5 */
  readonly share?: number | undefined;
  /** Label that stays grey, such as the matrix; 0 always does. @defaultValue 1 */
  readonly plain?: number | undefined;
}

/**
 * Picture of a map of classes as PNG bytes: each class, but for the matrix, in a colour of its own over the micrograph, whose grey is
 * stretched for the eye as in `renderOverlayPng`.
 *
 * @param grey - one channel, 0 … 1
 * @param classes - 0 none, k the k-th class
 * @throws ShapeError if image and classes differ in size
 * @example
 * await writeFile("phases.png", await renderClassOverlayPng(grey, labelPixels(probabilities)));
 */
export async function renderClassOverlayPng(
  grey: Raster<Float32Array>,
  classes: LabelMap,
  options: ClassOverlayOptions = {},
): Promise<Uint8Array> {
  const { width, height } = classes;
  if (grey.width !== width || grey.height !== height || grey.channels !== 1) {
    throw new ShapeError(
      `renderClassOverlayPng: the image is ${grey.width} × ${grey.height} with ${grey.channels} channels, classes are ${width} × ${height}; sizes must be equal and the image grey`,
    );
  }
  const { share = 0.5, plain = 1 } = options;
  const stride = Math.max(1, Math.floor(grey.data.length / 100_000));
  const { low, gain } = stretchOf(grey.data.filter((_, i) => i % stride === 0));
  const pixels = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    const value = Math.min(255, Math.max(0, (grey.data[i]! - low) * gain)); // same size, here and below
    const label = classes.data[i]!;
    const colour = label === 0 || label === plain ? undefined : classColour(label - 1);
    for (let c = 0; c < 3; c++) {
      pixels[3 * i + c] = colour === undefined ? value : (1 - share) * value + share * colour[c]!; // three
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
