import { createRaster, DomainError, type Raster, ShapeError } from "@materiome/core";
import type { BandSpace } from "./bandSpace.ts";
import type { RowReader, RowStore, StoreTypes } from "./rowStore.ts";

type Values = StoreTypes[keyof StoreTypes];

export interface FilterBandsOptions {
  /** How far from a pixel the filter looks, px: more rows than that around a band are never needed, fewer give seams. */
  readonly haloPx: number;
}

/**
 * Runs a local filter over an image that need not be in memory, band by band: what the filter gives for the whole image, provided
 * that its result at a pixel depends on no pixel farther than `haloPx` rows away.
 *
 * | filter | haloPx |
 * | --- | --- |
 * | `medianFilter` | `radiusPx` |
 * | `smoothGaussian`, `unsharpMask` | ⌈4 σ⌉ |
 * | `bilateralFilter` with `sigmaGrey` given | `radiusPx` |
 * | `nonLocalMeans` with `noise` given | `searchRadiusPx` + `patchRadiusPx` |
 * | `erode`, `dilate`, `morphologicalGradient` | half the height of the element |
 * | `opening`, `closing`, `whiteTopHat`, `blackTopHat` | twice that |
 *
 * What measures the whole image (CLAHE, rolling ball, shading, stripes, noise that a filter estimates itself, thresholds from a
 * histogram) is not local: its result would depend on the bands.
 *
 * @param filter - gets the rows of a band with the halo around them, cut at the border of the image; returns an image of that size
 * @returns a store of the type that the filter returns
 * @throws DomainError for a halo that is no whole number of at least 0
 * @throws ShapeError if the filter returns another size
 * @example
 * const smooth = filterBands(space, grey, (rows) => medianFilter(rows, { radiusPx: 2 }), { haloPx: 2 });
 */
export function filterBands<S extends Values, T extends Values>(
  space: BandSpace,
  source: RowReader<S>,
  filter: (rows: Raster<S>) => Raster<T>,
  options: FilterBandsOptions,
): RowStore<T> {
  const { haloPx } = options;
  if (!(Number.isSafeInteger(haloPx) && haloPx >= 0)) {
    throw new DomainError(`filterBands: haloPx must be a whole number of at least 0, got ${haloPx}`);
  }
  const { width } = space;
  let store: RowStore<T> | undefined;
  for (const { from, to, top, bottom } of space.bands(haloPx)) {
    // A copy: the filter may keep what it is given, a reader may not.
    const rows = createRaster(source.read(top, bottom).slice() as S, width, bottom - top);
    const found = filter(rows);
    if (found.width !== width || found.height !== bottom - top || found.channels !== 1) {
      throw new ShapeError(
        `filterBands: the filter made ${found.width} × ${found.height} × ${found.channels} of ${width} × ${bottom - top} px; it must keep the size and return one channel`,
      );
    }
    store ??= space.store(typeOf(found.data)) as unknown as RowStore<T>;
    store.write(from, found.data.subarray((from - top) * width, (to - top) * width) as T);
  }
  return store as RowStore<T>; // every space has a band
}

function typeOf(values: Values): keyof StoreTypes {
  if (values instanceof Uint8Array) return "uint8";
  if (values instanceof Uint16Array) return "uint16";
  if (values instanceof Uint32Array) return "uint32";
  return values instanceof Float32Array ? "float32" : "float64";
}
