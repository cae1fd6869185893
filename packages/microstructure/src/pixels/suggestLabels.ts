import { DomainError, type Raster } from "@materiome/core";
import { gaussianBlur } from "../kernels/index.ts";

export interface SuggestLabelsOptions {
  /** @defaultValue 10 */
  readonly nSpots?: number | undefined;
  /** Least distance between two spots, px. @defaultValue a tenth of the shorter edge */
  readonly spacingPx?: number | undefined;
  /** The spot is the middle of a neighbourhood that is uncertain on average: Gaussian of this width, px. @defaultValue 4 */
  readonly neighbourhoodPx?: number | undefined;
}

export interface LabelSuggestion {
  readonly x: number;
  readonly y: number;
  /** Mean uncertainty of the neighbourhood, 0 … 1. */
  readonly uncertainty: number;
}

/**
 * Where labels would teach the classifier most: the spots of largest mean uncertainty, apart from each other, most uncertain first.
 * Fewer than asked where the image is certain (0) or too small.
 *
 * @param uncertainty - from `uncertaintyMap`
 * @throws DomainError for options out of range
 * @example
 * const [first] = suggestLabels(uncertaintyMap(probabilities), { nSpots: 5, spacingPx: 40 });
 */
export function suggestLabels(
  uncertainty: Raster<Float32Array>,
  options: SuggestLabelsOptions = {},
): readonly LabelSuggestion[] {
  const { width, height } = uncertainty;
  const { nSpots = 10, spacingPx = Math.min(width, height) / 10, neighbourhoodPx = 4 } = options;
  if (!(Number.isInteger(nSpots) && nSpots >= 1)) {
    throw new DomainError(`suggestLabels: nSpots must be a whole number of at least 1, got ${nSpots}`);
  }
  if (!(spacingPx >= 0 && neighbourhoodPx >= 0)) {
    throw new DomainError(`suggestLabels: distances must be at least 0 px, got ${spacingPx} and ${neighbourhoodPx}`);
  }
  const size = width * height;
  const mean = uncertainty.data.slice();
  if (neighbourhoodPx > 0) gaussianBlur(width, height, mean, neighbourhoodPx, new Float32Array(size), mean);
  const spots: LabelSuggestion[] = [];
  while (spots.length < nSpots) {
    let best = -1;
    for (let i = 0; i < size; i++) if (mean[i]! > (best < 0 ? 0 : mean[best]!)) best = i; // i < size
    if (best < 0) break;
    const x = best % width;
    const y = (best - x) / width;
    spots.push({ x, y, uncertainty: mean[best]! });
    clearDisc(mean, width, height, x, y, spacingPx);
  }
  return spots;
}

function clearDisc(values: Float32Array, width: number, height: number, cx: number, cy: number, radius: number): void {
  const reach = Math.floor(radius);
  for (let y = Math.max(0, cy - reach); y <= Math.min(height - 1, cy + reach); y++) {
    for (let x = Math.max(0, cx - reach); x <= Math.min(width - 1, cx + reach); x++) {
      if ((x - cx) ** 2 + (y - cy) ** 2 <= radius * radius) values[y * width + x] = 0;
    }
  }
}
