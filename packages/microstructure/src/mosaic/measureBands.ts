import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader } from "../bands/rowStore.ts";
import { type InterceptGrainSize, interceptOfDirections } from "../measure/interceptGrainSize.ts";
import { type PlanimetricGrainSize, planimetricOfCount } from "../measure/planimetricGrainSize.ts";
import type { Region } from "../regions/regionTable.ts";
import { regionBands } from "./regionBands.ts";

export interface MeasureBandsOptions {
  /** Number of grains. */
  readonly nGrains: number;
  /** Image of the same size, for the mean grey of each grain. @defaultValue none */
  readonly grey?: RowReader<Float32Array> | undefined;
  /** Edge of a pixel, µm. @defaultValue not calibrated */
  readonly pixelSizeUm?: number | undefined;
}

export interface BandMeasurement {
  /** As `interceptGrainSize` with its defaults gives them. */
  readonly intercept: InterceptGrainSize;
  /** As `planimetricGrainSize` with its defaults. */
  readonly planimetric: PlanimetricGrainSize;
  /** As `regionTable`. */
  readonly regions: readonly Region[];
}

/**
 * Intercept and planimetric grain size and table of regions of labels that need not be in memory, in one pass over the bands:
 * the same numbers, to the last bit, as the functions for a whole label map give.
 *
 * @param labels - grains 1 … nGrains, every number used, no 0
 * @throws DataError if the labels show a single grain
 * @example
 * const { intercept, regions } = measureBands(space, labels, { nGrains, pixelSizeUm: 0.5 });
 */
export function measureBands(
  space: BandSpace,
  labels: RowReader<Uint32Array>,
  options: MeasureBandsOptions,
): BandMeasurement {
  const { width, height } = space;
  const { nGrains, grey, pixelSizeUm } = options;
  const { regions, nChanges } = regionBands(space, labels, { nRegions: nGrains, grey });
  const across = (width - 1) * height;
  const down = width * (height - 1);
  const diagonal = (width - 1) * (height - 1);
  const steps = [across, diagonal, down, diagonal];
  const directions = steps.map((nSteps, k) => {
    const stepPx = k % 2 === 0 ? 1 : Math.SQRT2;
    const count = nChanges[k]!; // four directions
    const lineLengthPx = nSteps * stepPx;
    const meanPx = count === 0 ? null : lineLengthPx / count;
    return { angleDeg: 45 * k, meanPx, n: count, lineLengthPx, linePitchPx: 1 / stepPx };
  });
  const first = labels.read(0, 1).slice();
  const last = labels.read(height - 1, height);
  const corners = new Set([first[0], first[width - 1], last[0], last[width - 1]]);
  const nTouching = regions.filter(({ touchesEdge }) => touchesEdge).length;
  const nInside = regions.length - nTouching;
  const nEdge = nTouching - corners.size;
  const count = { nInside, nEdge, nEquivalent: nInside + nEdge / 2 + 1, areaPx: width * height };
  return {
    intercept: interceptOfDirections(directions, labels, pixelSizeUm),
    planimetric: planimetricOfCount(count, pixelSizeUm),
    regions,
  };
}
