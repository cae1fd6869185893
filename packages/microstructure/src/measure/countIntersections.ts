import { DataError, DomainError } from "@materiome/core";
import { circleOffsets, curveHits, lineOffsets } from "../kernels/index.ts";
import { grainSizeFromIntercept } from "./grainSizeNumber.ts";
import { type TestCurve, testCurveLength } from "./testCurve.ts";
import type { BoundaryChains } from "./traceBoundaries.ts";

export interface CountIntersectionsOptions {
  /**
   * How near to a test line a junction, a boundary that touches it, or a boundary at its end is taken to lie on it, px. With 0
   * nothing but true crossings is counted; on average both come to the same. @defaultValue 0
   */
  readonly reachPx?: number | undefined;
  /** Score of a boundary that touches the line and turns back. @defaultValue 1 */
  readonly tangentScore?: number | undefined;
  /** Score of each boundary that leaves a junction on the line: ½ makes 1½ of a triple point. @defaultValue 0.5 */
  readonly junctionArmScore?: number | undefined;
  /** Score of a boundary at the end of a straight line. @defaultValue 0.5 */
  readonly endScore?: number | undefined;
}

export interface CurveIntersections {
  /** Scored intersections P. */
  readonly nIntersections: number;
  readonly lineLengthPx: number;
  readonly nCrossings: number;
  readonly nTangents: number;
  /** Boundaries that leave junctions on the line. */
  readonly nJunctionArms: number;
  readonly nEnds: number;
}

export interface IntersectionCount extends CurveIntersections {
  /** Mean lineal intercept ℓ̄ = L / P. */
  readonly meanInterceptPx: number;
  /** Absent without calibration, as is G. */
  readonly meanInterceptUm?: number | undefined;
  readonly G?: number | undefined;
  readonly byCurve: readonly CurveIntersections[];
}

/**
 * Counts grain boundary intersections P of test lines and circles at any place and angle, and ℓ̄ = L/P with the grain size
 * number from it.
 *
 * Counting rules of the standard: an intersection counts 1, a tangency 1, a triple point 1½, a boundary exactly at
 * the end of a line ½; the pieces at line ends count as half intercepts, so that on a straight line the number of
 * intercepts equals P. What a person at the microscope takes for "on the line" is `reachPx`.
 *
 * @param boundaries - from `traceBoundaries`
 * @param curves - the pattern, for instance `heynLines` or `abramsCircles`
 * @throws DomainError for scores or a reach that are negative
 * @throws DataError where no boundary meets the pattern
 * @see ASTM E112-13 §13 (Heyn), §14 (Hilliard, Abrams): the rules for ends, tangents and triple points
 * @example
 * const { meanInterceptUm, G } = countIntersections(traceBoundaries(labels), abramsCircles(labels));
 */
export function countIntersections(
  boundaries: BoundaryChains,
  curves: readonly TestCurve[],
  options: CountIntersectionsOptions = {},
): IntersectionCount {
  const byCurve = scoreCurves(boundaries, curves, options);
  const sum = (field: keyof CurveIntersections): number => byCurve.reduce((total, c) => total + c[field], 0);
  const nIntersections = sum("nIntersections");
  const lineLengthPx = sum("lineLengthPx");
  if (nIntersections === 0) {
    throw new DataError(
      `countIntersections: no boundary meets any of the ${curves.length} test lines on the ${boundaries.width} × ${boundaries.height} map`,
    );
  }
  const result: IntersectionCount = {
    nIntersections,
    lineLengthPx,
    nCrossings: sum("nCrossings"),
    nTangents: sum("nTangents"),
    nJunctionArms: sum("nJunctionArms"),
    nEnds: sum("nEnds"),
    meanInterceptPx: lineLengthPx / nIntersections,
    byCurve,
  };
  if (boundaries.pixelSizeUm === undefined) return result;
  const meanInterceptUm = result.meanInterceptPx * boundaries.pixelSizeUm;
  return { ...result, meanInterceptUm, G: grainSizeFromIntercept(meanInterceptUm) };
}

/** Scored intersections of each curve; none is no error here. */
export function scoreCurves(
  boundaries: BoundaryChains,
  curves: readonly TestCurve[],
  options: CountIntersectionsOptions = {},
): CurveIntersections[] {
  const { reachPx = 0, tangentScore = 1, junctionArmScore = 0.5, endScore = 0.5 } = options;
  for (const [name, value] of Object.entries({ reachPx, tangentScore, junctionArmScore, endScore })) {
    if (!(value >= 0 && Number.isFinite(value))) {
      throw new DomainError(`countIntersections: ${name} must be zero or more, got ${value}`);
    }
  }
  const nPoints = boundaries.points.length / 2;
  const scratch: Scratch = {
    distance: new Float64Array(2 * nPoints),
    place: new Float64Array(2 * nPoints),
    starts: new Uint32Array(boundaries.nChains + 1),
    direction: undefined,
  };
  return curves.map((curve): CurveIntersections => {
    const counts = new Float64Array(4);
    meet(boundaries, curve, reachPx, scratch, counts);
    const [nCrossings = 0, nTangents = 0, nJunctionArms = 0, nEnds = 0] = counts;
    return {
      nIntersections: nCrossings + tangentScore * nTangents + junctionArmScore * nJunctionArms + endScore * nEnds,
      lineLengthPx: testCurveLength(curve),
      nCrossings,
      nTangents,
      nJunctionArms,
      nEnds,
    };
  });
}

interface Scratch {
  readonly distance: Float64Array;
  readonly place: Float64Array;
  readonly starts: Uint32Array;
  /** Of the straight line whose offsets are in the buffers: parallel ones share them. */
  direction: readonly [number, number] | undefined;
}

function meet(
  boundaries: BoundaryChains,
  curve: TestCurve,
  reach: number,
  scratch: Scratch,
  counts: Float64Array,
): void {
  const { nChains, points, starts, kinds } = boundaries;
  const { distance, place } = scratch;
  const isParallel = (ux: number, uy: number): boolean =>
    scratch.direction !== undefined && Math.hypot(ux - scratch.direction[0], uy - scratch.direction[1]) < 1e-13;
  if (curve.kind === "circle") {
    if (!(curve.radiusPx > 0)) {
      throw new DomainError(`countIntersections: the radius of a circle must be positive, got ${curve.radiusPx}`);
    }
    circleOffsets(nChains, points, starts, curve.centreX, curve.centreY, curve.radiusPx, distance, scratch.starts);
    place.fill(0);
    scratch.direction = undefined;
    curveHits(
      nChains,
      scratch.starts,
      kinds,
      distance,
      place,
      0,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      reach,
      counts,
    );
    return;
  }
  const length = testCurveLength(curve);
  if (!(length > 0)) throw new DomainError("countIntersections: a test line has no length");
  const ux = (curve.toX - curve.fromX) / length;
  const uy = (curve.toY - curve.fromY) / length;
  if (!isParallel(ux, uy)) {
    lineOffsets(points.length / 2, points, 0, 0, ux, uy, distance, place);
    scratch.direction = [ux, uy];
  }
  const shift = curve.fromX * uy - curve.fromY * ux;
  const from = curve.fromX * ux + curve.fromY * uy;
  curveHits(nChains, starts, kinds, distance, place, shift, from, from + length, reach, counts);
}
