import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { checkContrastOptions } from "./checkContrastOptions.ts";
import { deviationOfRows } from "./deviation.ts";
import { noiseOfRows } from "./estimateNoise.ts";
import { flattenShading } from "./flattenShading.ts";
import { requireRows } from "./requireRows.ts";
import { segmentByContrast } from "./segmentByContrast.ts";
import type { SegmentColourGrainsOptions } from "./segmentColourGrains.ts";
import type { ContrastGrainSegmentation } from "./segmentContrastGrains.ts";
import { smoothChannels } from "./smoothChannels.ts";

export interface ContrastGrainBands extends Omit<ContrastGrainSegmentation, "labels"> {
  readonly labels: RowStore<Uint32Array>;
}

/**
 * `segmentContrastGrains`, band by band: in memory with one band, with files and many bands for mosaics, the same labels
 * whatever the bands.
 *
 * @param grey - finite values, at least 16 × 16 px
 * @param onStage - told the name of each stage as it begins
 * @throws DomainError, ShapeError as `segmentContrastGrains` does
 * @example
 * const space = bandSpace(16384, 16384, { bandRows: 256, folder: "scratch" });
 * const { labels, nGrains } = segmentContrastGrainBands(space, grey);
 */
export function segmentContrastGrainBands(
  space: BandSpace,
  grey: RowReader<Float32Array>,
  options: SegmentColourGrainsOptions = {},
  onStage?: (stage: string) => void,
): ContrastGrainBands {
  const { strictness, minAreaPx } = checkContrastOptions("segmentContrastGrains", options);
  requireRows("segmentContrastGrains", space, [grey], 16);
  onStage?.("shading");
  const even = space.store("float32");
  const flat = flattenShading(space, grey, even);
  if (flat !== even) even.close();
  const noise = noiseOfRows(flat);
  const variance = deviationOfRows(space, flat) ** 2 - noise * noise;
  const spread = Math.sqrt(Math.max(0, variance));
  const contrastToNoise = noise === 0 ? Infinity : spread / noise;
  const sigmaPx = Math.min(2, Math.max(0.6, 1.6 / Math.sqrt(contrastToNoise)));
  const left = noise / (2 * Math.sqrt(Math.PI) * sigmaPx);
  const fromNoise = strictness * Math.max(0.09 * spread, (contrastToNoise < DROWNED ? 4 : 1.2) * left, 1e-4);
  onStage?.("gradient");
  const smoothed = smoothChannels(space, [flat], {
    sigmaPx,
    edge: Math.max(2.5 * left, 0.1 * spread, 1e-5),
    nSteps: contrastToNoise > 10 ? 10 : 30,
  });
  const plan = { minContrast: fromNoise, minAreaPx, textureFactor: TEXTURE * strictness };
  const { labels, nGrains, nCut, minContrast } = segmentByContrast(space, smoothed, plan, onStage);
  const greyExplained = variance > 1e-12 ? Math.min(1, varianceBetween(space, flat, labels, nGrains) / variance) : 0;
  even.close();
  return { labels, nGrains, diagnostics: { noise, minContrast, contrastToNoise, nCut, greyExplained } };
}

/** Spread of grey over noise below which regions are noise unless their contrast is far above what smoothing leaves of it. */
const DROWNED = 0.5;

/** Contrast of a boundary over the usual step of the smoothed image, which is the texture inside grains. */
const TEXTURE = 1;

/** Variance of the regions' mean greys, weighted by area. */
function varianceBetween(
  space: BandSpace,
  grey: RowReader<Float32Array>,
  labels: RowReader<Uint32Array>,
  nGrains: number,
): number {
  const sums = new Float64Array(nGrains + 1);
  const counts = new Float64Array(nGrains + 1);
  for (const { from, to } of space.bands(0)) {
    const values = grey.read(from, to);
    const rows = labels.read(from, to);
    for (let i = 0; i < values.length; i++) {
      sums[rows[i]!]! += values[i]!; // labels are 0 … nGrains, as many as greys
      counts[rows[i]!]! += 1;
    }
  }
  const size = space.width * space.height;
  const mean = sums.reduce((all, sum) => all + sum, 0) / size;
  let between = 0;
  for (let k = 0; k <= nGrains; k++) if (counts[k]! > 0) between += (sums[k]! - mean * counts[k]!) ** 2 / counts[k]!;
  return between / size;
}
