import type { BandSpace } from "../bands/bandSpace.ts";
import { floodBands } from "../bands/floodBands.ts";
import { maximaBands } from "../bands/maximaBands.ts";
import { rankedValue } from "../bands/rankedValue.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { mergeByContrast } from "./mergeByContrast.ts";
import { smoothBands } from "./smoothBoundaries.ts";
import type { SmoothedChannels } from "./smoothChannels.ts";

export interface ContrastPlan {
  /** Borders of less contrast are no boundaries. */
  readonly minContrast: number;
  readonly minAreaPx: number;
  /** Borders whose contrast is below this many times the median step of the smoothed image (texture) are no boundaries either; 0 for no such limit. */
  readonly textureFactor: number;
}

export interface ContrastPartition {
  readonly labels: RowStore<Uint32Array>;
  readonly nGrains: number;
  /** Regions before merging. */
  readonly nCut: number;
  /** Least contrast of a boundary, texture considered. */
  readonly minContrast: number;
}

/**
 * Cuts an image of one or several channels, smoothed, where its values change: watershed from the minima of the vector
 * gradient, regions of little contrast joined (`mergeByContrast`), staircases evened out. The labels tile the image.
 *
 * @param smoothed - in units in which equal distances matter equally; closed
 */
export function segmentByContrast(
  space: BandSpace,
  smoothed: SmoothedChannels,
  plan: ContrastPlan,
  onStage?: (stage: string) => void,
): ContrastPartition {
  const { minAreaPx, textureFactor } = plan;
  const { values, gradient, steepest } = smoothed;
  const close = (): void => {
    for (const store of [...values, gradient]) store.close();
  };
  if (steepest === 0) {
    close();
    return { labels: oneRegion(space), nGrains: 1, nCut: 1, minContrast: plan.minContrast };
  }
  const usual = textureFactor > 0 ? rankedValue(space, gradient, Math.floor((space.width * space.height) / 2)) : 0;
  const minContrast = Math.max(plan.minContrast, textureFactor * usual * STEP_WIDTH_PX);
  onStage?.("watershed");
  const { labels, nCut } = cutAtSteps(space, gradient, steepest, LEAST_DEPTH * minContrast);
  onStage?.("merging");
  mergeByContrast(space, labels, nCut, {
    values,
    gradient,
    minContrast,
    minAreaPx,
    stepWidthPx: STEP_WIDTH_PX,
  });
  close();
  onStage?.("smoothing");
  const smooth = smoothBands(space, labels, minAreaPx);
  labels.close();
  return { labels: smooth.labels, nGrains: smooth.n, nCut, minContrast };
}

/** Watershed of the gradient from its minima at least `leastDepth` deep. */
function cutAtSteps(
  space: BandSpace,
  gradient: RowReader<Float32Array>,
  steepest: number,
  leastDepth: number,
): { readonly labels: RowStore<Uint32Array>; readonly nCut: number } {
  const { width, height } = space;
  const flatness: RowReader<Float32Array> = {
    width,
    height,
    read(from, to) {
      const steps = gradient.read(from, to);
      const rows = new Float32Array(steps.length);
      for (let i = 0; i < rows.length; i++) rows[i] = steepest - steps[i]! + 1e-3 * steepest; // same length
      return rows;
    },
  };
  const seeds = space.store("uint32");
  const nCut = maximaBands(space, flatness, { hAbsolute: leastDepth, hRelative: 0 }, seeds);
  const levels = space.store("uint16");
  for (const { from, to } of space.bands(0)) {
    const steps = gradient.read(from, to);
    const rows = levels.read(from, to);
    for (let i = 0; i < rows.length; i++) rows[i] = Math.floor((steps[i]! / steepest) * (N_LEVELS - 1)); // same length
    levels.write(from, rows);
  }
  const labels = space.store("uint32");
  floodBands(space, levels, N_LEVELS, seeds, labels);
  levels.close();
  seeds.close();
  return { labels, nCut };
}

function oneRegion(space: BandSpace): RowStore<Uint32Array> {
  const labels = space.store("uint32");
  for (const { from, to } of space.bands(0)) labels.write(from, labels.read(from, to).fill(1));
  return labels;
}

/** Width over which the optics, the smoothing and central differences spread a sharp step. */
const STEP_WIDTH_PX = 4;
/** Minima of the gradient shallower than this share of the least contrast (in a step, four pixels wide, a quarter of it per pixel) cut nothing. */
const LEAST_DEPTH = 0.05;
const N_LEVELS = 4096;
