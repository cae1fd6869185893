import { addSquares, centralGradient, gaussianBlur, lineAverages, weightedSum } from "../kernels/index.ts";
import { type DirectedOptions, directedNames, directedReach, emitDirected } from "./directedFeatures.ts";
import type { FeatureGroup } from "./featureGroup.ts";
import type { FeatureWindow } from "./featureWindow.ts";
import { direction, lineReach, lineSamples, N_DIRECTIONS } from "./lineOffsets.ts";

/** Shape of an oriented filter: Gaussian widths across and along the line it looks for, px. */
export interface LineShape {
  readonly acrossPx: number;
  readonly alongPx: number;
}

export interface OrientedFeatureOptions extends DirectedOptions {
  /** 0: averages along lines (membrane projections); 1: steps between both sides; 2: dark lines between bright sides. */
  readonly order: 0 | 1 | 2;
  readonly shape: LineShape;
}

/**
 * Responses of line-shaped filters in eight directions, together over all channels (root of the sum of squares for steps):
 * largest, mean, smallest, at a right angle to the largest; smaller and larger of the responses on both sides of the line and on
 * its continuations (relative to the largest for steps); largest relative to its surroundings. None depends on how
 * the image is turned, up to the eight directions.
 */
export function orientedFeatures(label: string, options: OrientedFeatureOptions): FeatureGroup {
  const { order, shape } = options;
  const kind = `${label} ${["average along lines", "step across lines", "line"][order]} ${shape.acrossPx}×${shape.alongPx}`;
  const haloPx = Math.max(1, Math.ceil(4 * shape.acrossPx)) + 2 + lineReach(shape.alongPx) + directedReach(options);
  return { haloPx, names: directedNames(kind, options), compute: (window, emit) => compute(window, options, emit) };
}

function compute(window: FeatureWindow, options: OrientedFeatureOptions, emit: (plane: Float32Array) => void): void {
  const { order, shape } = options;
  const responses = directedResponses(window, order, shape);
  // Averages of probabilities are looked up as they are; responses are compared with the one in the middle.
  emitDirected(window, responses, { ...options, lookedUp: order === 0 ? window.planes[0] : undefined }, emit);
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
