import { createRaster, DomainError, type LabelMap } from "@materiome/core";
import { absorbSmallRegions, connectedComponents, magnifyByVote } from "../kernels/index.ts";

export interface MagnifyLabelsOptions {
  /** Standard deviation of the voting weights, pixels of the input. @defaultValue 0.8 */
  readonly smoothing?: number | undefined;
  /** Whether opposite borders of the input touch. @defaultValue false */
  readonly isPeriodic?: boolean | undefined;
}

/**
 * Enlarges a label map with smooth boundaries: every fine pixel takes the label with the largest sum of Gaussian weights
 * over the 5 × 5 input pixels around it; then each 4-connected region gets a number of its own, in scan order. Regions no
 * larger than one input pixel join the neighbour they share most boundary with.
 *
 * A factor of 1 smooths only. Rough one-pixel steps and lone pixels go; so do grains thinner than about two pixels.
 *
 * @param labels - regions 1 … n, 0 allowed as a region that stays 0
 * @param factor - at least 1; the result is round(width · factor) × round(height · factor)
 * @returns labels 1 … n, with `pixelSizeUm` divided by the factor where there is one
 * @throws DomainError for a factor below 1 or a smoothing that is not positive
 * @example
 * const fine = magnifyLabels(coarse, 3, { isPeriodic: true });
 */
export function magnifyLabels(labels: LabelMap, factor: number, options: MagnifyLabelsOptions = {}): LabelMap {
  const smoothing = options.smoothing ?? 0.8;
  if (!(factor >= 1 && Number.isFinite(factor))) {
    throw new DomainError(`magnifyLabels: factor must be a finite number of at least 1, got ${factor}`);
  }
  if (!(smoothing > 0 && smoothing <= 2)) {
    throw new DomainError(`magnifyLabels: smoothing must lie in 0 (excluded) … 2 pixels, got ${smoothing}`);
  }
  const { width, height, data, pixelSizeUm } = labels;
  const fineWidth = Math.round(width * factor);
  const fineHeight = Math.round(height * factor);
  const votes = new Uint32Array(fineWidth * fineHeight);
  magnifyByVote(width, height, data, factor, smoothing, options.isPeriodic ?? false, fineWidth, fineHeight, votes);
  const regions = new Uint32Array(votes.length);
  const nRegions = connectedComponents(fineWidth, fineHeight, votes, 4, regions);
  absorbSmallRegions(fineWidth, fineHeight, nRegions, factor * factor, regions);
  return createRaster(regions, fineWidth, fineHeight, {
    pixelSizeUm: pixelSizeUm === undefined ? undefined : pixelSizeUm / factor,
  });
}
