import { createRaster, DomainError, type Segmenter, ShapeError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";

export interface SegmentTilesOptions {
  /** Edge of the square tiles, without the halo that the segmenter needs. @defaultValue 512 */
  readonly tilePx?: number | undefined;
  /** Class whose probability is kept for every pixel. @defaultValue none */
  readonly probabilityOf?: string | undefined;
}

export interface SegmentedTiles {
  /** Most probable class of every pixel, an index of `Segmenter.classes`, of equal ones the first. */
  readonly classes: RowStore<Uint8Array>;
  /** Of the class `probabilityOf`; absent where none was asked for. */
  readonly probability?: RowStore<Float32Array> | undefined;
  /** Pixels of each class. */
  readonly counts: Float64Array;
}

/**
 * Runs a trained segmenter over an image that need not be in memory, tile by tile. Each tile is given with the `halo` pixels
 * around it that the segmenter needs, cut at the border of the image, so that the result is that of the whole image.
 *
 * Bands of the space are read one at a time: memory is that of a band and of what the segmenter takes for a tile.
 *
 * @param image - one channel
 * @param segmenter - such as a pixel classifier; one that standardises grey needs the statistics of the whole image first
 * @throws DomainError for a tile size that is no positive integer, or a class that the segmenter does not have
 * @throws ShapeError if the segmenter returns another size or number of classes
 * @example
 * const { classes } = await segmentTiles(space, grey, classifier);
 */
export async function segmentTiles(
  space: BandSpace,
  image: RowReader<Float32Array>,
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
  const counts = new Float64Array(nClasses);
  for (let from = 0; from < space.height; from += tilePx) {
    const to = Math.min(space.height, from + tilePx);
    const top = Math.max(0, from - halo);
    const bottom = Math.min(space.height, to + halo);
    const rows = image.read(top, bottom).slice();
    const best = new Uint8Array((to - from) * width);
    const kept = new Float32Array(probability === undefined ? 0 : best.length);
    for (let left = 0; left < width; left += tilePx) {
      const right = Math.min(width, left + tilePx);
      const first = Math.max(0, left - halo);
      const end = Math.min(width, right + halo);
      const tile = new Float32Array((end - first) * (bottom - top));
      for (let y = 0; y < bottom - top; y++) {
        tile.set(rows.subarray(y * width + first, y * width + end), y * (end - first));
      }
      const found = await segmenter.segmentTile(createRaster(tile, end - first, bottom - top));
      if (found.width !== end - first || found.height !== bottom - top || found.channels !== nClasses) {
        throw new ShapeError(
          `segmentTiles: the segmenter made ${found.width} × ${found.height} × ${found.channels} of a tile of ${end - first} × ${bottom - top} px with ${nClasses} classes`,
        );
      }
      for (let y = from; y < to; y++) {
        for (let x = left; x < right; x++) {
          const at = ((y - top) * (end - first) + x - first) * nClasses;
          let most = 0;
          for (let c = 1; c < nClasses; c++) if (found.data[at + c]! > found.data[at + most]!) most = c; // inside the tile
          const i = (y - from) * width + x;
          best[i] = most;
          counts[most]! += 1;
          if (wanted >= 0) kept[i] = found.data[at + wanted]!;
        }
      }
    }
    classes.write(from, best);
    probability?.write(from, kept);
  }
  return { classes, probability, counts };
}
