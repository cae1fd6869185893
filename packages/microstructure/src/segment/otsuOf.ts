import type { BandSpace } from "../bands/bandSpace.ts";
import { eachBand } from "../bands/eachBand.ts";
import type { RowReader } from "../bands/rowStore.ts";
import { greyHistogram, valueRange } from "../kernels/index.ts";
import { otsuThreshold } from "./otsuThreshold.ts";

/** Otsu's threshold, 256 bins, of finite values; undefined where all are equal, or there are none. */
export function otsuOf(values: Float32Array): number | undefined {
  return otsuOfParts(() => [values]);
}

/** The same of an image that need not be in memory. */
export function otsuOfRows(space: BandSpace, image: RowReader<Float32Array>): number | undefined {
  return otsuOfParts(() => eachBand(space, image));
}

/** The same of values that come in parts, twice. */
export function otsuOfParts(parts: () => Iterable<Float32Array>): number | undefined {
  let min = Infinity;
  let max = -Infinity;
  const range = new Float64Array(2);
  for (const part of parts()) {
    valueRange(part.length, part, ALL, range);
    min = Math.min(min, range[0]!); // two elements
    max = Math.max(max, range[1]!);
  }
  if (!(min < max)) return undefined;
  const counts = new Float64Array(N_BINS);
  for (const part of parts()) greyHistogram(part.length, part, ALL, min, N_BINS / (max - min), counts);
  return otsuThreshold({ counts, min, max });
}

const ALL = new Uint8Array(0);
const N_BINS = 256;
