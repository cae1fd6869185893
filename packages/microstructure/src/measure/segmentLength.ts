import { DataError, DomainError, type Raster } from "@materiome/core";
import { circlePixels, linePixels } from "../kernels/index.ts";
import { resolvePixelSize } from "./resolvePixelSize.ts";
import type { TestCurve } from "./testCurve.ts";

export interface SegmentLengthOptions {
  /**
   * "pixels": a curve is the pixels nearest to it. "interpolated": lines only, read in steps of one pixel, bilinearly, half
   * of the boundary value being boundary; as if the picture were turned until the line lies along its rows.
   * @defaultValue "pixels"
   */
  readonly sampling?: "pixels" | "interpolated" | undefined;
  /** Shorter segments are left out as noise, steps. @defaultValue 3 */
  readonly leastSteps?: number | undefined;
  /** Edge of a pixel, µm. @defaultValue that of the mask */
  readonly pixelSizeUm?: number | undefined;
}

export interface CurveSegments {
  /** Place of the curve in the list given. */
  readonly curve: number;
  readonly n: number;
  /** Null without segments. */
  readonly meanPx: number | null;
  readonly lengthsPx: readonly number[];
}

export interface SegmentLengths {
  readonly n: number;
  readonly meanPx: number;
  /** Absent without calibration. */
  readonly meanUm?: number | undefined;
  readonly medianPx: number;
  /** Of the population: divided by n. */
  readonly stdPx: number;
  readonly byCurve: readonly CurveSegments[];
}

/**
 * Lengths of the pieces of test lines between thick boundaries: what one sees between two boundaries, boundary width
 * excluded. Not the lineal intercept of ASTM E112, whose mean is line length over intersections: this is shorter by the
 * thickness of the boundaries, and leaves out islands and the pieces at line ends.
 *
 * A segment is a run of pixels off the boundary with a boundary pixel before and behind; it reaches from its first pixel to
 * the boundary pixel that ends it. Its length is the straight distance of the two, on circles the arc; circles are closed.
 *
 * @param boundary - other than 0 is boundary
 * @param curves - test lines and circles; parts outside of the mask count as off the boundary
 * @throws DomainError for a radius, a least length or a sampling out of range
 * @throws DataError where no curve has a segment
 * @see definition as in the grain size analysis tools of NIST (N. Moser, Grain Size Analysis Tools)
 * @example
 * const { meanPx } = segmentLength(mask, [{ kind: "line", fromX: 0, fromY: 50, toX: 799, toY: 50 }]);
 */
export function segmentLength(
  boundary: Raster<Uint8Array>,
  curves: readonly TestCurve[],
  options: SegmentLengthOptions = {},
): SegmentLengths {
  const pixelSizeUm = resolvePixelSize("segmentLength", boundary, options.pixelSizeUm);
  const leastSteps = options.leastSteps ?? 3;
  const isInterpolated = (options.sampling ?? "pixels") === "interpolated";
  if (!(Number.isSafeInteger(leastSteps) && leastSteps >= 1)) {
    throw new DomainError(`segmentLength: leastSteps must be a positive whole number, got ${leastSteps}`);
  }
  const byCurve = curves.map((curve, k): CurveSegments => {
    const path = isInterpolated ? interpolatedPath(boundary, curve) : pixelPath(boundary, curve);
    const lengthsPx = segmentsOf(path, leastSteps);
    const n = lengthsPx.length;
    return { curve: k, n, meanPx: n === 0 ? null : lengthsPx.reduce((a, b) => a + b, 0) / n, lengthsPx };
  });
  const all = byCurve.flatMap(({ lengthsPx }) => lengthsPx).sort((a, b) => a - b);
  const n = all.length;
  if (n === 0) {
    throw new DataError(
      `segmentLength: none of the ${curves.length} test lines has a segment between two boundaries of the ${boundary.width} × ${boundary.height} mask`,
    );
  }
  const meanPx = all.reduce((a, b) => a + b, 0) / n;
  const middle = [all[Math.floor((n - 1) / 2)]!, all[Math.floor(n / 2)]!] as const; // n > 0
  const result: SegmentLengths = {
    n,
    meanPx,
    medianPx: (middle[0] + middle[1]) / 2,
    stdPx: Math.sqrt(all.reduce((sum, l) => sum + (l - meanPx) ** 2, 0) / n),
    byCurve,
  };
  return pixelSizeUm === undefined ? result : { ...result, meanUm: meanPx * pixelSizeUm };
}

interface Path {
  readonly isBoundary: Uint8Array;
  readonly isClosed: boolean;
  /** Distance along the curve from sample a to sample b. */
  readonly distance: (a: number, b: number) => number;
}

function pixelPath(mask: Raster<Uint8Array>, curve: TestCurve): Path {
  if (curve.kind === "line") {
    const { fromX, fromY, toX, toY } = curve;
    const out = new Int32Array(2 * (Math.ceil(Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY))) + 2));
    const n = linePixels(fromX, fromY, toX, toY, out);
    const distance = (a: number, b: number): number =>
      Math.hypot(out[2 * a]! - out[2 * b]!, out[2 * a + 1]! - out[2 * b + 1]!); // samples are 0 … n − 1
    return { isBoundary: readPixels(mask, out, n), isClosed: false, distance };
  }
  const { radiusPx } = curve;
  if (!(radiusPx >= 1 && Number.isFinite(radiusPx))) {
    throw new DomainError(`segmentLength: the radius of a circle must be at least 1 px, got ${radiusPx}`);
  }
  const [cx, cy] = [Math.round(curve.centreX), Math.round(curve.centreY)];
  const out = new Int32Array(16 * (Math.floor(radiusPx) + 2));
  const n = circlePixels(cx, cy, radiusPx, out);
  const angle = (k: number): number => Math.atan2(cy - out[2 * k + 1]!, out[2 * k]! - cx); // samples are 0 … n − 1
  const distance = (a: number, b: number): number => {
    const turn = angle(b) - angle(a);
    return radiusPx * (turn > 0 ? turn : turn + 2 * Math.PI);
  };
  return { isBoundary: readPixels(mask, out, n), isClosed: true, distance };
}

function readPixels({ data, width, height }: Raster<Uint8Array>, places: Int32Array, n: number): Uint8Array {
  return Uint8Array.from({ length: n }, (_, k) => {
    const x = places[2 * k]!; // k < n, as below
    const y = places[2 * k + 1]!;
    return x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] !== 0 ? 1 : 0;
  });
}

function interpolatedPath({ data, width, height }: Raster<Uint8Array>, curve: TestCurve): Path {
  if (curve.kind !== "line") throw new DomainError('segmentLength: sampling "interpolated" is for straight lines only');
  const length = Math.hypot(curve.toX - curve.fromX, curve.toY - curve.fromY);
  const stepX = (curve.toX - curve.fromX) / length;
  const stepY = (curve.toY - curve.fromY) / length;
  const at = (x: number, y: number): number =>
    x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] !== 0 ? 1 : 0;
  const isBoundary = Uint8Array.from({ length: Math.floor(length + 1e-9) + 1 }, (_, k) => {
    // Steps along axes and diagonals must not fall between pixels by rounding.
    const x = snap(curve.fromX + k * stepX);
    const y = snap(curve.fromY + k * stepY);
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [right, below] = [x - left, y - top];
    const upper = (1 - right) * at(left, top) + right * at(left + 1, top);
    const lower = (1 - right) * at(left, top + 1) + right * at(left + 1, top + 1);
    return (1 - below) * upper + below * lower >= 0.5 ? 1 : 0;
  });
  return { isBoundary, isClosed: false, distance: (a, b) => Math.abs(b - a) };
}

function snap(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) < 1e-9 ? whole : value;
}

function segmentsOf({ isBoundary, isClosed, distance }: Path, leastSteps: number): number[] {
  const n = isBoundary.length;
  const first = isBoundary.indexOf(1);
  if (first < 0) return [];
  const lengths: number[] = [];
  const steps = isClosed ? n : n - 1 - first; // a closed curve comes back to its first boundary pixel
  let start = -1;
  for (let k = 1; k <= steps; k++) {
    const i = (first + k) % n;
    if (isBoundary[i] === 0) {
      if (start < 0) start = k;
    } else {
      if (start >= 0 && k - start >= leastSteps) lengths.push(distance((first + start) % n, i));
      start = -1;
    }
  }
  return lengths;
}
