import { DomainError, type Raster } from "@materiome/core";
import { estimateNoise } from "../segment/estimateNoise.ts";
import { splitChannels } from "./checkImage.ts";

/** Root mean square over channels of the noise; refuses an image without noise since `option` is to be taken from it. */
export function noiseOf(caller: string, option: string, image: Raster<Float32Array>): number {
  const { width, height, channels } = image;
  const planes = splitChannels(image);
  const size = width * height;
  let squares = 0;
  for (let c = 0; c < channels; c++) {
    squares += estimateNoise({ data: planes.subarray(c * size, (c + 1) * size), width, height, channels: 1 }) ** 2;
  }
  const noise = Math.sqrt(squares / channels);
  if (noise > 0) return noise;
  throw new DomainError(`${caller}: the image shows no noise to take ${option} from; give ${option}`);
}
