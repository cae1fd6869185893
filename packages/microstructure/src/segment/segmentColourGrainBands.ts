import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowStore } from "../bands/rowStore.ts";
import { checkContrastOptions } from "./checkContrastOptions.ts";
import { deviationOfRows } from "./deviation.ts";
import { type ColourRows, perceptualBands } from "./perceptualChannels.ts";
import { requireRows } from "./requireRows.ts";
import { segmentByContrast } from "./segmentByContrast.ts";
import type { ColourGrainSegmentation, SegmentColourGrainsOptions } from "./segmentColourGrains.ts";
import { smoothChannels } from "./smoothChannels.ts";

export interface ColourGrainBands extends Omit<ColourGrainSegmentation, "labels"> {
  readonly labels: RowStore<Uint32Array>;
}

/**
 * `segmentColourGrains`, band by band: in memory with one band, with files and many bands for mosaics, the same labels whatever
 * the bands.
 *
 * @param colour - red, green and blue, sRGB 0 … 1, at least 16 × 16 px
 * @param onStage - told the name of each stage as it begins
 * @throws DomainError, ShapeError as `segmentColourGrains` does
 * @example
 * const space = bandSpace(16384, 16384, { bandRows: 256, folder: "scratch" });
 * const { labels, nGrains } = segmentColourGrainBands(space, [red, green, blue]);
 */
export function segmentColourGrainBands(
  space: BandSpace,
  colour: ColourRows,
  options: SegmentColourGrainsOptions = {},
  onStage?: (stage: string) => void,
): ColourGrainBands {
  const { strictness, minAreaPx } = checkContrastOptions("segmentColourGrains", options);
  requireRows("segmentColourGrains", space, colour, 16);
  onStage?.("colours");
  const lab = perceptualBands(space, colour, CHROMA_WEIGHT);
  const colourSpread = Math.hypot(...lab.map((channel) => deviationOfRows(space, channel)));
  const leastContrast = strictness * Math.max(LEAST_CONTRAST, 6 * Math.sqrt(colourSpread / 20));
  onStage?.("gradient");
  const smoothed = smoothChannels(space, lab, { sigmaPx: 0.8, edge: 4, nSteps: 20 });
  for (const channel of lab) channel.close();
  const plan = { minContrast: leastContrast, minAreaPx, textureFactor: 0 };
  const { labels, nGrains, nCut, minContrast } = segmentByContrast(space, smoothed, plan, onStage);
  return { labels, nGrains, diagnostics: { colourSpread, minContrast, nCut } };
}

const CHROMA_WEIGHT = 0.65;
/** Below this, CIELAB units, no eye tells two colours apart. */
const LEAST_CONTRAST = 2.3;
