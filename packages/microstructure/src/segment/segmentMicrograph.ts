import { type LabelMap, type Raster, ShapeError } from "@materiome/core";
import type { DigitizeMethod, SegmentationMethod } from "./chooseMethod.ts";
import { choosePipeline, requireColour } from "./choosePipeline.ts";
import { type ImageCharacter, measureCharacter } from "./measureCharacter.ts";
import { requireGrey } from "./requireGrey.ts";
import { type SegmentColourGrainsOptions, segmentColourGrains } from "./segmentColourGrains.ts";
import { segmentContrastGrains } from "./segmentContrastGrains.ts";
import { type SegmentGrainsOptions, segmentGrains } from "./segmentGrains.ts";
import { type SegmentLayersOptions, segmentLayers } from "./segmentLayers.ts";
import { type SegmentParticlesOptions, segmentParticles } from "./segmentParticles.ts";
import { type SegmentPoresOptions, segmentPores } from "./segmentPores.ts";

export interface MicrographImage {
  /** One channel, 0 … 1. */
  readonly grey: Raster<Float32Array>;
  /** The same image in three channels, where it has colour. */
  readonly colour?: Raster<Float32Array> | undefined;
}

export interface SegmentMicrographOptions {
  /** Pipeline, or "auto" to choose by the look of the image. @defaultValue "auto" */
  readonly method?: SegmentationMethod | "auto" | undefined;
  /** Options of the pipelines; only those of the one that runs are used. @defaultValue each pipeline's own */
  readonly lines?: SegmentGrainsOptions | undefined;
  readonly colour?: SegmentColourGrainsOptions | undefined;
  readonly contrast?: SegmentColourGrainsOptions | undefined;
  readonly particles?: SegmentParticlesOptions | undefined;
  readonly pores?: SegmentPoresOptions | undefined;
  readonly layers?: SegmentLayersOptions | undefined;
}

/** The options for a method of `digitize`: "dark" and "bright" are lines of that polarity. */
export function pipelineOptions(
  method: DigitizeMethod,
  segment: Omit<SegmentMicrographOptions, "method"> = {},
): SegmentMicrographOptions {
  if (method !== "dark" && method !== "bright") return { ...segment, method };
  return { ...segment, method: "lines", lines: { ...segment.lines, polarity: method } };
}

export interface MicrographSegmentation {
  /** Regions 1 … n. Grains and layers tile the image; around particles and pores is 0. */
  readonly labels: LabelMap;
  readonly nRegions: number;
  readonly kind: "grains" | "particles" | "pores" | "layers";
  /** Pipeline that ran. */
  readonly method: SegmentationMethod;
  /** Why this one, in words with the numbers. */
  readonly reason: string;
  /** Lead of the chosen method over the next, 0 … 1; 1 where the caller chose, 0 where the result contradicts the choice. */
  readonly confidence: number;
  /** How the image looks; absent where the caller chose the method. */
  readonly character?: ImageCharacter | undefined;
  /** What the pipeline measured on the way, by name; see its own documentation. */
  readonly measured: Readonly<Record<string, number | string>>;
  readonly warnings: readonly string[];
}

/**
 * Segments a micrograph by the pipeline that suits it.
 *
 * | method | for | kind | function |
 * | --- | --- | --- | --- |
 * | lines | grains with dark or bright boundary lines | grains | `segmentGrains` |
 * | colour | tint-etched or polarised light, grains of different colour | grains | `segmentColourGrains` |
 * | contrast | grains of different grey without lines | grains | `segmentContrastGrains` |
 * | particles | a second phase in a matrix | particles | `segmentParticles` |
 * | pores | dark holes in a solid of one or several phases | pores | `segmentPores` |
 * | layers | coatings, scales, laminates | layers | `segmentLayers` |
 *
 * "auto" measures the image (`ImageCharacter`) and chooses (`chooseMethod`); a choice with little lead, and results that the pipeline itself
 * doubts, are warnings.
 *
 * @throws DomainError for an image without structure, a method that needs colour on a grey image, NaN; and what the pipeline throws
 * @throws ShapeError where grey and colour differ in size, or below 32 × 32 px
 * @example
 * const { labels, kind, reason, warnings } = segmentMicrograph(await readMicrograph("steel.tif"));
 */
export function segmentMicrograph(
  image: MicrographImage,
  options: SegmentMicrographOptions = {},
): MicrographSegmentation {
  const { grey, colour } = image;
  requireGrey("segmentMicrograph", grey, 32);
  if (colour !== undefined && (colour.width !== grey.width || colour.height !== grey.height || colour.channels !== 3)) {
    throw new ShapeError(
      `segmentMicrograph: colour must be ${grey.width} × ${grey.height} with 3 channels like grey, got ${colour.width} × ${colour.height} with ${colour.channels}`,
    );
  }
  const [first] = grey.data;
  return choosePipeline<LabelMap>(
    {
      lines: () => segmentGrains(grey, options.lines),
      colour: () => segmentColourGrains(requireColour(colour), options.colour),
      contrast: () => segmentContrastGrains(grey, options.contrast),
      particles: () => segmentParticles(grey, options.particles),
      pores: () => segmentPores(grey, options.pores),
      layers: () => segmentLayers(grey, options.layers),
    },
    {
      asked: options.method ?? "auto",
      onlyGrey: grey.data.every((value) => value === first) ? first : undefined,
      look: () => measureCharacter(grey, colour),
    },
  );
}
