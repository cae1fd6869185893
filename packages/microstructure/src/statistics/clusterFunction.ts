import { createRaster, DataError, type Raster } from "@materiome/core";
import { autocorrelate2d } from "@materiome/core/numerics";
import { clusterPairs, connectedComponents, overlapMeans } from "../kernels/index.ts";
import { requireBinary, requirePlane } from "./phaseIndicator.ts";
import { shifts, type TwoPointCorrelation, type TwoPointCorrelationOptions } from "./twoPointCorrelation.ts";

export interface ClusterFunctionOptions {
  /** How pixels of a binary image are joined to clusters. @defaultValue 8 */
  readonly connectivity?: 4 | 8 | undefined;
  /** Largest shift along x and y, px. @defaultValue ⌊n / 2⌋ along each axis */
  readonly maxShiftPx?: TwoPointCorrelationOptions["maxShiftPx"];
}

/**
 * Two-point cluster function C₂(s): the probability that the pixels x and x + s, both inside the image, lie in the same cluster
 * of a phase. It shows connectedness, to which S₂ is blind; C₂ ≤ S₂, equal where the phase is one cluster.
 *
 * A `LabelMap` (Uint32) is taken as clusters as it is: for a map of grains C₂ is the probability that a vector lies with both
 * ends in one grain. Other binary images are first cut into connected clusters. Clusters are those seen in the image: parts that
 * are joined beyond its border count as separate.
 *
 * @param phase - labels (Uint32, 0 is none) or a binary image
 * @throws ShapeError for more than one channel; DomainError for grey images or impossible shifts; DataError without a cluster
 * @see S. Torquato, J. D. Beasley, Y. C. Chiew, J. Chem. Phys. 88, 6540 (1988), doi:10.1063/1.454440
 * @example
 * const sameGrain = radialAverage(clusterFunction(labels, { maxShiftPx: 100 }).map);
 */
export function clusterFunction(phase: Raster, options: ClusterFunctionOptions = {}): TwoPointCorrelation {
  const who = "clusterFunction";
  const { connectivity = 8 } = options;
  const { width, height, pixelSizeUm } = phase;
  const labels = clustersOf(who, phase, connectivity);
  const { x: lastX, y: lastY } = shifts(who, options.maxShiftPx, width, height, false);
  const columns = 2 * lastX + 1;
  const map = new Float64Array(columns * (2 * lastY + 1));
  const { order, start } = pixelsByLabel(labels);
  if (start.length < 2) throw new DataError(`${who}: no pixel belongs to a cluster`);
  for (let c = 0; c + 1 < start.length; c++) {
    addCluster(order.subarray(start[c], start[c + 1]), width, lastX, lastY, map);
  }
  const zero = map[lastY * columns + lastX]!; // the middle is inside
  overlapMeans(lastX, lastY, width, height, 0, 1, 1, map);
  const fraction = zero / (width * height);
  return {
    map: createRaster(map, columns, 2 * lastY + 1, { pixelSizeUm }),
    maxShiftXPx: lastX,
    maxShiftYPx: lastY,
    fraction,
    secondFraction: fraction,
  };
}

function clustersOf(who: string, phase: Raster, connectivity: 4 | 8): Uint32Array {
  const plane = requirePlane(who, "phase", phase);
  if (plane instanceof Uint32Array) return plane;
  const clusters = new Uint32Array(plane.length);
  connectedComponents(phase.width, phase.height, requireBinary(who, "phase", phase), connectivity, clusters);
  return clusters;
}

/** Pixels sorted by label, those of 0 left out; `start` has one entry for each label that occurs, and the end. */
function pixelsByLabel(labels: Uint32Array): { readonly order: Int32Array; readonly start: readonly number[] } {
  const sizes = new Map<number, number>();
  for (const label of labels) if (label !== 0) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  const start = [0];
  const next = new Map<number, number>();
  for (const [label, size] of sizes) {
    next.set(label, start.at(-1)!); // never empty
    start.push(start.at(-1)! + size);
  }
  const order = new Int32Array(start.at(-1)!);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!; // i < length
    if (label === 0) continue;
    const at = next.get(label)!; // every label has an entry
    order[at] = i;
    next.set(label, at + 1);
  }
  return { order, start };
}

/** Below this many pixels counting pairs is faster than transforms. */
const SMALL = 256;

function addCluster(pixels: Int32Array, width: number, lastX: number, lastY: number, map: Float64Array): void {
  const x = pixels.map((i) => i % width);
  const y = pixels.map((i, k) => (i - x[k]!) / width); // as long as pixels
  if (pixels.length <= SMALL) {
    clusterPairs(pixels.length, x, y, lastX, lastY, map);
    return;
  }
  const [minX, maxX] = range(x);
  const [minY, maxY] = range(y);
  const [w, h] = [maxX - minX + 1, maxY - minY + 1];
  const box = new Uint8Array(w * h);
  for (let k = 0; k < x.length; k++) box[(y[k]! - minY) * w + x[k]! - minX] = 1; // k < length
  const [sx, sy] = [Math.min(lastX, w - 1), Math.min(lastY, h - 1)];
  const pairs = autocorrelate2d(box, [h, w], { maxShift: [sy, sx] });
  const columns = 2 * lastX + 1;
  for (let dy = -sy, at = 0; dy <= sy; dy++) {
    for (let dx = -sx; dx <= sx; dx++, at++) {
      map[(lastY + dy) * columns + lastX + dx]! += Math.round(pairs[at]!); // shifts within both maps
    }
  }
}

function range(values: Int32Array): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
