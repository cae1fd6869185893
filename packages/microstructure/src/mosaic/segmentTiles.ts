import {
  createRaster,
  DomainError,
  type Progress,
  type Raster,
  type Segmenter,
  ShapeError,
  supportsSegmentVariance,
} from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import { type ChannelRows, readChannels } from "../bands/imageRows.ts";
import type { RowStore } from "../bands/rowStore.ts";
import { blendTile } from "../kernels/index.ts";
import { cropRaster } from "../pixels/cropRaster.ts";
import { uncertaintyMap } from "../pixels/uncertaintyMap.ts";
import { tileSpan, tileWeights } from "./tileSpan.ts";

export interface SegmentTilesOptions {
  /** Edge of the square tiles, without the halo that the segmenter needs. @defaultValue 512 */
  readonly tilePx?: number | undefined;
  /**
   * How far tiles reach over their seams to either side, at most half a tile: there the probabilities of both pass into each other, for
   * segmenters whose result depends on where a tile begins (views turned round, nets whose halo is smaller than their field of view).
   * @defaultValue 0: tiles are cut at the seam
   */
  readonly blendPx?: number | undefined;
  /** How the weight of a tile falls over a seam: by half a period of a cosine, or straight. @defaultValue "hann" */
  readonly blendWindow?: "hann" | "linear" | undefined;
  /** Class whose probability is kept for every pixel. @defaultValue none */
  readonly probabilityOf?: string | undefined;
  /** Whether the entropy of the probabilities is kept (`uncertaintyMap`). @defaultValue false */
  readonly hasUncertainty?: boolean | undefined;
  /**
   * Whether the variance among the views or members is kept, summed over the classes; the segmenter must have one
   * (`withTestTimeAugmentation`). @defaultValue false
   */
  readonly hasVariance?: boolean | undefined;
}

export interface SegmentedTiles {
  /** Most probable class of every pixel, an index of `Segmenter.classes`, of equal ones the first. */
  readonly classes: RowStore<Uint8Array>;
  /** Of the class `probabilityOf`; absent where none was asked for. */
  readonly probability?: RowStore<Float32Array> | undefined;
  /** 0 certain … 1; absent where it was not asked for. */
  readonly uncertainty?: RowStore<Float32Array> | undefined;
  /** 0 where all views agree, at most 1 (over seams, the weighted mean of the tiles'); absent where it was not asked for. */
  readonly variance?: RowStore<Float32Array> | undefined;
  /** Pixels of each class. */
  readonly counts: Float64Array;
}

/**
 * Runs a trained segmenter over an image that need not be in memory, tile by tile. Each tile is given with the `halo` pixels
 * around it that the segmenter needs, cut at the border of the image, and with its `alignment`, so that the result is that of the whole image;
 * with `blendPx`, tiles overlap besides, and pass into each other with weights that sum to 1.
 *
 * Bands of the space are read one at a time: memory is that of a band and of what the segmenter takes for a tile; with `blendPx`, also
 * that of the probabilities of a band.
 *
 * @param image - one channel, or red, green and blue
 * @param segmenter - such as a pixel classifier; one that standardises grey needs the statistics of the whole image first
 *   (`imageStatisticsBands`)
 * @throws DomainError for a tile or overlap that is no possible size, a class that the segmenter does not have, or `hasVariance` of a
 *   segmenter without one
 * @throws ShapeError if the segmenter returns another size or number of classes
 * @example
 * const { classes } = await segmentTiles(space, grey, classifier);
 */
export function segmentTiles(
  space: BandSpace,
  image: ChannelRows,
  segmenter: Segmenter,
  options: SegmentTilesOptions = {},
): Promise<SegmentedTiles> {
  return segmentTilesBy(space, image, segmenter, options);
}

/** Who is asked for tiles, and who is told. */
export interface TileRun {
  /** Gives the probabilities of a tile, as `segmenter` would. @defaultValue `segmenter` does */
  readonly ask?: Segmenter["segmentTile"] | undefined;
  /** Tiles that are asked for at a time. @defaultValue 1 */
  readonly atOnce?: number | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface TileOptions extends SegmentTilesOptions {
  /** The last channel of the segmenter is no class but a value, which is kept. @defaultValue false */
  readonly hasValue?: boolean | undefined;
}

/** As `segmentTiles`, in other threads too; the result is the same. */
export async function segmentTilesBy(
  space: BandSpace,
  image: ChannelRows,
  segmenter: Segmenter,
  options: TileOptions,
  run: TileRun = {},
): Promise<SegmentedTiles & { readonly value?: RowStore<Float32Array> | undefined }> {
  const { width, height } = space;
  const { tilePx, blendPx, blendWindow, wanted } = resolve(segmenter, options);
  const ask = tileAsker(segmenter, options.hasVariance === true, run.ask);
  const total = Math.ceil(width / tilePx) * Math.ceil(height / tilePx);
  let nDone = 0;
  const results = resultRows(space, segmenter.classes.length, wanted, options);
  // Probabilities, and variance, that tiles further down still add to: rows from `first` on.
  const nChannels = segmenter.classes.length + (options.hasVariance === true ? 1 : 0);
  let first = 0;
  let waiting = new Float32Array(0);
  for (let from = 0; from < height; from += tilePx) {
    const y = tileSpan(from, Math.min(height, from + tilePx), height, blendPx, segmenter);
    const rows = readChannels(image, y.readFrom, y.readTo);
    const sums = new Float32Array(blendPx === 0 ? 0 : (y.to - first) * width * nChannels);
    sums.set(waiting);
    const band = results.startRows(from, y.end - y.start);
    const lefts = Array.from({ length: Math.ceil(width / tilePx) }, (_, k) => k * tilePx);
    const spanFrom = (left: number) => tileSpan(left, Math.min(width, left + tilePx), width, blendPx, segmenter);
    const nextTile = inOrder(lefts, run.atOnce ?? 1, (left) => {
      const { readFrom, readTo } = spanFrom(left);
      return ask(cropRaster(rows, { x: readFrom, y: 0, width: readTo - readFrom, height: rows.height }));
    });
    for (const left of lefts) {
      const x = spanFrom(left);
      const found = await nextTile();
      nDone++;
      run.onProgress?.({ stage: "classify pixels", done: nDone, total });
      if (blendPx === 0) {
        const [cutX, cutY] = [x.start - x.readFrom, y.start - y.readFrom];
        const inner = { x: cutX, y: cutY, width: x.end - x.start, height: y.end - y.start };
        band.put(cropRaster(found, inner), left);
      } else {
        const columnWeights = tileWeights(x, width, blendPx, blendWindow);
        const rowWeights = tileWeights(y, height, blendPx, blendWindow);
        const [cutX, cutY] = [x.from - x.readFrom, y.from - y.readFrom];
        blendTile(
          found.width,
          nChannels,
          found.data,
          cutX,
          cutY,
          columnWeights,
          rowWeights,
          width,
          x.from,
          y.from - first,
          sums,
        );
      }
    }
    if (blendPx === 0) {
      band.write();
      continue;
    }
    // Rows that the next row of tiles does not reach.
    const done = y.end === height ? height : y.end - blendPx;
    const finished = results.startRows(first, done - first);
    const size = (done - first) * width * nChannels;
    finished.put(createRaster(sums.subarray(0, size), width, done - first, { channels: nChannels }), 0);
    finished.write();
    waiting = sums.slice(size);
    first = done;
  }
  return results.stores;
}

function resolve(
  segmenter: Segmenter,
  options: SegmentTilesOptions,
): {
  readonly tilePx: number;
  readonly blendPx: number;
  readonly blendWindow: "hann" | "linear";
  readonly wanted: number;
} {
  const { tilePx = 512, blendPx = 0, blendWindow = "hann" } = options;
  if (!(Number.isSafeInteger(tilePx) && tilePx >= 1)) {
    throw new DomainError(`segmentTiles: tilePx must be a positive integer, got ${tilePx}`);
  }
  if (!(Number.isSafeInteger(blendPx) && blendPx >= 0 && 2 * blendPx <= tilePx)) {
    throw new DomainError(
      `segmentTiles: blendPx must be a whole number from 0 to half of tilePx (${tilePx}), got ${blendPx}`,
    );
  }
  if (blendWindow !== "hann" && blendWindow !== "linear") {
    throw new DomainError(`segmentTiles: blendWindow is "${String(blendWindow)}", expected "hann" or "linear"`);
  }
  const wanted = options.probabilityOf === undefined ? -1 : segmenter.classes.indexOf(options.probabilityOf);
  if (options.probabilityOf !== undefined && wanted < 0) {
    throw new DomainError(
      `segmentTiles: no class "${options.probabilityOf}"; the segmenter has ${segmenter.classes.join(", ")}`,
    );
  }
  return { tilePx, blendPx, blendWindow, wanted };
}

/** Results in the order of the inputs, of which `atOnce` are worked on at a time. */
function inOrder<I, O>(inputs: readonly I[], atOnce: number, work: (input: I) => Promise<O>): () => Promise<O> {
  const waiting: Promise<O>[] = [];
  let next = 0;
  const start = (): void => {
    if (next >= inputs.length) return;
    const promise = work(inputs[next++]!); // below length
    promise.catch(() => undefined); // thrown when its turn comes
    waiting.push(promise);
  };
  for (let k = 0; k < atOnce; k++) start();
  return async () => {
    const result = await waiting.shift()!; // asked once an input
    start();
    return result;
  };
}

/** Asks the segmenter for a tile: probabilities, and behind them, if wanted, the summed variance as a channel more. */
function tileAsker(
  segmenter: Segmenter,
  hasVariance: boolean,
  askPlain: Segmenter["segmentTile"] = (tile) => segmenter.segmentTile(tile),
): (tile: Raster<Float32Array>) => Promise<Raster<Float32Array>> {
  const nClasses = segmenter.classes.length;
  const checked = (found: Raster<Float32Array>, tile: Raster<Float32Array>): Raster<Float32Array> => {
    if (found.width === tile.width && found.height === tile.height && found.channels === nClasses) return found;
    throw new ShapeError(
      `segmentTiles: the segmenter made ${found.width} × ${found.height} × ${found.channels} of a tile of ${tile.width} × ${tile.height} px with ${nClasses} classes`,
    );
  };
  if (!hasVariance) return async (tile) => checked(await askPlain(tile), tile);
  if (!supportsSegmentVariance(segmenter)) {
    throw new DomainError(
      "segmentTiles: hasVariance needs a segmenter of several views or members; wrap it with withTestTimeAugmentation",
    );
  }
  return async (tile) => {
    const { mean, variance } = await segmenter.segmentTileVariance(tile);
    checked(mean, tile);
    checked(variance, tile);
    const size = tile.width * tile.height;
    const data = new Float32Array(size * (nClasses + 1));
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let c = 0; c < nClasses; c++) {
        data[i * (nClasses + 1) + c] = mean.data[i * nClasses + c]!; // size pixels, here and below
        sum += variance.data[i * nClasses + c]!;
      }
      data[i * (nClasses + 1) + nClasses] = sum;
    }
    return createRaster(data, tile.width, tile.height, { channels: nClasses + 1 });
  };
}

/** Turns probabilities into what is kept, some rows at a time. */
function resultRows(
  space: BandSpace,
  nOutputs: number,
  wanted: number,
  options: TileOptions,
): {
  readonly stores: SegmentedTiles & { readonly value: RowStore<Float32Array> | undefined };
  startRows(from: number, n: number): { put(found: Raster<Float32Array>, left: number): void; write(): void };
} {
  const { width } = space;
  const nClasses = nOutputs - (options.hasValue === true ? 1 : 0);
  const stores = {
    value: options.hasValue === true ? space.store("float32") : undefined,
    classes: space.store("uint8"),
    probability: wanted < 0 ? undefined : space.store("float32"),
    uncertainty: options.hasUncertainty === true ? space.store("float32") : undefined,
    variance: options.hasVariance === true ? space.store("float32") : undefined,
    counts: new Float64Array(nClasses),
  };
  const { classes, probability, uncertainty, variance, value, counts } = stores;
  const startRows = (from: number, n: number) => {
    const size = n * width;
    const best = new Uint8Array(size);
    const kept = new Float32Array(probability === undefined ? 0 : size);
    const doubt = new Float32Array(uncertainty === undefined ? 0 : size);
    const spread = new Float32Array(variance === undefined ? 0 : size);
    const last = new Float32Array(value === undefined ? 0 : size);
    return {
      /** Columns from `left` on; as many rows as were begun. */
      put(found: Raster<Float32Array>, left: number): void {
        const { channels, data } = found;
        const entropy = uncertainty === undefined ? undefined : uncertaintyMap(firstChannels(found, nClasses)).data;
        for (let y = 0, at = 0; y < found.height; y++) {
          for (let x = 0; x < found.width; x++, at++) {
            const i = y * width + left + x;
            const k = at * channels;
            let most = 0;
            for (let c = 1; c < nClasses; c++) if (data[k + c]! > data[k + most]!) most = c; // nClasses a pixel
            best[i] = most;
            counts[most]! += 1;
            if (wanted >= 0) kept[i] = data[k + wanted]!;
            if (entropy !== undefined) doubt[i] = entropy[at]!; // a value a pixel
            if (variance !== undefined) spread[i] = data[k + nOutputs]!; // the channel behind the others
            if (value !== undefined) last[i] = data[k + nClasses]!; // the channel behind the classes
          }
        }
      },
      write(): void {
        classes.write(from, best);
        probability?.write(from, kept);
        uncertainty?.write(from, doubt);
        variance?.write(from, spread);
        value?.write(from, last);
      },
    };
  };
  return { stores, startRows };
}

function firstChannels(image: Raster<Float32Array>, n: number): Raster<Float32Array> {
  if (image.channels === n) return image;
  const size = image.width * image.height;
  const data = new Float32Array(size * n);
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < n; c++) data[i * n + c] = image.data[i * image.channels + c]!; // n ≤ channels
  }
  return createRaster(data, image.width, image.height, { channels: n });
}
