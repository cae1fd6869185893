import type { BandSpace } from "../bands/bandSpace.ts";
import { eachBand } from "../bands/eachBand.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { choosePipeline, type PipelineSegmentation, requireColour } from "./choosePipeline.ts";
import { measureCharacterBands } from "./measureCharacter.ts";
import type { ColourRows } from "./perceptualChannels.ts";
import { segmentColourGrainBands } from "./segmentColourGrainBands.ts";
import { segmentContrastGrainBands } from "./segmentContrastGrainBands.ts";
import { segmentGrainBands } from "./segmentGrainBands.ts";
import { segmentLayerBands } from "./segmentLayerBands.ts";
import type { SegmentMicrographOptions } from "./segmentMicrograph.ts";
import { segmentParticleBands } from "./segmentParticleBands.ts";
import { segmentPoreBands } from "./segmentPoreBands.ts";

/** An image that need not be in memory. */
export interface MicrographRows {
  /** 0 … 1. */
  readonly grey: RowReader<Float32Array>;
  /** Red, green and blue of the same image, where it has colour. */
  readonly colour?: ColourRows | undefined;
}

export interface SegmentMicrographBandsOptions extends SegmentMicrographOptions {
  /** Edge of a pixel, µm, for limits of area in µm². @defaultValue not calibrated */
  readonly pixelSizeUm?: number | undefined;
}

export interface MicrographBands extends PipelineSegmentation<RowStore<Uint32Array>> {}

/**
 * `segmentMicrograph`, band by band: the same labels, words and warnings whatever the bands. "auto" looks at the same middle
 * 512 × 512 px and, for banding, at all rows and columns.
 *
 * @throws DomainError, ShapeError as `segmentMicrograph` does
 * @example
 * const { labels, kind, reason } = segmentMicrographBands(space, { grey });
 */
export function segmentMicrographBands(
  space: BandSpace,
  image: MicrographRows,
  options: SegmentMicrographBandsOptions = {},
): MicrographBands {
  const { grey, colour } = image;
  const { pixelSizeUm } = options;
  return choosePipeline<RowStore<Uint32Array>>(
    {
      lines: () => segmentGrainBands(space, grey, options.lines),
      colour: () => segmentColourGrainBands(space, requireColour(colour), options.colour),
      contrast: () => segmentContrastGrainBands(space, grey, options.contrast),
      particles: () => segmentParticleBands(space, grey, { ...options.particles, pixelSizeUm }),
      pores: () => segmentPoreBands(space, grey, { ...options.pores, pixelSizeUm }),
      layers: () => segmentLayerBands(space, grey, options.layers),
    },
    {
      asked: options.method ?? "auto",
      onlyGrey: onlyGreyOf(space, grey),
      look: () => measureCharacterBands(space, grey, colour),
    },
  );
}

function onlyGreyOf(space: BandSpace, grey: RowReader<Float32Array>): number | undefined {
  const [first] = grey.read(0, 1);
  for (const rows of eachBand(space, grey)) if (rows.some((value) => value !== first)) return undefined;
  return first;
}
