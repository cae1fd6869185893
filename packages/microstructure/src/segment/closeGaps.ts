import { createRaster, type Raster } from "@materiome/core";
import { bandSpace } from "../bands/bandSpace.ts";
import { memoryStore } from "../bands/rowStore.ts";
import { closeGapBands } from "./closeGapBands.ts";
import { requireOneChannel } from "./morphologyFilter.ts";
import type { SkeletonPoint } from "./skeletonArms.ts";

export interface CloseGapsOptions {
  /** Longest gap that is bridged, px from line end to line end. @defaultValue 12 */
  readonly maxGapPx?: number | undefined;
  /** Most that a bridge may turn away from the direction of a line, degrees, 0 … 90. @defaultValue 60 */
  readonly maxTurnDeg?: number | undefined;
  /** Length over which the direction of a line is taken at its end, px. @defaultValue 8 */
  readonly directionPx?: number | undefined;
  /** Pieces of skeleton shorter than this are no lines and are not continued. @defaultValue 4 */
  readonly minLinePx?: number | undefined;
  /** Continue lines that end within `maxGapPx` of the border of the image up to it. @defaultValue true */
  readonly toBorder?: boolean | undefined;
}

export interface GapLink {
  readonly from: SkeletonPoint;
  readonly to: SkeletonPoint;
  /** What it leads to. */
  readonly kind: "end" | "line" | "border";
}

export interface ClosedGaps {
  /** The mask with the bridges, one pixel wide and 8-connected, drawn in. */
  readonly mask: Raster<Uint8Array>;
  readonly links: readonly GapLink[];
  /** Ends of lines found, and those left open. */
  readonly nEnds: number;
  readonly nOpen: number;
}

/**
 * Bridges gaps in a broken network of lines: every free end of the skeleton is continued, along the direction in which its
 * line runs, to the best of: another end that runs towards it, another line, the border of the image.
 *
 * A bridge is straight, at most `maxGapPx` long, turns at most `maxTurnDeg` at either end and crosses no line. Its cost is
 * its length times 1 + 2 Σ (1 − cos turn) over its ends, doubled where it leads to the side of a line or to the border
 * (two ends that face each other are better evidence of one broken line). Bridges are taken by rising cost, each end once.
 *
 * Ends are linked rather than cut by a watershed of the distance map because that closes every neck, whether a line points at
 * it or not, and needs a seed in every grain. What this cannot do: gaps wider than the direction of a line holds; a
 * junction that is missing with all its arms (the first bridge makes the corner, others join it as a line).
 *
 * @param mask - lines not 0, of any thickness; ends are those of its skeleton
 * @throws ShapeError for more than one channel; DomainError for bad options
 * @example
 * const { mask: closed, links } = closeGaps(broken, { maxGapPx: 10 });
 */
export function closeGaps(mask: Raster<Uint8Array>, options: CloseGapsOptions = {}): ClosedGaps {
  requireOneChannel("closeGaps", mask);
  const { width, height, data, pixelSizeUm } = mask;
  const rows = memoryStore("uint8", width, height, data);
  const closed = closeGapBands(bandSpace(width, height), rows, options);
  return { ...closed, mask: createRaster(closed.mask.read(0, height), width, height, { pixelSizeUm }) };
}
