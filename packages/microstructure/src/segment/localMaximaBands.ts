import { DomainError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { ridgePixels, spacedPeaks, windowPeaks } from "../kernels/index.ts";
import { rangeOfRows } from "./greyImage.ts";
import { extremum } from "./morphologyFilter.ts";
import { requireSize } from "./requireRows.ts";

export interface LocalMaximaOptions {
  /** Whole number of px; peaks are more than this apart, in the larger of |dx| and |dy|. @defaultValue 1 */
  readonly minDistancePx?: number | undefined;
  /** Peaks lie above it. @defaultValue −∞ */
  readonly threshold?: number | undefined;
}

export interface LocalMaximaBands {
  /** 1 … n on single pixels, by falling height; of equal heights in raster order. */
  readonly markers: RowStore<Uint32Array>;
  readonly n: number;
}

/**
 * `localMaxima` band by band: in memory with one band, with files and many bands for mosaics, the same markers whatever the bands.
 * Memory holds a band with `minDistancePx` rows on either side, and 20 to 40 bytes for every peak.
 *
 * @param image - one channel, finite
 * @throws DomainError for NaN or infinite pixels or a distance that is no whole number of at least 1; ShapeError for an image of
 * another size than the space
 * @example
 * const space = bandSpace(16384, 16384, { bandRows: 256, folder: "scratch" });
 * const { markers, n } = localMaximaBands(space, distance, { minDistancePx: 7, threshold: 0 });
 */
export function localMaximaBands(
  space: BandSpace,
  image: RowReader<Float32Array>,
  options: LocalMaximaOptions = {},
): LocalMaximaBands {
  const { minDistancePx: spacing = 1, threshold = Number.NEGATIVE_INFINITY } = options;
  if (!(Number.isInteger(spacing) && spacing >= 1)) {
    throw new DomainError(`localMaxima: minDistancePx must be a whole number of at least 1, got ${spacing}`);
  }
  if (Number.isNaN(threshold)) throw new DomainError("localMaxima: threshold is NaN");
  requireSize("localMaxima", space, image);
  rangeOfRows("localMaxima", space, image);
  const { places, heights } = findPeaks(space, image, spacing, threshold);
  const n = places.length;
  const order = Uint32Array.from({ length: n }, (_, k) => k).sort((a, b) => heights[b]! - heights[a]! || a - b); // below n
  const numberOf = new Uint32Array(n);
  for (let k = 0; k < n; k++) numberOf[order[k]!] = k + 1; // k < n
  return { markers: drawMarkers(space, places, numberOf), n };
}

interface Peaks {
  /** In raster order. */
  readonly places: readonly number[];
  readonly heights: readonly number[];
}

/**
 * Of two candidates within the distance neither exceeds the other: they are equally high. So peaks taken by falling height, of
 * equal heights in raster order, are those taken in raster order, for which the rows just above are enough.
 */
function findPeaks(space: BandSpace, image: RowReader<Float32Array>, spacing: number, threshold: number): Peaks {
  const { width } = space;
  const places: number[] = [];
  const heights: number[] = [];
  let pixels = new Int32Array(0);
  for (const { from, to, top, bottom } of space.bands(spacing)) {
    const data = image.read(top, bottom);
    let n = 0;
    for (let k = places.length - 1; k >= 0 && places[k]! >= top * width; k--) n++; // k below length
    if (pixels.length < n + data.length) pixels = new Int32Array(n + data.length);
    for (let k = 0; k < n; k++) pixels[k] = places[places.length - n + k]! - top * width;
    const candidates = pixels.subarray(n);
    const nCandidates = findCandidates(width, bottom - top, data, {
      from: from - top,
      to: to - top,
      spacing,
      threshold,
      candidates,
    });
    const nKept = spacedPeaks(width, bottom - top, spacing, n + nCandidates, pixels);
    for (const i of pixels.subarray(n, nKept)) {
      places.push(top * width + i);
      heights.push(data[i]!); // a pixel of the window
    }
  }
  return { places, heights };
}

interface CandidateSearch {
  readonly from: number;
  readonly to: number;
  readonly spacing: number;
  readonly threshold: number;
  /** Gets their places in the window, in raster order. */
  readonly candidates: Int32Array;
}

/** Pixels of the rows `from` … `to` − 1 of a window above the threshold that none within `spacing` exceeds; their number. */
function findCandidates(
  width: number,
  height: number,
  data: Float32Array,
  { from, to, spacing, threshold, candidates }: CandidateSearch,
): number {
  let n = 0;
  const found = ridgePixels(width, height, data, threshold, candidates);
  for (let k = 0; k < found; k++) {
    const i = candidates[k]!; // found ≤ length
    if (i >= from * width && i < to * width) candidates[n++] = i;
  }
  if (n * (2 * spacing + 1) ** 2 < SCAN_LIMIT * data.length) {
    return windowPeaks(width, height, data, spacing, n, candidates);
  }
  // Large plateaus or windows: one van Herk pass is cheaper than a look around every pixel.
  const highest = extremum(data, { data, width, height, channels: 1 }, { shape: "square", radiusPx: spacing }, -1);
  n = 0;
  for (let i = from * width; i < to * width; i++) {
    if (data[i] === highest[i] && data[i]! > threshold) candidates[n++] = i; // i in the window
  }
  return n;
}

/** Pixels looked at around candidates, a pixel of the image, up to which looking is cheaper than filtering. */
const SCAN_LIMIT = 20;

function drawMarkers(space: BandSpace, places: readonly number[], numberOf: Uint32Array): RowStore<Uint32Array> {
  const { width } = space;
  const markers = space.store("uint32");
  let k = 0;
  for (const { from, to } of space.bands(0)) {
    const rows = new Uint32Array((to - from) * width);
    for (; k < places.length && places[k]! < to * width; k++) rows[places[k]! - from * width] = numberOf[k]!; // k < length
    markers.write(from, rows);
  }
  return markers;
}
