import {
  addSquares,
  boxMean,
  centralGradient,
  directedPairs,
  gaussianBlur,
  lineAverages,
  orientationSummary,
  weightedSum,
} from "../kernels/index.ts";
import type { FeatureGroup } from "./featureGroup.ts";
import type { FeatureWindow } from "./featureWindow.ts";
import { direction, flatOffset, lineReach, lineSamples, N_DIRECTIONS } from "./lineOffsets.ts";

/** Shape of an oriented filter: Gaussian widths across and along the line it looks for, px. */
export interface LineShape {
  readonly acrossPx: number;
  readonly alongPx: number;
}

export interface OrientedFeatureOptions {
  /** 0: averages along lines (membrane projections); 1: steps between both sides; 2: dark lines between bright sides. */
  readonly order: 0 | 1 | 2;
  readonly shape: LineShape;
  /** Where the response is also looked up, across and along the direction of the largest, px. */
  readonly acrossPx?: readonly number[] | undefined;
  readonly alongPx?: readonly number[] | undefined;
  /** The largest response is also given relative to its mean over boxes of these radii, px. */
  readonly relativeToPx?: readonly number[] | undefined;
}

/** Response added to denominators: a hundredth of the unit of the planes. */
const FLOOR = 0.01;
/** Rounding step of means over boxes; see `boxMean`. */
const QUANTUM = 2 ** -24;

/**
 * Responses of line-shaped filters in eight directions, together over all channels (root of the sum of squares for steps):
 * largest, mean, smallest, at a right angle to the largest; smaller and larger of the responses on both sides of the line and on
 * its continuations (relative to the largest for steps); largest relative to its surroundings. None depends on how
 * the image is turned, up to the eight directions.
 */
export function orientedFeatures(label: string, options: OrientedFeatureOptions): FeatureGroup {
  const { order, shape, acrossPx = [], alongPx = [], relativeToPx = [] } = options;
  const kind = `${label} ${["average along lines", "step across lines", "line"][order]} ${shape.acrossPx}×${shape.alongPx}`;
  const names = ["largest", "mean", "smallest", "at right angle"].map((n) => `${kind} ${n}`);
  for (const v of acrossPx) names.push(`${kind} ${v} across, smaller`, `${kind} ${v} across, larger`);
  for (const u of alongPx) names.push(`${kind} ${u} along, smaller`, `${kind} ${u} along, larger`);
  for (const r of relativeToPx) names.push(`${kind} relative to ${r}`);
  const reach = Math.max(0, ...acrossPx, ...alongPx, ...relativeToPx) + 1;
  const haloPx = Math.max(1, Math.ceil(4 * shape.acrossPx)) + 2 + lineReach(shape.alongPx) + Math.ceil(reach);
  return { haloPx, names, compute: (window, emit) => compute(window, options, emit) };
}

function compute(window: FeatureWindow, options: OrientedFeatureOptions, emit: (plane: Float32Array) => void): void {
  const { width, height, planes } = window;
  const size = width * height;
  const { order, shape, acrossPx = [], alongPx = [], relativeToPx = [] } = options;
  const responses = directedResponses(window, order, shape);
  const make = (): Float32Array => new Float32Array(size);
  const best = new Uint8Array(size);
  const [largest, a, b, c] = [make(), make(), make(), make()];
  orientationSummary(size, responses, best, largest, a, b, c);
  for (const plane of [largest, a, b, c]) emit(plane);
  // Averages of probabilities are looked up as they are; responses are compared with the one in the middle.
  const reference = order === 0 ? undefined : largest;
  const source = order === 0 ? (planes[0] as Float32Array) : largest; // at least one plane
  const lookUp = (values: Float32Array, along: number, across: number): void => {
    const offsets = Int32Array.from({ length: N_DIRECTIONS }, (_, t) => flatOffset(t, along, across, width));
    const margin = Math.max(...offsets.map(Math.abs));
    if (reference === undefined) directedPairs(size, best, values, offsets, margin, c.fill(1), 0, a, b);
    else directedPairs(size, best, values, offsets, margin, reference, FLOOR, a, b);
    emit(a);
    emit(b);
  };
  for (const v of acrossPx) lookUp(source, 0, v);
  for (const u of alongPx) lookUp(largest, u, 0);
  for (const r of relativeToPx) {
    boxMean(width, height, largest, r, QUANTUM, a);
    for (let i = 0; i < size; i++) b[i] = largest[i]! / (a[i]! + FLOOR / 2); // i < size
    emit(b);
  }
}

function directedResponses(
  { width, height, planes }: FeatureWindow,
  order: 0 | 1 | 2,
  shape: LineShape,
): Float32Array[] {
  const size = width * height;
  const make = (): Float32Array => new Float32Array(size);
  const [scratch, smooth, gx, gy, xx, xy, yx, yy] = [make(), make(), make(), make(), make(), make(), make(), make()];
  const responses = Array.from({ length: N_DIRECTIONS }, make);
  const s = shape.acrossPx;
  for (const plane of planes) {
    gaussianBlur(width, height, plane, s, scratch, smooth);
    if (order > 0) centralGradient(width, height, smooth, gx, gy);
    if (order > 1) {
      centralGradient(width, height, gx, xx, xy);
      centralGradient(width, height, gy, yx, yy);
    }
    for (const [t, response] of responses.entries()) {
      const { offsets, weights } = lineSamples(t, shape.alongPx, s, width);
      const { cos, sin } = direction(t);
      if (order === 0) lineAverages(size, smooth, offsets, weights, response);
      else if (order === 1) {
        weightedSum(size, gx, -sin * s, gy, cos * s, smooth);
        lineAverages(size, smooth, offsets, weights, scratch);
        addSquares(size, scratch, response);
      } else {
        // Second derivative at a right angle to the line: s² xx − 2 s c xy + c² yy.
        weightedSum(size, xx, sin * sin * s * s, xy, -2 * sin * cos * s * s, smooth);
        weightedSum(size, smooth, 1, yy, cos * cos * s * s, smooth);
        lineAverages(size, smooth, offsets, weights, response);
      }
    }
  }
  if (order === 1)
    for (const response of responses) for (let i = 0; i < size; i++) response[i] = Math.sqrt(response[i]!); // i < size
  return responses;
}
