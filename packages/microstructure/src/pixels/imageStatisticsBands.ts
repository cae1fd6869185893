import type { BandSpace } from "../bands/bandSpace.ts";
import { type ChannelRows, readChannels } from "../bands/imageRows.ts";
import { channelPlanes, type GreyStatistics } from "./channelPlanes.ts";

/**
 * `imageStatistics` of an image that need not be in memory: the same numbers, to the last bit, whatever the bands.
 *
 * @example
 * const segmenter = classifier.forStatistics(imageStatisticsBands(space, grey));
 */
export function imageStatisticsBands(space: BandSpace, image: ChannelRows): GreyStatistics {
  const n = space.width * space.height;
  let sum = 0;
  eachLightness(space, image, (value) => {
    sum += value;
  });
  const mean = sum / n;
  let squares = 0;
  eachLightness(space, image, (value) => {
    squares += (value - mean) ** 2;
  });
  return { mean, deviation: Math.sqrt(squares / n) };
}

function eachLightness(space: BandSpace, image: ChannelRows, use: (value: number) => void): void {
  for (const { from, to } of space.bands(0)) {
    const { data, channels } = channelPlanes(readChannels(image, from, to));
    for (let i = 0; i < data.length; i += channels) use(data[i]!); // below length
  }
}
