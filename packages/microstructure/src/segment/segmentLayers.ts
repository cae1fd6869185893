import { createRaster, type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { memoryStore } from "../bands/rowStore.ts";
import { segmentLayerBands } from "./segmentLayerBands.ts";

export interface SegmentLayersOptions {
  /** How the layers run. @defaultValue "auto", the direction along which grey changes less */
  readonly direction?: "horizontal" | "vertical" | "auto" | undefined;
  /** Number of layers, 2 … 12. @defaultValue as many as the profile across them shows */
  readonly nLayers?: number | undefined;
  /** Steepest slope of an interface, px per px: whole, 1 … 8. @defaultValue 2 */
  readonly maxSlope?: number | undefined;
}

export interface LayerSegmentation {
  /** Layers 1 … n from top to bottom, or from left to right. */
  readonly labels: LabelMap;
  readonly nLayers: number;
  readonly direction: "horizontal" | "vertical";
  /** Position of the interface below (right of) each layer but the last, per column (row): first pixel of the next layer. */
  readonly interfaces: readonly Int32Array[];
  readonly diagnostics: {
    /** Median grey of each layer. */
    readonly greys: readonly number[];
    /** Share of the variance of grey that the profile across the layers explains, 0 … 1. */
    readonly profileShare: number;
    readonly noise: number;
    /** Steps between neighbouring layers over the spread of grey inside them; below 1, an interface is hardly more than texture. */
    readonly steps: readonly number[];
  };
}

/**
 * Cuts an image into bands, one above the other or side by side, along interfaces that may wave and tilt (coatings, scales,
 * claddings, laminates).
 *
 * The median profile across the bands is cut into pieces of constant grey by optimal partitioning; a cut stays when it
 * explains at least 2 % of the profile's variance. Then each interface is the cheapest way across the image (dynamic programming): pixels on
 * either side cost their squared distance to the median grey of their layer, clipped at the step between the layers so that pores
 * and inclusions do not pull, and a slope costs too. Medians and interfaces are computed in turn, three times.
 *
 * @param grey - one channel, finite, at least 16 × 16 px
 * @throws DomainError for options out of range, or where the profile shows no layers
 * @throws ShapeError for more than one channel or a smaller image
 * @example
 * const { labels } = segmentLayers(grey, { nLayers: 3 });
 * const { inUm } = layerThickness(labels, { label: 2 });
 */
export function segmentLayers(grey: Raster<Float32Array>, options: SegmentLayersOptions = {}): LayerSegmentation {
  const { width, height, channels, data, pixelSizeUm } = grey;
  if (channels !== 1) throw new ShapeError(`segmentLayers: needs one channel, got ${channels}`);
  const source = memoryStore("float32", width, height, data);
  const found = segmentLayerBands(bandSpace(width, height), source, options);
  return { ...found, labels: createRaster(found.labels.read(0, height), width, height, { pixelSizeUm }) };
}
