import { DomainError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import { blurBands } from "../bands/blurBands.ts";
import { labelBands } from "../bands/labelBands.ts";
import { mapRows } from "../bands/mapRows.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { basinDepths, LEAST_DEPTH } from "./basinDepths.ts";
import { noiseOfRows } from "./estimateNoise.ts";
import { otsuOfParts } from "./otsuOf.ts";
import { type BandSizeOptions, checkSizes, particleLabels } from "./particleLabels.ts";
import { requireRows } from "./requireRows.ts";
import type { PoreSegmentation, SegmentPoresOptions } from "./segmentPores.ts";

export type SegmentPoreBandsOptions = SegmentPoresOptions & BandSizeOptions;

export interface SegmentedPoreBands extends Omit<PoreSegmentation, "labels"> {
  readonly labels: RowStore<Uint32Array>;
}

/**
 * `segmentPores`, band by band: in memory with one band, with files and many bands for mosaics, the same labels whatever the
 * bands.
 *
 * @param grey - finite values, at least 16 × 16 px
 * @throws DomainError, ShapeError as `segmentPores` does
 */
export function segmentPoreBands(
  space: BandSpace,
  grey: RowReader<Float32Array>,
  options: SegmentPoreBandsOptions = {},
): SegmentedPoreBands {
  const edgeLevel = options.edgeLevel ?? 0.5;
  if (!(edgeLevel > 0 && edgeLevel < 1)) {
    throw new DomainError(`segmentPores: edgeLevel must lie between 0 and 1, got ${edgeLevel}`);
  }
  if (options.minDepth !== undefined && !(options.minDepth > 0)) {
    throw new DomainError(`segmentPores: minDepth must be positive, got ${options.minDepth}`);
  }
  const sizes = checkSizes("segmentPores", {
    ...options,
    fillHoles: options.fillHoles ?? false,
    splitNeck: options.splitNeck ?? 0,
  });
  requireRows("segmentPores", space, [grey], 16);
  const noise = noiseOfRows(grey);
  const smooth = space.store("float32");
  blurBands(space, grey, SIGMA, smooth);
  const depth = basinDepths(space, smooth);
  smooth.close();
  const floor = Math.max(6 * noise * NOISE_GAIN, LEAST_DEPTH);
  const minDepth = options.minDepth ?? Math.max(floor, 0.5 * typicalDepth(space, depth, floor));
  const { mask, nShallow } = deepBasins(space, depth, minDepth, edgeLevel);
  depth.close();
  const { labels, n, nDropped, areaFraction } = particleLabels(space, mask, sizes);
  return { labels, nPores: n, areaFraction, diagnostics: { minDepth, noise, nShallow, nDropped } };
}

const SIGMA = 0.8;
/** Standard deviation of white noise after the smoothing: 1 / (2 √π σ). */
const NOISE_GAIN = 1 / (2 * Math.sqrt(Math.PI) * SIGMA);

/** Otsu's threshold of the depths above the floor; 0 where there are at most 20 of them. */
function typicalDepth(space: BandSpace, depth: RowReader<Float32Array>, floor: number): number {
  let count = 0;
  const parts = function* (): Generator<Float32Array> {
    for (const { from, to } of space.bands(0)) {
      const deep = depth.read(from, to).filter((value) => value > floor);
      count += deep.length;
      yield deep;
    }
  };
  const threshold = otsuOfParts(parts) ?? 0;
  return count > 2 * 20 ? threshold : 0; // the parts come twice
}

/** The basins of at least `minDepth`, each to `edgeLevel` of its own depth, and the number of the shallower ones. */
function deepBasins(
  space: BandSpace,
  depth: RowReader<Float32Array>,
  minDepth: number,
  edgeLevel: number,
): { readonly mask: RowStore<Uint8Array>; readonly nShallow: number } {
  const isDeep = mapRows(depth, (rows) => {
    const inside = new Uint8Array(rows.length);
    for (let i = 0; i < inside.length; i++) inside[i] = rows[i]! >= edgeLevel * minDepth ? 1 : 0; // same length
    return inside;
  });
  const basins = space.store("uint32");
  const { n, regionOf } = labelBands(space, isDeep, 8, basins);
  const deepest = new Float32Array(n + 1);
  for (const { from, to } of space.bands(0)) {
    const numbers = basins.read(from, to);
    const rows = depth.read(from, to);
    for (let i = 0; i < rows.length; i++) {
      if (numbers[i] === 0) continue;
      const basin = regionOf[numbers[i]!]!; // a number below its length; 1 … n
      if (rows[i]! > deepest[basin]!) deepest[basin] = rows[i]!;
    }
  }
  let nShallow = 0;
  for (let k = 1; k <= n; k++) if (deepest[k]! < minDepth) nShallow++; // k ≤ n
  const mask = space.store("uint8");
  for (const { from, to } of space.bands(0)) {
    const numbers = basins.read(from, to);
    const rows = depth.read(from, to);
    const inside = mask.read(from, to);
    for (let i = 0; i < rows.length; i++) {
      const most = deepest[regionOf[numbers[i]!]!]!; // 0 of 0
      inside[i] = most >= minDepth && rows[i]! >= edgeLevel * most ? 1 : 0;
    }
    mask.write(from, inside);
  }
  basins.close();
  return { mask, nShallow };
}
