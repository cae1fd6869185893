import { DomainError, type Raster } from "@materiome/core";
import type { TestCircle, TestCurve, TestLine } from "./testCurve.ts";

type Frame = Pick<Raster, "width" | "height">;

export interface HeynLinesOptions {
  /** Directions, degrees counter-clockwise from +x. @defaultValue [0, 45, 90, 135] */
  readonly directionsDeg?: readonly number[] | undefined;
  /** Distance of neighbouring parallel lines, px. @defaultValue a twentieth of the shorter side */
  readonly pitchPx?: number | undefined;
  /** Distance of the first line from the middle of the field, as a share of the pitch, 0 … 1. @defaultValue 0.5 */
  readonly phase?: number | undefined;
}

/**
 * Parallel straight test lines across the whole field, in each of several directions at any angle.
 *
 * @param frame - size of the field, px
 * @throws DomainError without a direction, or for a pitch that is not positive
 * @see ASTM E112-13 §13 (Heyn), §16 (directions for non-equiaxed grains)
 * @example
 * const lines = heynLines(labels, { directionsDeg: [0, 30, 60, 90, 120, 150] });
 */
export function heynLines(frame: Frame, options: HeynLinesOptions = {}): TestLine[] {
  const { directionsDeg = [0, 45, 90, 135], phase = 0.5 } = options;
  const pitchPx = options.pitchPx ?? Math.min(frame.width, frame.height) / 20;
  if (directionsDeg.length === 0 || !directionsDeg.every(Number.isFinite)) {
    throw new DomainError(`heynLines: directionsDeg must hold at least one angle, got [${directionsDeg.join(", ")}]`);
  }
  if (!(pitchPx > 0 && Number.isFinite(pitchPx)) || !(phase >= 0 && phase <= 1)) {
    throw new DomainError(`heynLines: needs pitchPx > 0 and phase in 0 … 1, got ${pitchPx} and ${phase}`);
  }
  return directionsDeg.flatMap((angleDeg) => bundle(frame, angleDeg, pitchPx, phase));
}

function bundle({ width, height }: Frame, angleDeg: number, pitchPx: number, phase: number): TestLine[] {
  const angle = (angleDeg * Math.PI) / 180;
  const [ux, uy] = [Math.cos(angle), -Math.sin(angle)]; // y down
  const reach = (Math.abs(uy) * width + Math.abs(ux) * height) / 2;
  const lines: TestLine[] = [];
  for (let k = Math.ceil(-reach / pitchPx - phase); (k + phase) * pitchPx < reach; k++) {
    const offset = (k + phase) * pitchPx;
    const x = (width - 1) / 2 - uy * offset;
    const y = (height - 1) / 2 + ux * offset;
    // Clipped to the outer edges of the border pixels.
    const [t0, t1] = overlap(range(x, ux, -0.5, width - 0.5), range(y, uy, -0.5, height - 0.5));
    if (t1 - t0 > 1e-9) {
      lines.push({ kind: "line", fromX: x + t0 * ux, fromY: y + t0 * uy, toX: x + t1 * ux, toY: y + t1 * uy });
    }
  }
  return lines;
}

/** Parameters t for which start + t · step lies within low … high. */
function range(start: number, step: number, low: number, high: number): readonly [number, number] {
  if (Math.abs(step) < 1e-12) {
    return start >= low && start <= high ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] : [0, 0];
  }
  const [a, b] = [(low - start) / step, (high - start) / step];
  return [Math.min(a, b), Math.max(a, b)];
}

function overlap(a: readonly [number, number], b: readonly [number, number]): readonly [number, number] {
  return [Math.max(a[0], b[0]), Math.min(a[1], b[1])];
}

/**
 * One test circle, centred. Its circumference shall exceed that of the largest grain, which the caller sees to (`largestGrain`);
 * the standard prefers 100 to 250 mm on the print and about 35 counts.
 *
 * @param diameterShare - diameter over the shorter side of the field, in 0 … 1
 * @throws DomainError outside that range
 * @see ASTM E112-13 §14 (Hilliard single-circle procedure)
 * @example
 * const circle = hilliardCircle(labels);
 */
export function hilliardCircle(frame: Frame, diameterShare = 0.8): TestCircle {
  if (!(diameterShare > 0 && diameterShare <= 1)) {
    throw new DomainError(`hilliardCircle: diameterShare must lie in (0, 1], got ${diameterShare}`);
  }
  return centredCircle(frame, (diameterShare * Math.min(frame.width, frame.height)) / 2);
}

/**
 * Three concentric circles with diameters as 79.58 : 53.05 : 26.53 (on the standard's 500 mm pattern: mm), the largest 0.7958
 * of the shorter side.
 *
 * @see ASTM E112-13 §14 (Abrams three-circle procedure), Fig. 5
 * @example
 * const circles = abramsCircles(labels);
 */
export function abramsCircles(frame: Frame): TestCircle[] {
  const side = Math.min(frame.width, frame.height) / 100;
  return [79.58, 53.05, 26.53].map((diameter) => centredCircle(frame, (diameter * side) / 2));
}

/**
 * The whole test pattern of the standard in the largest centred square: three circles and four lines (horizontal below,
 * vertical at the left, both diagonals). The lines are not to be used where a preferred direction is looked for, as the
 * diagonals are longer than the others.
 *
 * @see ASTM E112-13 Fig. 5 (test pattern for intercept counting)
 * @example
 * const { G } = countIntersections(traceBoundaries(labels), e112Pattern(labels));
 */
export function e112Pattern(frame: Frame): TestCurve[] {
  const side = Math.min(frame.width, frame.height);
  const left = (frame.width - side) / 2 - 0.5;
  const top = (frame.height - side) / 2 - 0.5;
  const right = left + side;
  const bottom = top + side;
  const margin = 0.05 * side;
  const line = (fromX: number, fromY: number, toX: number, toY: number): TestLine => ({
    kind: "line",
    fromX,
    fromY,
    toX,
    toY,
  });
  return [
    line(left, bottom - margin, right, bottom - margin),
    line(left + margin, top, left + margin, bottom),
    line(left, top, right, bottom),
    line(right, top, left, bottom),
    ...abramsCircles(frame),
  ];
}

function centredCircle({ width, height }: Frame, radiusPx: number): TestCircle {
  return { kind: "circle", centreX: (width - 1) / 2, centreY: (height - 1) / 2, radiusPx };
}
