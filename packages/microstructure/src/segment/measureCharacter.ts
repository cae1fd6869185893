import { createRaster, DomainError, type Raster } from "@materiome/core";
import { type BandSpace, bandSpace } from "../bands/bandSpace.ts";
import { memoryStore, type RowReader } from "../bands/rowStore.ts";
import { diffuseChannels } from "../kernels/index.ts";
import { channelRows } from "./channelRows.ts";
import { deviation } from "./deviation.ts";
import { estimateNoise } from "./estimateNoise.ts";
import { flattenPhases } from "./flattenPhases.ts";
import { perceptualChannels } from "./perceptualChannels.ts";
import { profileShareBands } from "./profileShares.ts";
import { segmentGrains } from "./segmentGrains.ts";
import { splitPhases } from "./splitPhases.ts";

/** What an image looks like, in numbers; `segmentMicrograph` chooses by them. */
export interface ImageCharacter {
  /** Standard deviation of the pixel noise, full scale 1. */
  readonly noise: number;
  /** Standard deviation of grey without the noise, over the noise. */
  readonly contrastToNoise: number;
  /** Standard deviation of a* and b* together, CIELAB units, slow changes included; 0 for a grey image. */
  readonly colourSpread: number;
  /** Share of the boundary length of a line segmentation that shows a line; 0 where there is none. See `segmentGrains`. */
  readonly lineShare: number;
  /** Strength of a typical line over that of noise. */
  readonly lineToNoise: number;
  /** Difference of the greys of the two phases a threshold makes, over the root of their mean variance, noise smoothed. */
  readonly separation: number;
  /** Share of the pixels that are in neither phase but in the middle third between them: low where there are two phases. */
  readonly betweenShare: number;
  /** Share and grey of the rarer phase, and the grey of the other. */
  readonly minorShare: number;
  readonly minorGrey: number;
  readonly majorGrey: number;
  /** Share of the variance of grey that the means of rows (or of columns, if more) explain: banding. */
  readonly profileShare: number;
  readonly bandDirection: "horizontal" | "vertical";
}

/**
 * Measures how an image looks, on its middle 512 × 512 px where that is smaller (banding on all of it).
 *
 * @param grey - one channel, finite, at least 32 × 32 px
 * @param colour - the same image with three channels
 */
export function measureCharacter(grey: Raster<Float32Array>, colour?: Raster<Float32Array>): ImageCharacter {
  const { width, height } = grey;
  const channels = colour && ([0, 1, 2] as const).map((c) => channelRows(colour, c));
  return measureCharacterBands(bandSpace(width, height), memoryStore("float32", width, height, grey.data), channels);
}

/**
 * `measureCharacter` of an image that need not be in memory: the same numbers, whatever the bands.
 *
 * @param colour - red, green and blue
 */
export function measureCharacterBands(
  space: BandSpace,
  grey: RowReader<Float32Array>,
  colour?: readonly RowReader<Float32Array>[],
): ImageCharacter {
  const part = centre([grey]);
  const noise = estimateNoise(part);
  const spread = Math.sqrt(Math.max(0, deviation(part.data) ** 2 - noise * noise));
  let lineShare = 0;
  let lineToNoise = 0;
  try {
    const { diagnostics } = segmentGrains(part);
    lineShare = diagnostics.lineShare;
    lineToNoise = diagnostics.boundaryToNoise;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error; // no line stands above the noise
  }
  const flat = flattenPhases(part).data;
  const rough = splitPhases(flat);
  if (rough !== undefined) {
    const edge = Math.max(2.5 * noise, (rough.high - rough.low) / 6);
    diffuseChannels(part.width, part.height, 1, edge, 8, flat, new Float32Array(flat.length));
  }
  const phases = splitPhases(flat);
  let nBetween = 0;
  if (phases !== undefined) {
    const sixth = (phases.high - phases.low) / 6;
    for (const value of flat) if (Math.abs(value - phases.threshold) < sixth) nBetween++;
  }
  const isHighMinor = (phases?.highShare ?? 0) <= 0.5;
  const shares = profileShareBands(space, grey);
  const lab = colour === undefined ? undefined : perceptualChannels(centre(colour));
  const size = part.width * part.height;
  return {
    noise,
    contrastToNoise: noise > 0 ? spread / noise : spread > 0 ? Infinity : 0,
    colourSpread:
      lab === undefined ? 0 : Math.hypot(deviation(lab.subarray(size, 2 * size)), deviation(lab.subarray(2 * size))),
    lineShare,
    lineToNoise,
    separation: phases?.separation ?? 0,
    betweenShare: phases === undefined ? 1 : nBetween / flat.length,
    minorShare: phases === undefined ? 0 : isHighMinor ? phases.highShare : 1 - phases.highShare,
    minorGrey: (isHighMinor ? phases?.high : phases?.low) ?? 0,
    majorGrey: (isHighMinor ? phases?.low : phases?.high) ?? 0,
    profileShare: Math.max(shares.horizontal, shares.vertical),
    bandDirection: shares.horizontal >= shares.vertical ? "horizontal" : "vertical",
  };
}

const PART = 512;

/** The middle of an image, its channels interleaved. */
function centre(channels: readonly RowReader<Float32Array>[]): Raster<Float32Array> {
  const [first] = channels as [RowReader<Float32Array>]; // there is one
  const width = Math.min(PART, first.width);
  const height = Math.min(PART, first.height);
  const left = (first.width - width) >> 1;
  const top = (first.height - height) >> 1;
  const n = channels.length;
  const data = new Float32Array(width * height * n);
  for (const [c, channel] of channels.entries()) {
    for (let y = 0, k = c; y < height; y++) {
      const row = channel.read(top + y, top + y + 1);
      for (let x = left; x < left + width; x++, k += n) data[k] = row[x]!; // inside the row
    }
  }
  return createRaster(data, width, height, { channels: n });
}
