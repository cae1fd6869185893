import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { diffuseChannels, gaussianBlur, gaussianReach, vectorGradient } from "../kernels/index.ts";

export interface SmoothChannelsOptions {
  /** Standard deviation of the Gaussian that precedes the edge-preserving smoothing, px; 0 for none. */
  readonly sigmaPx: number;
  /** Steps between neighbours well below this are smoothed, steps above it kept. */
  readonly edge: number;
  /** Steps of diffusion. */
  readonly nSteps: number;
}

export interface SmoothedChannels {
  readonly values: readonly RowStore<Float32Array>[];
  /** Steepest change of the smoothed values per pixel. */
  readonly gradient: RowStore<Float32Array>;
  /** Its largest value. */
  readonly steepest: number;
}

/**
 * Edge-preserving smoothing of an image of one or several channels, and the vector gradient of the result, band by band: a
 * band sees as many rows around it as Gaussian, diffusion (one row a step) and gradient reach.
 */
export function smoothChannels(
  space: BandSpace,
  channels: readonly RowReader<Float32Array>[],
  options: SmoothChannelsOptions,
): SmoothedChannels {
  const { width } = space;
  const { sigmaPx, edge, nSteps } = options;
  const nChannels = channels.length;
  const values = channels.map(() => space.store("float32"));
  const gradient = space.store("float32");
  const bands = space.bands((sigmaPx > 0 ? gaussianReach(sigmaPx) : 0) + nSteps + 1);
  const largest = bands.reduce((rows, { top, bottom }) => Math.max(rows, bottom - top), 0) * width;
  const window = new Float32Array(nChannels * largest);
  const scratch = new Float32Array(nChannels * largest);
  let steepest = 0;
  for (const { from, to, top, bottom } of bands) {
    const nRows = bottom - top;
    const size = nRows * width;
    const planes = window.subarray(0, nChannels * size);
    const spare = scratch.subarray(0, nChannels * size);
    for (const [c, channel] of channels.entries()) {
      const plane = planes.subarray(c * size, (c + 1) * size);
      plane.set(channel.read(top, bottom));
      if (sigmaPx > 0) gaussianBlur(width, nRows, plane, sigmaPx, spare, plane);
    }
    diffuseChannels(width, nRows, nChannels, edge, nSteps, planes, spare);
    vectorGradient(width, nRows, nChannels, planes, spare);
    const first = (from - top) * width;
    const end = (to - top) * width;
    for (const [c, store] of values.entries()) store.write(from, planes.subarray(c * size + first, c * size + end));
    gradient.write(from, spare.subarray(first, end));
    for (let i = first; i < end; i++) if (spare[i]! > steepest) steepest = spare[i]!; // end ≤ size
  }
  return { values, gradient, steepest };
}
