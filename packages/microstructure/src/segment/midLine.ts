import { geodesic, linkPixels } from "../kernels/index.ts";

export interface MidLine {
  /** Points one pixel apart along the line. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Largest distance from the line to the edge of the mask, px. */
  readonly largestRadiusPx: number;
}

/** Pixels of a skeleton in raster order, in an image that is continued beyond its sides. */
export interface SkeletonPixels {
  readonly x: Uint32Array;
  readonly y: Uint32Array;
  /** Squared distance to the edge of the mask, px². */
  readonly squared: Float32Array;
  /** The image that is continued, and where in that it begins. */
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
}

/**
 * Mid-line of an elongated region: the longest way through its skeleton, in points one pixel apart, from left to right
 * (or from top to bottom where it runs more vertical).
 *
 * It ends at the border of the image. Ends inside the image are cut back by the local half-width, where the skeleton turns into
 * a corner.
 *
 * @returns undefined where nothing is left between the ends
 */
export function midLine(skeleton: SkeletonPixels): MidLine | undefined {
  const { squared, left, top, width, height } = skeleton;
  const path = longestWay(skeleton);
  if (path.length === 0) return undefined;
  const x = (k: number): number => skeleton.x[k]! - left; // places in the list, as below
  const y = (k: number): number => skeleton.y[k]! - top;
  const radius = (k: number): number => {
    const d = Math.sqrt(squared[k]!);
    return Number.isFinite(d) ? d : 0;
  };
  const isInside = (k: number): boolean => x(k) >= 0 && y(k) >= 0 && x(k) < width && y(k) < height;
  const trimmed = trimEnds(path, radius, isInside);
  if (trimmed.length < 2) return undefined;
  let largestRadiusPx = 0;
  for (const k of trimmed) largestRadiusPx = Math.max(largestRadiusPx, radius(k));
  const xs = trimmed.map(x);
  const ys = trimmed.map(y);
  const dx = xs.at(-1)! - xs[0]!; // at least two points
  const dy = ys.at(-1)! - ys[0]!;
  if (Math.abs(dx) >= Math.abs(dy) ? dx < 0 : dy < 0) {
    xs.reverse();
    ys.reverse();
  }
  return { ...resample(xs, ys), largestRadiusPx };
}

/** The longest way through a skeleton, that part of it which comes first in raster order: places in the list. */
function longestWay({ x, y }: SkeletonPixels): number[] {
  const n = x.length;
  if (n === 0) return [];
  const neighbours = new Int32Array(8 * n);
  linkPixels(n, x, y, neighbours);
  const queue = new Int32Array(n);
  const distance = new Float32Array(n);
  const previous = new Int32Array(n);
  const first = geodesic(n, neighbours, 0, queue, distance, previous);
  const path: number[] = [];
  for (let k = geodesic(n, neighbours, first, queue, distance, previous); k >= 0; k = previous[k]!) path.push(k); // in the list
  return path;
}

/** The longest stretch inside the image, without what lies within the half-width of an end that is a true end. */
function trimEnds(path: number[], radius: (k: number) => number, isInside: (k: number) => boolean): number[] {
  let from = path.findIndex(isInside);
  let to = path.findLastIndex(isInside);
  if (from < 0) return [];
  const end = (at: number, step: number): number => {
    const begin = at;
    // The skeleton of a blunt end forks into the corners: cut back until the distance gone exceeds the half-width there.
    while (at >= from && at <= to && Math.abs(at - begin) < 1.3 * radius(path[at]!) + 1) at += step;
    return at;
  };
  const newFrom = from === 0 ? end(from, 1) : from;
  const newTo = to === path.length - 1 ? end(to, -1) : to;
  from = newFrom;
  to = newTo;
  return path.slice(from, to + 1);
}

/** Points one pixel apart along a polyline. */
export function resample(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
): { readonly x: Float64Array; readonly y: Float64Array } {
  const lengths = new Float64Array(xs.length);
  for (let k = 1; k < xs.length; k++) {
    lengths[k] = lengths[k - 1]! + Math.hypot(xs[k]! - xs[k - 1]!, ys[k]! - ys[k - 1]!); // k < length
  }
  const total = lengths[xs.length - 1] ?? 0;
  const n = Math.floor(total) + 1;
  const x = new Float64Array(n);
  const y = new Float64Array(n);
  for (let k = 0, at = 0; k < n; k++) {
    while (at < xs.length - 2 && lengths[at + 1]! <= k) at++;
    const step = lengths[at + 1]! - lengths[at]!;
    const share = step > 0 ? Math.min(1, (k - lengths[at]!) / step) : 0;
    x[k] = xs[at]! + share * ((xs[at + 1] ?? xs[at]!) - xs[at]!);
    y[k] = ys[at]! + share * ((ys[at + 1] ?? ys[at]!) - ys[at]!);
  }
  return { x, y };
}

/** Gaussian smoothing of a line's coordinates; beyond its ends it continues as its own point reflection, so straight stays straight. */
export function smoothLine(values: Float64Array, sigma: number): Float64Array {
  const n = values.length;
  const reach = Math.min(n - 1, Math.ceil(4 * sigma));
  const weights = Float64Array.from({ length: reach + 1 }, (_, k) => Math.exp((-0.5 * k * k) / (sigma * sigma)));
  const at = (k: number): number => {
    if (k < 0) return 2 * values[0]! - values[Math.min(n - 1, -k)]!;
    if (k >= n) return 2 * values[n - 1]! - values[Math.max(0, 2 * n - 2 - k)]!;
    return values[k]!;
  };
  let total = 0;
  for (const [k, w] of weights.entries()) total += k === 0 ? w : 2 * w;
  return Float64Array.from(values, (_, i) => {
    let sum = weights[0]! * values[i]!;
    for (let k = 1; k <= reach; k++) sum += weights[k]! * (at(i - k) + at(i + k));
    return sum / total;
  });
}
