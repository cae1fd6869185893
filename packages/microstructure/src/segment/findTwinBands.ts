import { DomainError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import { eachBand } from "../bands/eachBand.ts";
import type { RowReader } from "../bands/rowStore.ts";
import { addRegionMoments, REGION_FIELDS, rowCracks, startRegionMoments } from "../kernels/index.ts";
import type { FindTwinsOptions, Twin } from "./findTwins.ts";
import { type LamellaAxis, lamellaAxis } from "./lamellaAxis.ts";
import { type CorneredLamella, LARGEST_RADIUS_PX, lamellaCorners, outsideAtCorners } from "./lamellaCorners.ts";
import { lamellaSides } from "./lamellaSides.ts";
import { regionSums } from "./regionSums.ts";
import { requireSize } from "./requireRows.ts";
import { type TwinLimits, twinLimits } from "./twinLimits.ts";

/**
 * `findTwins`, band by band: in memory with one band, with files and many bands for mosaics, the same twins and numbers whatever
 * the bands. Besides a band, memory holds about 150 bytes a grain, and the borders of those elongated grains that reach into the band.
 *
 * @param labels - grains 1 … n that tile the image
 * @param image - grey or colour, one reader a channel, for criterion 6
 * @throws ShapeError, DomainError as `findTwins` does
 * @example
 * const { labels: grains } = mergeTwinBands(space, labels, findTwinBands(space, labels, grey));
 */
export function findTwinBands(
  space: BandSpace,
  labels: RowReader<Uint32Array>,
  image?: RowReader<Float32Array> | readonly RowReader<Float32Array>[],
  options: FindTwinsOptions = {},
): Twin[] {
  const channels = image === undefined ? [] : "read" in image ? [image] : image;
  requireSize("findTwins", space, labels, "the label map");
  for (const channel of channels) requireSize("findTwins", space, channel);
  const limits = twinLimits(options);
  const grains = measureGrains(space, labels);
  const lamellae = findLamellae(space, labels, grains, limits);
  const outside = outsideAtCorners(space, labels, lamellae);
  const rank = new Map(lamellae.map(({ label }) => [label, 0]));
  for (const [k, label] of grains.order.entries()) if (rank.has(label)) rank.set(label, k);
  const twins = lamellae
    .filter((_, i) => outside[i]! >= limits.minOutside) // as many as lamellae
    .map(({ twin }) => twin)
    .sort((p, q) => rank.get(p.label)! - rank.get(q.label)!); // labels of lamellae
  if (channels.length === 0) return twins;
  const { differenceOf, spread } = grainMeans(space, labels, channels, grains.order);
  return twins.filter(({ parents: [a, b] }) => differenceOf(a, b) <= limits.maxParentDifference * spread);
}

interface Grains {
  /** Of the kernel `regionMoments`. */
  readonly sums: Float64Array;
  /** Labels, 0 among them, in the order in which they are first met. */
  readonly order: Uint32Array;
}

function measureGrains(space: BandSpace, labels: RowReader<Uint32Array>): Grains {
  const { width, height } = space;
  let largest = 0;
  for (const rows of eachBand(space, labels)) {
    for (let i = 0; i < rows.length; i++) if (rows[i]! > largest) largest = rows[i]!; // i < length
  }
  const sums = new Float64Array((largest + 1) * REGION_FIELDS);
  startRegionMoments(width, height, largest, sums);
  const order = new Uint32Array(largest + 1);
  const isMet = new Uint8Array(largest + 1);
  let n = 0;
  for (const { from, to } of space.bands(0)) {
    const rows = labels.read(from, Math.min(height, to + 1));
    addRegionMoments(width, height, from, to, rows, NO_GREY, sums);
    for (let i = 0; i < (to - from) * width; i++) {
      const label = rows[i]!; // i < length, label ≤ largest
      if (isMet[label] === 1) continue;
      isMet[label] = 1;
      order[n++] = label;
    }
  }
  return { sums, order: order.subarray(0, n) };
}

const NO_GREY = new Float32Array(0);
/** Last row of a region, among the fields of `regionMoments`. */
const LAST_ROW = 9;

interface Lamella extends CorneredLamella {
  readonly twin: Twin;
}

/** Regions with straight parallel sides and one grain on each. A region is judged, and its border let go, below its last row. */
function findLamellae(
  space: BandSpace,
  labels: RowReader<Uint32Array>,
  { sums, order }: Grains,
  limits: TwinLimits,
): Lamella[] {
  const { width, height } = space;
  const isElongated = new Uint8Array(sums.length / REGION_FIELDS);
  for (const label of order) {
    const { area, major, minor } = lamellaAxis(sums, label);
    if (label !== 0 && area >= 8 && !(major < 0.8 * limits.minAspect * minor)) isElongated[label] = 1;
  }
  const borders = new Map<number, number[]>();
  const cracks = new Uint32Array(16 * width);
  const lamellae: Lamella[] = [];
  for (const { from, to, top, bottom } of space.bands(1)) {
    const rows = labels.read(top, bottom);
    for (let y = from; y < to; y++) {
      const n = rowCracks(width, height, top, y, rows, isElongated, cracks);
      let label = 0;
      let border: number[] = [];
      for (let k = 0; k < n; k += 4) {
        if (cracks[k] !== label) {
          label = cracks[k]!; // in fours, k < n, as below
          border = borders.get(label) ?? [];
          borders.set(label, border);
        }
        border.push(cracks[k + 1]! / 2, cracks[k + 2]! / 2, cracks[k + 3]!);
      }
    }
    for (const [label, border] of borders) {
      if (sums[label * REGION_FIELDS + LAST_ROW]! >= to) continue; // of every label
      const lamella = judge(label, lamellaAxis(sums, label), border, limits);
      if (lamella !== undefined) lamellae.push(lamella);
      borders.delete(label);
    }
  }
  return lamellae;
}

function judge(label: number, axis: LamellaAxis, border: readonly number[], limits: TwinLimits): Lamella | undefined {
  const sides = lamellaSides(axis, border);
  if (sides === undefined) return undefined;
  const { first, second, widthPx, lengthPx } = sides;
  if (Math.min(first.share, second.share) < limits.minFacing) return undefined;
  if (first.facing === 0 || second.facing === 0) return undefined;
  if (lengthPx < limits.minAspect * widthPx) return undefined;
  const angleBetweenDeg = (Math.abs(first.angle - second.angle) * 180) / Math.PI;
  // Sides a few pixels long have an angle no better than their staircase allows.
  if (angleBetweenDeg > limits.maxAngleDeg) return undefined;
  if (Math.max(first.bend, second.bend) > (limits.maxBendPx ?? Math.max(1, 0.025 * lengthPx))) return undefined;
  const direction = axis.along + (first.angle + second.angle) / 2;
  let orientationDeg = (-direction * 180) / Math.PI; // y points down
  while (orientationDeg <= -90) orientationDeg += 180;
  while (orientationDeg > 90) orientationDeg -= 180;
  const [a, b] = [first.facing, second.facing];
  return {
    label,
    parents: [a, b],
    corners: lamellaCorners(axis, border, [a, b]),
    radius: Math.min(LARGEST_RADIUS_PX, Math.max(4, widthPx)),
    twin: { label, parents: a < b ? [a, b] : [b, a], widthPx, lengthPx, orientationDeg, angleBetweenDeg },
  };
}

interface GrainMeans {
  /** Between the mean values of two grains, over all channels. */
  differenceOf(a: number, b: number): number;
  /** Standard deviation of the means of all grains, over all channels. */
  readonly spread: number;
}

function grainMeans(
  space: BandSpace,
  labels: RowReader<Uint32Array>,
  channels: readonly RowReader<Float32Array>[],
  order: Uint32Array,
): GrainMeans {
  const { area, sums } = regionSums(
    space,
    labels,
    order.reduce((largest, label) => Math.max(largest, label), 0),
    channels,
  );
  for (const mean of sums) for (const label of order) mean[label]! /= area[label]!; // every label has pixels
  let variance = 0;
  for (const mean of sums) {
    const middle = order.reduce((sum, label) => sum + mean[label]!, 0) / order.length; // labels, as below
    variance += order.reduce((sum, label) => sum + (mean[label]! - middle) ** 2, 0) / order.length;
  }
  if (!Number.isFinite(variance)) {
    throw new DomainError("findTwins: the image holds NaN or infinite values; replace or crop them first");
  }
  return {
    differenceOf: (a, b) => Math.hypot(...sums.map((mean) => mean[a]! - mean[b]!)),
    spread: Math.sqrt(variance),
  };
}
