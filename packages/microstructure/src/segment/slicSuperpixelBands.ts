import { DomainError } from "@materiome/core";
import { absorbFragments } from "../bands/absorbFragments.ts";
import type { BandSpace } from "../bands/bandSpace.ts";
import { type ChannelRows, isColour, readChannels } from "../bands/imageRows.ts";
import { labelBands } from "../bands/labelBands.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { addToClusters, assignToCentres, centresByBand, moveCentres, rgbToLab } from "../kernels/index.ts";
import { requireRows } from "./requireRows.ts";
import type { SlicOptions, Superpixels } from "./slicSuperpixels.ts";

export interface SuperpixelBands extends Omit<Superpixels, "labels"> {
  readonly labels: RowStore<Uint32Array>;
}

/**
 * `slicSuperpixels`, band by band: in memory with one band, with files and many bands for mosaics, the same labels whatever the
 * bands. Each iteration reads the rows once; besides a band, memory holds some hundred bytes a superpixel or connected part.
 *
 * @param image - grey, or red, green and blue (sRGB), 0 … 1, finite
 * @throws DomainError, ShapeError as `slicSuperpixels` does
 * @example
 * const space = bandSpace(16384, 16384, { bandRows: 256, folder: "scratch" });
 * const { labels, n } = slicSuperpixelBands(space, grey, { edgePx: 20 });
 */
export function slicSuperpixelBands(space: BandSpace, image: ChannelRows, options: SlicOptions = {}): SuperpixelBands {
  const settings = resolve(options);
  requireRows("slicSuperpixels", space, isColour(image) ? image : [image], 1);
  const features = perceptualFeatures(space, image);
  const found = cluster(space, features, isColour(image) ? 3 : 1, settings);
  features.close();
  const labels = space.store("uint32");
  const parts = labelBands(space, found, 4, labels);
  found.close();
  const largest = Math.ceil(settings.minShare * settings.edgePx * settings.edgePx) - 1;
  return { labels, n: absorbFragments(space, labels, parts, largest, "smallest first") };
}

type Settings = { readonly [K in keyof SlicOptions]-?: number };

function resolve(options: SlicOptions): Settings {
  const { edgePx = 16, compactness = 10, iterations = 10, minShare = 0.25 } = options;
  if (!(edgePx >= 2 && edgePx < Infinity))
    throw new DomainError(`slicSuperpixels: edgePx must be at least 2, got ${edgePx}`);
  if (!(compactness > 0 && compactness < Infinity)) {
    throw new DomainError(`slicSuperpixels: compactness must be above 0, got ${compactness}`);
  }
  if (!(Number.isInteger(iterations) && iterations >= 1)) {
    throw new DomainError(`slicSuperpixels: iterations must be a whole number of at least 1, got ${iterations}`);
  }
  if (!(minShare >= 0 && minShare <= 1))
    throw new DomainError(`slicSuperpixels: minShare must lie in 0 … 1, got ${minShare}`);
  return { edgePx, compactness, iterations, minShare };
}

/** CIELAB or 100 · grey, channels interleaved: a store with that many times the width. */
function perceptualFeatures(space: BandSpace, image: ChannelRows): RowStore<Float32Array> {
  const { width, height } = space;
  const features = space.store("float32", { width: isColour(image) ? 3 * width : width, height });
  for (const { from, to } of space.bands(0)) {
    const { data } = readChannels(image, from, to);
    const rows = features.read(from, to);
    if (isColour(image)) rgbToLab((to - from) * width, data, rows);
    else for (let i = 0; i < data.length; i++) rows[i] = 100 * data[i]!; // i < length
    features.write(from, rows);
  }
  return features;
}

/** Centre, 1 … n, of every pixel after all iterations. */
function cluster(
  space: BandSpace,
  features: RowReader<Float32Array>,
  channels: number,
  { edgePx, compactness, iterations }: Settings,
): RowStore<Uint32Array> {
  const { width, height, nBands } = space;
  const nX = Math.max(1, Math.round(width / edgePx));
  const nY = Math.max(1, Math.round(height / edgePx));
  const centres = startingCentres(features, { nX, nY, channels });
  const bandRows = space.band(0, 0).to;
  const row = channels + 2;
  const start = new Uint32Array(nBands + 2);
  const order = new Uint32Array(nX * nY * Math.min(nBands, Math.ceil((2 * edgePx) / bandRows) + 1));
  const least = new Float32Array(width * bandRows);
  const sums = new Float64Array(nX * nY * (row + 1));
  const labels = space.store("uint32");
  for (let step = 0; step < iterations; step++) {
    centresByBand(height, bandRows, row, edgePx, centres, start, order);
    sums.fill(0);
    for (const { index, from, to } of space.bands(0)) {
      const values = features.read(from, to);
      const rows = labels.read(from, to);
      if (step === 0) fillCells(space, from, { nX, nY }, rows);
      const [begin, end] = [start[index]!, start[index + 1]!]; // one more than bands
      const weight = (compactness / edgePx) ** 2;
      assignToCentres(width, from, to, channels, values, edgePx, weight, order, begin, end, centres, least, rows);
      addToClusters(width, from, channels, values, rows, sums);
      labels.write(from, rows);
    }
    moveCentres(channels, sums, centres);
  }
  return labels;
}

interface Grid {
  readonly nX: number;
  readonly nY: number;
}

/** The cell of the starting grid that each pixel lies in. */
function fillCells({ width, height }: BandSpace, from: number, { nX, nY }: Grid, rows: Uint32Array): void {
  for (let i = 0, y = from; i < rows.length; y++) {
    const first = 1 + nX * Math.floor(((y + 0.5) * nY) / height);
    for (let x = 0; x < width; x++) rows[i++] = first + Math.floor(((x + 0.5) * nX) / width);
  }
}

/** Middles of the cells of the grid, each moved to the pixel of least gradient among 3 × 3: x, y, features. */
function startingCentres(
  { read, width: rowLength, height }: RowReader<Float32Array>,
  { nX, nY, channels }: Grid & { readonly channels: number },
): Float64Array {
  const width = rowLength / channels;
  const centres = new Float64Array(nX * nY * (channels + 2));
  for (let j = 0, row = 0; j < nY; j++) {
    const y0 = Math.floor(((j + 0.5) * height) / nY);
    const top = Math.max(0, y0 - 2);
    const values = read(top, Math.min(height, y0 + 3));
    const at = (x: number, y: number, c: number): number =>
      values[(clamp(y, height) - top) * rowLength + clamp(x, width) * channels + c]!; // in the image, at most two rows from y0
    const gradient = (x: number, y: number): number => {
      let sum = 0;
      for (let c = 0; c < channels; c++) {
        sum += (at(x + 1, y, c) - at(x - 1, y, c)) ** 2 + (at(x, y + 1, c) - at(x, y - 1, c)) ** 2;
      }
      return sum;
    };
    for (let i = 0; i < nX; i++, row += channels + 2) {
      const x0 = Math.floor(((i + 0.5) * width) / nX);
      let best = { x: x0, y: y0, value: gradient(x0, y0) };
      for (let y = Math.max(0, y0 - 1); y <= Math.min(height - 1, y0 + 1); y++) {
        for (let x = Math.max(0, x0 - 1); x <= Math.min(width - 1, x0 + 1); x++) {
          const value = gradient(x, y);
          if (value < best.value) best = { x, y, value };
        }
      }
      centres[row] = best.x;
      centres[row + 1] = best.y;
      for (let c = 0; c < channels; c++) centres[row + 2 + c] = at(best.x, best.y, c);
    }
  }
  return centres;
}

function clamp(place: number, length: number): number {
  return Math.min(length - 1, Math.max(0, place));
}
