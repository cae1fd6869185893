import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader } from "../bands/rowStore.ts";
import { addRegionMoments, neighbourChanges, REGION_FIELDS, startRegionMoments } from "../kernels/index.ts";
import { type InterceptGrainSize, interceptOfDirections } from "../measure/interceptGrainSize.ts";
import { type PlanimetricGrainSize, planimetricOfCount } from "../measure/planimetricGrainSize.ts";
import { describeRegion, type Region } from "../regions/regionTable.ts";

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
 * @param labels - grains 1 … n, every number used, no 0
 * @param grey - image of the same size
 * @throws DataError if the labels show a single grain
 */
export function measureBands(
  space: BandSpace,
  labels: RowReader<Uint32Array>,
  n: number,
  grey: RowReader<Float32Array>,
  pixelSizeUm: number | undefined,
): BandMeasurement {
  const { width, height } = space;
  const sums = new Float64Array((n + 1) * REGION_FIELDS);
  startRegionMoments(width, height, n, sums);
  const changes = new Float64Array(4);
  for (const { from, to } of space.bands(0)) {
    const end = Math.min(height, to + 1);
    const rows = labels.read(from, end);
    addRegionMoments(width, height, from, to, rows, grey.read(from, to), sums);
    neighbourChanges(width, end - from, 0, to - from, rows, changes);
  }
  const across = (width - 1) * height;
  const down = width * (height - 1);
  const diagonal = (width - 1) * (height - 1);
  const steps = [across, diagonal, down, diagonal];
  const directions = steps.map((nSteps, k) => {
    const stepPx = k % 2 === 0 ? 1 : Math.SQRT2;
    const count = changes[k]!; // four directions
    const lineLengthPx = nSteps * stepPx;
    const meanPx = count === 0 ? null : lineLengthPx / count;
    return { angleDeg: 45 * k, meanPx, n: count, lineLengthPx, linePitchPx: 1 / stepPx };
  });
  const regions: Region[] = [];
  for (let label = 1; label <= n; label++) {
    const row = sums.subarray(label * REGION_FIELDS, (label + 1) * REGION_FIELDS);
    if (row[0] !== 0) regions.push(describeRegion(label, row, width, height, true));
  }
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
