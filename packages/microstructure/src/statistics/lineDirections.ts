import { DomainError } from "@materiome/core";
import { lineRuns } from "../kernels/index.ts";

/** Directions in which pixels stand in lines, degrees counter-clockwise from +x. */
export type LineDirection = 0 | 45 | 90 | 135;

export const LINE_DIRECTIONS: readonly LineDirection[] = [0, 45, 90, 135];

export interface Runs {
  /** Distance of neighbouring pixels, px. */
  readonly stepPx: number;
  /** Number of runs of n pixels with both ends seen; with an end on the border or at unknown pixels; of lines. */
  readonly complete: Float64Array;
  readonly cut: Float64Array;
  readonly lines: Float64Array;
}

export function runsAlong(
  who: string,
  directionDeg: LineDirection,
  width: number,
  height: number,
  phase: Uint8Array,
  valid: Uint8Array | undefined,
): Runs {
  const step = STEPS.get(directionDeg);
  if (step === undefined) {
    throw new DomainError(`${who}: directions must be among 0, 45, 90 and 135 (degrees), got ${directionDeg}`);
  }
  const [dx, dy] = step;
  const length = Math.max(width, height) + 1;
  const [complete, cut, lines] = [new Float64Array(length), new Float64Array(length), new Float64Array(length)];
  lineRuns(width, height, phase, valid ?? new Uint8Array(phase.length).fill(1), dx, dy, complete, cut, lines);
  return { stepPx: Math.hypot(dx, dy), complete, cut, lines };
}

const STEPS = new Map<number, readonly [number, number]>([
  [0, [1, 0]],
  [45, [1, -1]],
  [90, [0, 1]],
  [135, [1, 1]],
]);
