import { createRaster, type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { channelRows } from "./channelRows.ts";
import { segmentColourGrainBands } from "./segmentColourGrainBands.ts";

export interface SegmentColourGrainsOptions {
  /**
   * Least contrast of a boundary relative to the default, which grows with the root of the spread of colours in the image. Higher
   * keeps only clearer boundaries. @defaultValue 1
   */
  readonly strictness?: number | undefined;
  /** Grains smaller than this join the neighbour they are most like, px. @defaultValue 40 */
  readonly minAreaPx?: number | undefined;
}

export interface ColourGrainSegmentation {
  /** Grains 1 … n; they tile the image. */
  readonly labels: LabelMap;
  readonly nGrains: number;
  readonly diagnostics: {
    /** Standard deviation of colour over the image, CIELAB units with a* and b* times 0.65. */
    readonly colourSpread: number;
    /** Least contrast of a boundary, same units. */
    readonly minContrast: number;
    /** Regions before those of little contrast were joined. */
    readonly nCut: number;
  };
}

/**
 * Cuts a tint-etched or polarised-light micrograph into grains by their colour.
 *
 * Colours go to CIELAB, a* and b* weighed 0.65 (cameras resolve them less and compress them more than L*); edge-preserving
 * smoothing with a conductance shared by the channels; Di Zenzo's vector gradient; watershed from its minima; regions joined while
 * the contrast of their common border, the smaller of the distance of their mean colours and of the step seen along the border,
 * is below 6 · √(s/20), s the standard deviation of colour over the image. The constants were chosen on the training crops of
 * the TBM data set (see `docs/segmentation.md`).
 *
 * @param colour - three channels sRGB 0 … 1, interleaved, at least 16 × 16 px
 * @throws ShapeError for another number of channels or a smaller image
 * @throws DomainError for NaN, infinite values, options out of range
 * @example
 * const { colour } = await readMicrograph("tint-etched.png");
 * const { labels } = segmentColourGrains(colour);
 */
export function segmentColourGrains(
  colour: Raster<Float32Array>,
  options: SegmentColourGrainsOptions = {},
): ColourGrainSegmentation {
  const { width, height, channels, pixelSizeUm } = colour;
  if (channels !== 3) throw new ShapeError(`segmentColourGrains: needs three channels, got ${channels}`);
  const planes = [channelRows(colour, 0), channelRows(colour, 1), channelRows(colour, 2)] as const;
  const found = segmentColourGrainBands(bandSpace(width, height), planes, options);
  return { ...found, labels: createRaster(found.labels.read(0, height), width, height, { pixelSizeUm }) };
}
