import { distanceTransformSquared, geodesic, guoHallTable, linkPixels, thin } from "../kernels/index.ts";

export interface MidLine {
  /** Points one pixel apart along the line. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Largest distance from the line to the edge of the mask, px. */
  readonly largestRadiusPx: number;
}

/**
 * Mid-line of an elongated region: the longest way through its skeleton, in points one pixel apart, from left to right
 * (or from top to bottom where it runs more vertical).
 *
 * Where the region meets a side of the image over less than half of that side, it is continued beyond by repeating the border pixels, so
 * that the line runs straight out of the image instead of into a corner. Ends inside the image are cut back by the local
 * half-width, where the skeleton turns into a corner.
 *
 * @param mask - non-zero inside
 * @returns undefined where nothing is left between the ends
 */
export function midLine(width: number, height: number, mask: Uint8Array): MidLine | undefined {
  const side = padding(width, height, mask);
  const pitch = width + side.left + side.right;
  const rows = height + side.top + side.bottom;
  const padded = new Uint8Array(pitch * rows);
  for (let y = 0; y < rows; y++) {
    const from = Math.min(height - 1, Math.max(0, y - side.top)) * width;
    for (let x = 0; x < pitch; x++) {
      padded[y * pitch + x] = mask[from + Math.min(width - 1, Math.max(0, x - side.left))]!; // clamped
    }
  }
  const outside = padded.map((value) => (value === 0 ? 1 : 0));
  const squared = new Float32Array(padded.length);
  distanceTransformSquared(pitch, rows, outside, squared);
  thin(pitch, rows, guoHallTable(), Number.POSITIVE_INFINITY, 0, rows, padded);
  const path = longestWay(pitch, padded);
  if (path.length === 0) return undefined;
  const radius = (i: number): number => {
    const d = Math.sqrt(squared[i]!);
    return Number.isFinite(d) ? d : 0;
  };
  const isInside = (i: number): boolean => {
    const x = (i % pitch) - side.left;
    const y = Math.floor(i / pitch) - side.top;
    return x >= 0 && y >= 0 && x < width && y < height;
  };
  const trimmed = trimEnds(path, radius, isInside);
  if (trimmed.length < 2) return undefined;
  let largestRadiusPx = 0;
  for (const i of trimmed) largestRadiusPx = Math.max(largestRadiusPx, radius(i));
  const xs = trimmed.map((i) => (i % pitch) - side.left);
  const ys = trimmed.map((i) => Math.floor(i / pitch) - side.top);
  const dx = xs.at(-1)! - xs[0]!; // at least two points
  const dy = ys.at(-1)! - ys[0]!;
  if (Math.abs(dx) >= Math.abs(dy) ? dx < 0 : dy < 0) {
    xs.reverse();
    ys.reverse();
  }
  return { ...resample(xs, ys), largestRadiusPx };
}

/** Places of the pixels of the longest way through a skeleton, that part of it which comes first in raster order. */
function longestWay(width: number, skeleton: Uint8Array): number[] {
  const places: number[] = [];
  for (let i = 0; i < skeleton.length; i++) if (skeleton[i] === 1) places.push(i);
  const n = places.length;
  if (n === 0) return [];
  const x = Uint32Array.from(places, (i) => i % width);
  const y = Uint32Array.from(places, (i) => Math.floor(i / width));
  const neighbours = new Int32Array(8 * n);
  linkPixels(n, x, y, neighbours);
  const queue = new Int32Array(n);
  const distance = new Float32Array(n);
  const previous = new Int32Array(n);
  const first = geodesic(n, neighbours, 0, queue, distance, previous);
  const path: number[] = [];
  for (let k = geodesic(n, neighbours, first, queue, distance, previous); k >= 0; k = previous[k]!)
    path.push(places[k]!); // in the list
  return path;
}

interface Sides {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Pixels to add on each side: none where the mask covers half of it or does not meet it. */
function padding(width: number, height: number, mask: Uint8Array): Sides {
  const length = (n: number, at: (k: number) => number): number => {
    let count = 0;
    for (let k = 0; k < n; k++) if (mask[at(k)] !== 0) count++;
    return count === 0 || count >= n / 2 ? 0 : count + 8;
  };
  return {
    left: length(height, (k) => k * width),
    right: length(height, (k) => k * width + width - 1),
    top: length(width, (k) => k),
    bottom: length(width, (k) => (height - 1) * width + k),
  };
}

/** The longest stretch inside the image, without what lies within the half-width of an end that is a true end. */
function trimEnds(path: number[], radius: (i: number) => number, isInside: (i: number) => boolean): number[] {
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
