import { DataError, DomainError, type LabelMap } from "@materiome/core";
import { lineCrossings } from "../kernels/index.ts";
import { scoreCurves } from "./countIntersections.ts";
import { grainSizeFromIntercept } from "./grainSizeNumber.ts";
import { resolvePixelSize } from "./resolvePixelSize.ts";
import { testCurveLength } from "./testCurve.ts";
import { heynLines } from "./testPatterns.ts";
import { traceBoundaries } from "./traceBoundaries.ts";

export interface InterceptGrainSizeOptions {
  /** Directions of the test lines, degrees counter-clockwise from +x. @defaultValue [0, 45, 90, 135] */
  readonly directionsDeg?: readonly number[] | undefined;
  /**
   * Distance of neighbouring test lines, whole pixels; along the image border in multiples of 45°, else square to them.
   * @defaultValue 1: every pixel line
   */
  readonly spacing?: number | undefined;
  /** Edge of a pixel, µm. @defaultValue that of the label map */
  readonly pixelSizeUm?: number | undefined;
}

export interface DirectionalIntercept {
  readonly angleDeg: number;
  /** Test-line length over intercepts; null where no boundary was met. */
  readonly meanPx: number | null;
  readonly n: number;
  readonly lineLengthPx: number;
}

export interface InterceptGrainSize {
  readonly meanInterceptPx: number;
  /** Absent without calibration, as is G. */
  readonly meanInterceptUm?: number | undefined;
  readonly G?: number | undefined;
  readonly nIntercepts: number;
  readonly nIntersections: number;
  /** Intercepts on lines one mean intercept apart: about how many of them say something of their own. */
  readonly nIndependent: number;
  readonly lineLengthPx: number;
  readonly byDirection: readonly DirectionalIntercept[];
  /** Largest over smallest directional mean; null where a direction met no boundary. */
  readonly anisotropyIndex: number | null;
}

/**
 * Mean lineal intercept ℓ̄ = total test-line length / number of intercepts, over parallel lines in several directions.
 *
 * Boundaries have zero thickness. Rule for line ends: a segment that ends inside a grain counts one half; a straight line
 * that meets P boundaries makes P + 1 segments, two of them halves, hence P intercepts: intercepts and intersections are
 * equal. Length is measured between the first and the last pixel centre of a line. Lines of every direction are pooled by
 * length. With the default spacing all pixel lines are used: neighbours repeat each other, which steadies the mean but is
 * no independent sample; `nIndependent` says how much there is.
 *
 * If all directions are multiples of 45°, lines run through pixel centres, where a straight boundary is crossed as often as
 * in the continuum. What is thinner than a step goes unseen: on Voronoi mosaics ℓ̄ comes out 0.15 to 0.2 px too long.
 * At other angles a digital line is a zigzag, 8 % longer at 22.5°; with one such direction asked for, all are measured
 * on vector boundaries (`traceBoundaries`), lines reaching to the outer edges of the border pixels.
 *
 * @param labels - grains 1 … n without 0; use `absorbBoundaries` first where boundaries have pixels
 * @throws DomainError for labels that hold 0, no direction, or a spacing that is no positive integer
 * @throws DataError if no boundary crosses any line
 * @see ASTM E112-13 §12 and §13 (lineal intercept), §16 (directions), Table 6 (G)
 * @example
 * const { meanInterceptUm, G } = interceptGrainSize(labels, { pixelSizeUm: 0.5 });
 */
export function interceptGrainSize(labels: LabelMap, options: InterceptGrainSizeOptions = {}): InterceptGrainSize {
  const directions = options.directionsDeg ?? [0, 45, 90, 135];
  const spacing = options.spacing ?? 1;
  const pixelSizeUm = resolvePixelSize("interceptGrainSize", labels, options.pixelSizeUm);
  if (labels.data.includes(0)) {
    throw new DomainError(
      "interceptGrainSize: the label map holds 0 (boundary pixels), but boundaries must have zero thickness; call absorbBoundaries first",
    );
  }
  if (directions.length === 0 || !directions.every(Number.isFinite)) {
    throw new DomainError(
      `interceptGrainSize: directionsDeg must hold at least one angle in degrees, got [${directions.join(", ")}]`,
    );
  }
  if (!(Number.isSafeInteger(spacing) && spacing >= 1)) {
    throw new DomainError(`interceptGrainSize: spacing must be a positive whole number of pixels, got ${spacing}`);
  }
  const isOnPixels = directions.every((angle) => Number.isInteger(angle / 45));
  const measured = isOnPixels
    ? directions.map((angleDeg) => measureDirection(labels, angleDeg, spacing))
    : measureVectors(labels, directions, spacing);
  return interceptOfDirections(measured, labels, pixelSizeUm);
}

/** The result of `interceptGrainSize` from what was met in each direction. */
export function interceptOfDirections(
  measured: readonly MeasuredDirection[],
  frame: Pick<LabelMap, "width" | "height">,
  pixelSizeUm: number | undefined,
): InterceptGrainSize {
  const lineLengthPx = measured.reduce((sum, d) => sum + d.lineLengthPx, 0);
  const n = measured.reduce((sum, d) => sum + d.n, 0);
  if (n === 0) {
    throw new DataError(
      `interceptGrainSize: no boundary crosses any test line of the ${frame.width} × ${frame.height} map; it shows a single grain`,
    );
  }
  const meanInterceptPx = lineLengthPx / n;
  const means = measured.map((d) => d.meanPx ?? Number.POSITIVE_INFINITY);
  const ratio = Math.max(...means) / Math.min(...means);
  const result: InterceptGrainSize = {
    meanInterceptPx,
    nIntercepts: n,
    nIntersections: n,
    nIndependent: Math.round(measured.reduce((sum, d) => sum + d.n * Math.min(1, d.linePitchPx / meanInterceptPx), 0)),
    lineLengthPx,
    byDirection: measured.map(({ linePitchPx: _, ...direction }) => direction),
    anisotropyIndex: Number.isFinite(ratio) ? ratio : null,
  };
  if (pixelSizeUm === undefined) return result;
  const meanInterceptUm = meanInterceptPx * pixelSizeUm;
  return { ...result, meanInterceptUm, G: grainSizeFromIntercept(meanInterceptUm) };
}

export interface MeasuredDirection extends DirectionalIntercept {
  /** Distance of neighbouring lines, square to them. */
  readonly linePitchPx: number;
}

function measureVectors(labels: LabelMap, directions: readonly number[], spacing: number): MeasuredDirection[] {
  const boundaries = traceBoundaries(labels);
  return directions.map((angleDeg): MeasuredDirection => {
    const lines = heynLines(labels, { directionsDeg: [angleDeg], pitchPx: spacing });
    const counts = boundaries.nChains === 0 ? undefined : scoreCurves(boundaries, lines);
    const n = counts?.reduce((sum, c) => sum + c.nIntersections, 0) ?? 0;
    const lineLengthPx = lines.reduce((sum, line) => sum + testCurveLength(line), 0);
    return { angleDeg, meanPx: n === 0 ? null : lineLengthPx / n, n, lineLengthPx, linePitchPx: spacing };
  });
}

function measureDirection(labels: LabelMap, angleDeg: number, spacing: number): MeasuredDirection {
  const turn = (((angleDeg / 45) % 4) + 4) % 4; // 0 horizontal, 1 rising, 2 vertical, 3 falling
  const isSteep = turn === 2;
  const slope = turn === 1 ? -1 : turn === 3 ? 1 : 0; // the y axis of an image points down
  const counts = new Float64Array(3);
  lineCrossings(labels.width, labels.height, labels.data, isSteep, slope, spacing, counts);
  const [steps = 0, n = 0] = counts;
  const stepPx = slope === 0 ? 1 : Math.SQRT2;
  const lineLengthPx = steps * stepPx;
  return {
    angleDeg,
    meanPx: n === 0 ? null : lineLengthPx / n,
    n,
    lineLengthPx,
    linePitchPx: spacing / stepPx,
  };
}
