import { type BandSpace, bandSpace } from "../bands/bandSpace.ts";
import { memoryStore, type RowReader } from "../bands/rowStore.ts";
import { crestLines } from "./crestLines.ts";
import { negative } from "./negative.ts";
import { ridgeBands, ridgeNoiseGain } from "./ridgeStrength.ts";

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
  space: BandSpace,
  flat: RowReader<Float32Array>,
  noise: number,
  leastRidge: number,
  polarity: BoundaryPolarity | "auto",
): RidgeScale | undefined {
  const part = centre(flat);
  const found = lookAt(bandSpace(part.width, part.height), part, noise, leastRidge, polarity);
  return found === undefined && part.width * part.height < flat.width * flat.height
    ? lookAt(space, flat, noise, leastRidge, polarity)
    : found;
}

function lookAt(
  space: BandSpace,
  dark: RowReader<Float32Array>,
  noise: number,
  leastRidge: number,
  polarity: BoundaryPolarity | "auto",
): RidgeScale | undefined {
  const bright = negative(dark);
  let chosen: BoundaryPolarity;
  if (polarity !== "auto") chosen = polarity;
  else chosen = cubedStrength(space, dark) >= cubedStrength(space, bright) ? "dark" : "bright";
  const part = chosen === "dark" ? dark : bright;
  const found: { readonly sigmaPx: number; readonly strength: number; readonly isClear: boolean }[] = [];
  for (const sigmaPx of SCALES) {
    const floor = noise * ridgeNoiseGain(sigmaPx);
    const typical = crestLines(space, part, sigmaPx, Math.max(floor, leastRidge));
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

function cubedStrength(space: BandSpace, part: RowReader<Float32Array>): number {
  let sum = 0;
  ridgeBands(space, part, POLARITY_SCALE, 0, (_, { strength }) => {
    for (const value of strength) sum += value * value * value;
  });
  return sum;
}

function centre(image: RowReader<Float32Array>): RowReader<Float32Array> {
  const width = Math.min(PART, image.width);
  const height = Math.min(PART, image.height);
  const x0 = (image.width - width) >> 1;
  const y0 = (image.height - height) >> 1;
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    data.set(image.read(y0 + y, y0 + y + 1).subarray(x0, x0 + width), y * width);
  }
  return memoryStore("float32", width, height, data);
}
