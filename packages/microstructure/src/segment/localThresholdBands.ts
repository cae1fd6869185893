import { DomainError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { gaussianBlur, gaussianReach, localMoments } from "../kernels/index.ts";
import { rangeOfRows } from "./greyImage.ts";
import type { LocalThresholdOptions } from "./localThreshold.ts";
import { requireSize } from "./requireRows.ts";

/**
 * `localThreshold`, band by band: in memory with one band, with files and many bands for mosaics, the same thresholds to the last
 * bit whatever the bands. Memory holds a band with about half a window of rows on either side.
 *
 * @param image - one channel, finite
 * @returns a store with the threshold of every pixel
 * @throws DomainError as `localThreshold` does; ShapeError for an image of another size than the space
 * @example
 * const space = bandSpace(16384, 16384, { bandRows: 256, folder: "scratch" });
 * const thresholds = localThresholdBands(space, grey, { method: "sauvola", windowPx: 51 });
 */
export function localThresholdBands(
  space: BandSpace,
  image: RowReader<Float32Array>,
  options: LocalThresholdOptions = {},
): RowStore<Float32Array> {
  requireSize("localThreshold", space, image);
  const { min, max } = rangeOfRows("localThreshold", space, image);
  const { method = "sauvola", windowPx = 31, k = 0.2, deviationRange = 0.5, offset = 0 } = options;
  if (!(Number.isInteger(windowPx) && windowPx >= 3 && windowPx % 2 === 1)) {
    throw new DomainError(`localThreshold: windowPx must be an odd integer of at least 3, got ${windowPx}`);
  }
  if (!(deviationRange > 0)) {
    throw new DomainError(`localThreshold: deviationRange must be above 0, got ${deviationRange}`);
  }
  for (const [name, value] of Object.entries({ k, offset })) {
    if (!Number.isFinite(value)) throw new DomainError(`localThreshold: ${name} must be finite, got ${value}`);
  }
  const { width, height } = space;
  const isGaussian = method === "local-gaussian";
  const sigma = (windowPx - 1) / 6;
  const radius = (windowPx - 1) / 2;
  const origin = (min + max) / 2;
  const sums = new Float64Array(width);
  const squares = new Float64Array(width);
  const out = space.store("float32");
  for (const { from, to, top, bottom } of space.bands(isGaussian ? gaussianReach(sigma) : radius + 1)) {
    const rows = image.read(top, bottom);
    const size = (isGaussian ? bottom - top : to - from) * width;
    const means = new Float32Array(size);
    const deviations = new Float32Array(size);
    if (isGaussian) gaussianBlur(width, bottom - top, rows, sigma, deviations, means);
    else localMoments(width, height, from, to, top, rows, radius, origin, sums, squares, means, deviations);
    const first = isGaussian ? (from - top) * width : 0;
    const thresholds = means.subarray(first, first + (to - from) * width);
    for (let i = 0; i < thresholds.length; i++) {
      const mean = thresholds[i]!; // i < length, as below
      if (method === "sauvola") thresholds[i] = mean * (1 + k * (deviations[i]! / deviationRange - 1));
      else if (method === "niblack") thresholds[i] = mean - k * deviations[i]!;
      else thresholds[i] = mean - offset;
    }
    out.write(from, thresholds);
  }
  return out;
}
