import type { Samples } from "./decodeSamples.ts";
import type { GreyScale } from "./greyScale.ts";

export interface GreyAndColour {
  readonly grey: Float32Array;
  /** Interleaved; undefined where the channels agree in every pixel. */
  readonly colour: Float32Array | undefined;
}

/** Scales samples to 0 … 1 and weighs colours to luma, 0.2126 R + 0.7152 G + 0.0722 B. */
export function greyAndColour(samples: Samples, scale: GreyScale): GreyAndColour {
  const { values, channels } = samples;
  const { low } = scale;
  const gain = 1 / (scale.high - low);
  const grey = new Float32Array(values.length / channels);
  if (channels === 1) {
    for (let i = 0; i < grey.length; i++) grey[i] = (values[i]! - low) * gain; // one value a pixel
    return { grey: cut(grey), colour: undefined };
  }
  let isColoured = false;
  for (let i = 0, k = 0; i < grey.length; i++, k += 3) {
    const red = values[k]!; // three values a pixel
    const green = values[k + 1]!;
    const blue = values[k + 2]!;
    if (red !== green || green !== blue) isColoured = true;
    grey[i] = (0.2126 * red + 0.7152 * green + 0.0722 * blue - low) * gain;
  }
  return { grey: cut(grey), colour: isColoured ? scaledChannels(samples, scale) : undefined };
}

/** Samples scaled to 0 … 1, interleaved as they are. */
export function scaledChannels({ values }: Samples, { low, high }: GreyScale): Float32Array {
  const gain = 1 / (high - low);
  const colour = new Float32Array(values.length);
  for (let i = 0; i < colour.length; i++) colour[i] = (values[i]! - low) * gain; // same length
  return cut(colour);
}

/** What a range given leaves outside, which `greyScale` warned of, and rounding. */
function cut(values: Float32Array): Float32Array {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!; // within
    if (value < 0) values[i] = 0;
    else if (value > 1) values[i] = 1;
  }
  return values;
}
