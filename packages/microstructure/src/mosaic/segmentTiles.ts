import { createRaster, DomainError, type Raster, type Segmenter, ShapeError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import { type ChannelRows, readChannels } from "../bands/imageRows.ts";
import type { RowStore } from "../bands/rowStore.ts";
import { uncertaintyMap } from "../pixels/uncertaintyMap.ts";

export interface SegmentTilesOptions {
  /** Edge of the square tiles, without the halo that the segmenter needs. @defaultValue 512 */
  readonly tilePx?: number | undefined;
  /** Class whose probability is kept for every pixel. @defaultValue none */
  readonly probabilityOf?: string | undefined;
  /** Whether the entropy of the probabilities is kept (`uncertaintyMap`). @defaultValue false */
  readonly hasUncertainty?: boolean | undefined;
}

export interface SegmentedTiles {
  /** Most probable class of every pixel, an index of `Segmenter.classes`, of equal ones the first. */
  readonly classes: RowStore<Uint8Array>;
  /** Of the class `probabilityOf`; absent where none was asked for. */
  readonly probability?: RowStore<Float32Array> | undefined;
  /** 0 certain … 1; absent where it was not asked for. */
  readonly uncertainty?: RowStore<Float32Array> | undefined;
  /** Pixels of each class. */
  readonly counts: Float64Array;
}

/**
 * Runs a trained segmenter over an image that need not be in memory, tile by tile. Each tile is given with the `halo` pixels
 * around it that the segmenter needs, cut at the border of the image, so that the result is that of the whole image.
 *
 * Bands of the space are read one at a time: memory is that of a band and of what the segmenter takes for a tile.
 *
 * @param image - one channel, or red, green and blue
 * @param segmenter - such as a pixel classifier; one that standardises grey needs the statistics of the whole image first
 *   (`imageStatisticsBands`)
 * @throws DomainError for a tile size that is no positive integer, or a class that the segmenter does not have
 * @throws ShapeError if the segmenter returns another size or number of classes
 * @example
 * const { classes } = await segmentTiles(space, grey, classifier);
 */
export async function segmentTiles(
  space: BandSpace,
  image: ChannelRows,
  segmenter: Segmenter,
  options: SegmentTilesOptions = {},
): Promise<SegmentedTiles> {
  const { width } = space;
  const { halo } = segmenter;
  const nClasses = segmenter.classes.length;
  const tilePx = options.tilePx ?? 512;
  if (!(Number.isSafeInteger(tilePx) && tilePx >= 1)) {
    throw new DomainError(`segmentTiles: tilePx must be a positive integer, got ${tilePx}`);
  }
  const wanted = options.probabilityOf === undefined ? -1 : segmenter.classes.indexOf(options.probabilityOf);
  if (options.probabilityOf !== undefined && wanted < 0) {
    throw new DomainError(
      `segmentTiles: no class "${options.probabilityOf}"; the segmenter has ${segmenter.classes.join(", ")}`,
    );
  }
  const classes = space.store("uint8");
  const probability = wanted < 0 ? undefined : space.store("float32");
  const uncertainty = options.hasUncertainty === true ? space.store("float32") : undefined;
  const counts = new Float64Array(nClasses);
  for (let from = 0; from < space.height; from += tilePx) {
    const to = Math.min(space.height, from + tilePx);
    const top = Math.max(0, from - halo);
    const rows = readChannels(image, top, Math.min(space.height, to + halo));
    const size = (to - from) * width;
    const best = new Uint8Array(size);
    const kept = new Float32Array(probability === undefined ? 0 : size);
    const doubt = new Float32Array(uncertainty === undefined ? 0 : size);
    for (let left = 0; left < width; left += tilePx) {
      const right = Math.min(width, left + tilePx);
      const first = Math.max(0, left - halo);
      const tile = crop(rows, first, Math.min(width, right + halo), 0, rows.height);
      const found = await segmenter.segmentTile(tile);
      if (found.width !== tile.width || found.height !== tile.height || found.channels !== nClasses) {
        throw new ShapeError(
          `segmentTiles: the segmenter made ${found.width} × ${found.height} × ${found.channels} of a tile of ${tile.width} × ${tile.height} px with ${nClasses} classes`,
        );
      }
      const inside = crop(found, left - first, right - first, from - top, to - top);
      const place = (put: (i: number, at: number) => void): void => {
        for (let y = 0, at = 0; y < inside.height; y++) {
          for (let x = 0; x < inside.width; x++, at++) put(y * width + left + x, at);
        }
      };
      place((i, at) => {
        const k = at * nClasses;
        let most = 0;
        for (let c = 1; c < nClasses; c++) if (inside.data[k + c]! > inside.data[k + most]!) most = c; // nClasses a pixel
        best[i] = most;
        counts[most]! += 1;
        if (wanted >= 0) kept[i] = inside.data[k + wanted]!;
      });
      if (uncertainty === undefined) continue;
      const entropy = uncertaintyMap(inside).data;
      place((i, at) => {
        doubt[i] = entropy[at]!; // a value a pixel
      });
    }
    classes.write(from, best);
    probability?.write(from, kept);
    uncertainty?.write(from, doubt);
  }
  return { classes, probability, uncertainty, counts };
}

function crop(
  { data, width, channels }: Raster<Float32Array>,
  left: number,
  right: number,
  top: number,
  bottom: number,
): Raster<Float32Array> {
  const row = (right - left) * channels;
  const out = new Float32Array(row * (bottom - top));
  for (let y = top; y < bottom; y++) {
    const from = (y * width + left) * channels;
    out.set(data.subarray(from, from + row), (y - top) * row);
  }
  return createRaster(out, right - left, bottom - top, { channels });
}
