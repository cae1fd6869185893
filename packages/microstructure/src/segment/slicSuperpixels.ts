import { createRaster, type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { memoryStore } from "../bands/rowStore.ts";
import { channelRows } from "./channelRows.ts";
import { slicSuperpixelBands } from "./slicSuperpixelBands.ts";

export interface SlicOptions {
  /** Edge of a superpixel, px: about width · height / edge² come out. @defaultValue 16 */
  readonly edgePx?: number | undefined;
  /**
   * Weight of place against colour: the difference in L* (or in % of grey) that counts as much as one edge length. Larger
   * gives squarer superpixels. @defaultValue 10
   */
  readonly compactness?: number | undefined;
  /** @defaultValue 10 */
  readonly iterations?: number | undefined;
  /** Connected parts smaller than this share of edge² join the neighbour they touch most, 0 … 1; they stay
   * where all neighbours are as small. @defaultValue 0.25 */
  readonly minShare?: number | undefined;
}

export interface Superpixels {
  /** 1 … n on every pixel; each is one 4-connected region. */
  readonly labels: LabelMap;
  readonly n: number;
}

/**
 * SLIC superpixels: k-means in colour and place, each centre looking no farther than one edge length, started on a
 * grid moved to the place of least gradient among 3 × 3; then connected parts are numbered and small ones joined to their
 * neighbours. A pixel that no centre looks at stays in its cell of the grid. No random numbers: the same image gives the same labels.
 *
 * Colour is compared in CIELAB (sRGB, D65), grey as 100 · grey. Distance² = Δcolour² + (compactness · Δplace / edge)².
 *
 * @param image - one channel, or three (sRGB), 0 … 1, finite
 * @throws ShapeError for another number of channels; DomainError for NaN or infinite values or bad options
 * @see R. Achanta et al., IEEE Trans. PAMI 34, 2274 (2012), doi:10.1109/TPAMI.2012.120
 * @example
 * const { labels } = slicSuperpixels(image, { edgePx: 20 });
 */
export function slicSuperpixels(image: Raster<Float32Array>, options: SlicOptions = {}): Superpixels {
  const { width, height, channels, data, pixelSizeUm } = image;
  if ((channels !== 1 && channels !== 3) || data.length === 0) {
    throw new ShapeError(
      `slicSuperpixels: image must have one or three channels, got ${width} × ${height} with ${channels}`,
    );
  }
  const rows =
    channels === 1
      ? memoryStore("float32", width, height, data)
      : ([channelRows(image, 0), channelRows(image, 1), channelRows(image, 2)] as const);
  const { labels, n } = slicSuperpixelBands(bandSpace(width, height), rows, options);
  return { labels: createRaster(labels.read(0, height), width, height, { pixelSizeUm }), n };
}
