import { createRaster, DomainError, type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { deviation } from "./deviation.ts";
import { perceptualChannels } from "./perceptualChannels.ts";
import { segmentByContrast } from "./segmentByContrast.ts";

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
  const { width, height, channels, data, pixelSizeUm } = colour;
  if (channels !== 3 || width < 16 || height < 16) {
    throw new ShapeError(
      `segmentColourGrains: needs three channels and at least 16 × 16 px, got ${width} × ${height} with ${channels}`,
    );
  }
  if (data.some((value) => !Number.isFinite(value))) {
    throw new DomainError("segmentColourGrains: the image holds NaN or infinite values; replace or crop them first");
  }
  const { strictness, minAreaPx } = checkContrastOptions("segmentColourGrains", options);
  const size = width * height;
  const values = perceptualChannels(colour);
  for (let i = size; i < 3 * size; i++) values[i]! *= CHROMA_WEIGHT; // i < 3 size
  const colourSpread = Math.hypot(...[0, 1, 2].map((c) => deviation(values.subarray(c * size, (c + 1) * size))));
  const minContrast = strictness * Math.max(LEAST_CONTRAST, 6 * Math.sqrt(colourSpread / 20));
  const { labels, nGrains, nCut } = segmentByContrast(width, height, {
    values,
    nChannels: 3,
    sigmaPx: 0.8,
    edge: 4,
    nSteps: 20,
    minContrast,
    minAreaPx,
    textureFactor: 0,
  });
  return {
    labels: createRaster(labels.data, width, height, { pixelSizeUm }),
    nGrains,
    diagnostics: { colourSpread, minContrast, nCut },
  };
}

/** Options shared by the pipelines that cut by contrast, resolved. */
export function checkContrastOptions(
  caller: string,
  options: SegmentColourGrainsOptions,
): { readonly strictness: number; readonly minAreaPx: number } {
  const strictness = options.strictness ?? 1;
  const minAreaPx = options.minAreaPx ?? 40;
  if (!(strictness > 0 && Number.isFinite(strictness))) {
    throw new DomainError(`${caller}: strictness must be positive, got ${strictness}`);
  }
  if (!(minAreaPx >= 0)) throw new DomainError(`${caller}: minAreaPx must be at least 0, got ${minAreaPx}`);
  return { strictness, minAreaPx };
}

const CHROMA_WEIGHT = 0.65;
/** Below this, CIELAB units, no eye tells two colours apart. */
const LEAST_CONTRAST = 2.3;
