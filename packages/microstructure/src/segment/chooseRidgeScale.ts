import type { Raster } from "@materiome/core";
import { crestLines } from "./crestLines.ts";
import { ridgeNoiseGain, ridgeStrength } from "./ridgeStrength.ts";

export type BoundaryPolarity = "dark" | "bright";

export interface RidgeScale {
  readonly polarity: BoundaryPolarity;
  /** Smoothing across the boundary, px. */
  readonly sigmaPx: number;
}

/**
 * Finds how boundaries look: darker or brighter than the grains, and how wide, on the middle of the image, or on
 * all of it where the middle shows none.
 *
 * Polarity: the sign whose ridges have the larger sum of cubed strengths (few strong thin lines beat many weak wide
 * ones, which is what the grains themselves give under the wrong sign). Scale: the smallest σ at which clear boundaries
 * have 85 % of the strength they have at their best σ and faint ones (a quarter as strong) stand three standard deviations
 * above the noise; where noise allows none, the best one.
 *
 * @param flat - flattened grey image
 * @param noise - standard deviation of its pixel noise
 * @param leastRidge - least standard deviation of ridge strength to assume
 * @param polarity - given, or "auto"
 * @returns undefined where no ridge stands above the noise
 */
export function chooseRidgeScale(
  flat: Raster<Float32Array>,
  noise: number,
  leastRidge: number,
  polarity: BoundaryPolarity | "auto",
): RidgeScale | undefined {
  const part = centre(flat);
  const found = lookAt(part, noise, leastRidge, polarity);
  return found === undefined && part.width * part.height < flat.width * flat.height
    ? lookAt(flat, noise, leastRidge, polarity)
    : found;
}

function lookAt(
  dark: Raster<Float32Array>,
  noise: number,
  leastRidge: number,
  polarity: BoundaryPolarity | "auto",
): RidgeScale | undefined {
  const bright = { ...dark, data: dark.data.map((value) => -value) };
  let chosen: BoundaryPolarity;
  if (polarity !== "auto") chosen = polarity;
  else chosen = cubedStrength(dark) >= cubedStrength(bright) ? "dark" : "bright";
  const part = chosen === "dark" ? dark : bright;
  const found: { readonly sigmaPx: number; readonly strength: number; readonly isClear: boolean }[] = [];
  for (const sigmaPx of SCALES) {
    const floor = noise * ridgeNoiseGain(sigmaPx);
    const { typical } = crestLines(
      part.width,
      part.height,
      ridgeStrength(part, sigmaPx),
      sigmaPx,
      Math.max(floor, leastRidge),
    );
    if (typical !== undefined) found.push({ sigmaPx, strength: typical, isClear: typical >= 12 * floor });
  }
  const best = Math.max(0, ...found.map(({ strength }) => strength));
  const wide = found.filter((entry) => entry.strength >= 0.85 * best);
  const entry = wide.find((candidate) => candidate.isClear) ?? wide.at(-1);
  return entry === undefined ? undefined : { polarity: chosen, sigmaPx: entry.sigmaPx };
}

const SCALES: readonly number[] = [1.2, 1.5, 2.2, 3.2];
const POLARITY_SCALE = 1.5;
/** Largest part looked at, px. */
const PART = 320;

function cubedStrength(part: Raster<Float32Array>): number {
  let sum = 0;
  for (const value of ridgeStrength(part, POLARITY_SCALE).strength) sum += value * value * value;
  return sum;
}

function centre(image: Raster<Float32Array>): Raster<Float32Array> {
  const width = Math.min(PART, image.width);
  const height = Math.min(PART, image.height);
  const x0 = (image.width - width) >> 1;
  const y0 = (image.height - height) >> 1;
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (y0 + y) * image.width + x0;
    data.set(image.data.subarray(from, from + width), y * width);
  }
  return { data, width, height, channels: 1 };
}
