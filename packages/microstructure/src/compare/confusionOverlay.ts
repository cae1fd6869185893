import { type LabelMap, type Raster, ShapeError } from "@materiome/core";
import sharp from "sharp";
import { classColour } from "../image/classOverlay.ts";
import { distanceTransformSquared } from "../kernels/index.ts";
import { boundaryMask } from "../regions/boundaryMask.ts";
import { requireSameSize } from "./sameSize.ts";

export interface ConfusionOverlayOptions {
  /**
   * "boundaries": lines found (green), false (red) and missed (blue) within the tolerance. "classes": pixels of equal class stay
   * grey, others take the colour of what was predicted. @defaultValue "boundaries"
   */
  readonly compare?: "boundaries" | "classes" | undefined;
  /** @defaultValue 3 */
  readonly tolerancePx?: number | undefined;
}

const FOUND = [0, 158, 115] as const;
const FALSE = [213, 94, 0] as const;
const MISSED = [0, 114, 178] as const;
/**
 * Picture of where two labellings differ, over the micrograph, as PNG bytes.
 *
 * @param grey - one channel, 0 … 1
 * @throws ShapeError if the three differ in size
 * @example
 * await writeFile("confusion.png", await renderConfusionPng(grey, labels, truth));
 */
export async function renderConfusionPng(
  grey: Raster<Float32Array>,
  predicted: LabelMap,
  truth: LabelMap,
  options: ConfusionOverlayOptions = {},
): Promise<Uint8Array> {
  requireSameSize("renderConfusionPng", predicted, truth);
  const { width, height } = predicted;
  if (grey.width !== width || grey.height !== height || grey.channels !== 1) {
    throw new ShapeError(
      `renderConfusionPng: the image is ${grey.width} × ${grey.height} with ${grey.channels} channels, the labels are ${width} × ${height}; sizes must be equal and the image grey`,
    );
  }
  const pixels = new Uint8Array(3 * width * height);
  const paint = (i: number, [red, green, blue]: readonly [number, number, number], share: number): void => {
    for (const [c, value] of [red, green, blue].entries()) {
      pixels[3 * i + c] = (1 - share) * pixels[3 * i + c]! + share * value; // inside the picture
    }
  };
  for (let i = 0; i < width * height; i++) {
    const value = Math.round(255 * Math.min(1, Math.max(0, grey.data[i]!))); // same size
    pixels.fill(value, 3 * i, 3 * i + 3);
  }
  if (options.compare === "classes") {
    for (let i = 0; i < width * height; i++) {
      const [p, t] = [predicted.data[i]!, truth.data[i]!]; // same size
      if (p !== t) paint(i, classColour(p), 0.75);
    }
  } else {
    const limit = (options.tolerancePx ?? 3) ** 2 + 1e-6;
    const [edges, trueEdges] = [boundaryMask(predicted).data, boundaryMask(truth).data];
    const toTrue = new Float32Array(width * height);
    const toPredicted = new Float32Array(width * height);
    distanceTransformSquared(width, height, trueEdges, toTrue);
    distanceTransformSquared(width, height, edges, toPredicted);
    for (let i = 0; i < width * height; i++) {
      if (trueEdges[i] === 1 && toPredicted[i]! > limit) paint(i, MISSED, 1); // same size, here and below
      if (edges[i] === 1) paint(i, toTrue[i]! > limit ? FALSE : FOUND, 1);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
