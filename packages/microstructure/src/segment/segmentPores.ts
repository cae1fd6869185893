import { createRaster, type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { memoryStore } from "../bands/rowStore.ts";
import type { ParticleSizeOptions } from "./particleLabels.ts";
import { segmentPoreBands } from "./segmentPoreBands.ts";

/** Size options as for particles, but holes stay open (a bright core is no pore) and nothing is split unless asked. */
export interface SegmentPoresOptions extends ParticleSizeOptions {
  /** Least drop of grey from its rim to its darkest pixel, full scale 1. @defaultValue from the image: see `segmentPores` */
  readonly minDepth?: number | undefined;
  /** Share of its depth at which a pore ends, 0 … 1. @defaultValue 0.5, the middle of a blurred edge */
  readonly edgeLevel?: number | undefined;
}

export interface PoreSegmentation {
  /** Pores 1 … n; 0 is the solid. */
  readonly labels: LabelMap;
  readonly nPores: number;
  /** Share of the image that pores cover. */
  readonly areaFraction: number;
  readonly diagnostics: {
    /** Depth from which a basin counts as a pore, full scale 1. */
    readonly minDepth: number;
    readonly noise: number;
    /** Basins that were too shallow. */
    readonly nShallow: number;
    readonly nDropped: number;
  };
}

/**
 * Finds pores: dark basins enclosed by brighter solid, each measured against its own rim, so that pores in a dark phase and in
 * a bright one are found in the same image.
 *
 * The image, lightly smoothed, is taken as a relief and its basins are filled to where they overflow (grey reconstruction by
 * erosion). A basin is a pore when it is deep enough: at least six standard deviations of the smoothed noise, and half of Otsu's threshold
 * of all depths above that. It ends at half its own depth. On the image border the relief drains at the median grey of the
 * neighbouring border pixels, so that pores cut by the border are found.
 *
 * @param grey - one channel, finite, at least 16 × 16 px
 * @throws DomainError for options out of range, µm limits without calibration
 * @throws ShapeError for more than one channel or a smaller image
 * @example
 * const { nPores, areaFraction } = segmentPores(grey, { minAreaPx: 12 });
 */
export function segmentPores(grey: Raster<Float32Array>, options: SegmentPoresOptions = {}): PoreSegmentation {
  const { width, height, channels, data, pixelSizeUm } = grey;
  if (channels !== 1) throw new ShapeError(`segmentPores: needs one channel, got ${channels}`);
  const source = memoryStore("float32", width, height, data);
  const found = segmentPoreBands(bandSpace(width, height), source, { ...options, pixelSizeUm });
  return { ...found, labels: createRaster(found.labels.read(0, height), width, height, { pixelSizeUm }) };
}
