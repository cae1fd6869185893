import { boxMean, directedPairs, orientationSummary } from "../kernels/index.ts";
import type { FeatureWindow } from "./featureWindow.ts";
import { flatOffset, N_DIRECTIONS } from "./lineOffsets.ts";

export interface DirectedOptions {
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

/** Names of the planes that `emitDirected` gives. */
export function directedNames(kind: string, options: DirectedOptions): readonly string[] {
  const { acrossPx = [], alongPx = [], relativeToPx = [] } = options;
  const names = ["largest", "mean", "smallest", "at right angle"].map((n) => `${kind} ${n}`);
  for (const v of acrossPx) names.push(`${kind} ${v} across, smaller`, `${kind} ${v} across, larger`);
  for (const u of alongPx) names.push(`${kind} ${u} along, smaller`, `${kind} ${u} along, larger`);
  for (const r of relativeToPx) names.push(`${kind} relative to ${r}`);
  return names;
}

/** How far `emitDirected` looks from a pixel, px. */
export function directedReach({ acrossPx = [], alongPx = [], relativeToPx = [] }: DirectedOptions): number {
  return Math.ceil(Math.max(0, ...acrossPx, ...alongPx, ...relativeToPx) + 1);
}

/**
 * What responses in eight directions say of a pixel: largest, mean, smallest, at a right angle to the largest; smaller and larger of
 * the responses on both sides of the line and on its continuations; largest relative to its surroundings.
 *
 * @param options - `lookedUp`: what is looked up across, as it is; absent, the largest response relative to the one in the middle
 */
export function emitDirected(
  { width, height }: FeatureWindow,
  responses: readonly Float32Array[],
  options: DirectedOptions & { readonly lookedUp?: Float32Array | undefined },
  emit: (plane: Float32Array) => void,
): void {
  const { acrossPx = [], alongPx = [], relativeToPx = [], lookedUp } = options;
  const size = width * height;
  const make = (): Float32Array => new Float32Array(size);
  const best = new Uint8Array(size);
  const [largest, a, b, c] = [make(), make(), make(), make()];
  orientationSummary(size, responses, best, largest, a, b, c);
  for (const plane of [largest, a, b, c]) emit(plane);
  const lookUp = (values: Float32Array, along: number, across: number): void => {
    const offsets = Int32Array.from({ length: N_DIRECTIONS }, (_, t) => flatOffset(t, along, across, width));
    const margin = Math.max(...offsets.map(Math.abs));
    if (lookedUp !== undefined) directedPairs(size, best, values, offsets, margin, c.fill(1), 0, a, b);
    else directedPairs(size, best, values, offsets, margin, largest, FLOOR, a, b);
    emit(a);
    emit(b);
  };
  for (const v of acrossPx) lookUp(lookedUp ?? largest, 0, v);
  for (const u of alongPx) lookUp(largest, u, 0);
  for (const r of relativeToPx) {
    boxMean(width, height, largest, r, QUANTUM, a);
    for (let i = 0; i < size; i++) b[i] = largest[i]! / (a[i]! + FLOOR / 2); // i < size
    emit(b);
  }
}
