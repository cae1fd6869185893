import { DataError, DomainError, type PredictiveDistribution } from "@materiome/core";
import { meanOf } from "./scores.ts";

/** Nodes and weights of 8-point Gauss–Legendre quadrature on [−1, 1], positive half. */
const NODES = [0.1834346424956498, 0.525532409916329, 0.7966664774136267, 0.9602898564975363];
const WEIGHTS = [0.362683783378362, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763];
const PANELS = 4;

/**
 * Continuous ranked probability score of one measurement: ∫ (F(z) − 1{z ≥ y})² dz, in target units; of a point forecast
 * it is the absolute error. Computed as twice the integral of the pinball loss over p by composite
 * Gauss–Legendre quadrature: to 1e-6 for smooth distributions, to 1e-3 for those with corners.
 *
 * @param value - the measurement
 * @throws DomainError for a measurement that is not finite
 * @see Gneiting & Raftery, J. Am. Stat. Assoc. 102, 359 (2007), doi:10.1198/016214506000001437
 * @example
 * const { distribution } = await model.predict(x);
 * if (distribution !== undefined) continuousRankedScore(distribution, 0, 812);
 */
export function continuousRankedScore(distribution: PredictiveDistribution, row: number, value: number): number {
  if (!Number.isFinite(value)) {
    throw new DomainError(`continuousRankedScore: the measurement of row ${row} is ${value}; leave such rows out`);
  }
  const share = distribution.cdf(row, 0, value);
  const pinball = (p: number, rest: number): number => {
    if (!(p > 0 && p < 1 && rest > 0)) return 0; // the loss goes to 0 there; p is rounded to 1 where a measurement is far out
    const distance = distribution.quantile(row, 0, p) - value;
    return p < share ? -p * distance : rest * distance;
  };
  // p = t³ / 2 from either end takes the edge off where the quantiles run away; the loss has a corner at F(y).
  const corner = (p: number): number => Math.cbrt(2 * Math.min(p, 0.5));
  const lower = (t: number): number => 1.5 * t * t * pinball(0.5 * t ** 3, 1 - 0.5 * t ** 3);
  const upper = (t: number): number => 1.5 * t * t * pinball(1 - 0.5 * t ** 3, 0.5 * t ** 3);
  return 2 * (integrate(lower, corner(share)) + integrate(upper, corner(1 - share)));
}

/** Over 0 … 1, on either side of the corner. */
function integrate(f: (t: number) => number, corner: number): number {
  let sum = 0;
  for (const [from, to] of [
    [0, corner],
    [corner, 1],
  ] as const) {
    if (to <= from) continue;
    const half = (to - from) / (2 * PANELS);
    for (let k = 0; k < PANELS; k++) {
      const centre = from + (2 * k + 1) * half;
      for (const [j, node] of NODES.entries()) {
        sum += half * (WEIGHTS[j] as number) * (f(centre - node * half) + f(centre + node * half)); // a weight for each node
      }
    }
  }
  return sum;
}

/** How well the stated probabilities hold. */
export interface CalibrationCurve {
  readonly n: number;
  /** Share of measurements below the stated quantile; equal to `stated` for honest distributions. */
  readonly curve: readonly { readonly stated: number; readonly observed: number }[];
  /** Area between the curve and the diagonal: 0 for honest distributions, at most ½. */
  readonly miscalibrationArea: number;
  /** Rows in each tenth of the probability integral transform: flat if honest, heaped outside if too narrow. */
  readonly pitHistogram: readonly number[];
}

/**
 * Calibration of predictive distributions from their probability integral transforms F(y).
 *
 * @param pit - F(y) of each held-out row, 0 … 1
 * @throws DataError for no rows; DomainError for values outside 0 … 1
 * @see Kuleshov, Fenner & Ermon, ICML 2018, arXiv:1807.00263
 * @see Tran et al., Mach. Learn.: Sci. Technol. 1, 025006 (2020), doi:10.1088/2632-2153/ab7e1a
 * @example
 * calibrationCurve([0.25, 0.75]).miscalibrationArea; // 0.125
 */
export function calibrationCurve(pit: ArrayLike<number>): CalibrationCurve {
  const sorted = Float64Array.from(pit).sort();
  const n = sorted.length;
  if (n === 0) throw new DataError("calibrationCurve: expected at least one row, got none");
  const outside = sorted.find((value) => !(value >= 0 && value <= 1));
  if (outside !== undefined) {
    throw new DomainError(
      `calibrationCurve: F(y) must lie in 0 … 1, got ${outside}; give cdf values of the measurements`,
    );
  }
  const histogram = new Array<number>(10).fill(0);
  for (const value of sorted) {
    const bin = Math.min(9, Math.floor(10 * value));
    histogram[bin] = (histogram[bin] as number) + 1; // bin < 10
  }
  let area = 0;
  for (let k = 0; k <= n; k++) {
    const from = k === 0 ? 0 : (sorted[k - 1] as number);
    const to = k === n ? 1 : (sorted[k] as number);
    area += areaFromDiagonal(k / n, from, to);
  }
  return {
    n,
    curve: Array.from({ length: 19 }, (_, k) => {
      const stated = (k + 1) / 20;
      return { stated, observed: meanOf(sorted.map((value) => (value <= stated ? 1 : 0))) };
    }),
    miscalibrationArea: area,
    pitHistogram: histogram,
  };
}

/** ∫ |level − p| dp from `from` to `to`. */
function areaFromDiagonal(level: number, from: number, to: number): number {
  if (level <= from || level >= to) return Math.abs(level - (from + to) / 2) * (to - from);
  return ((level - from) ** 2 + (to - level) ** 2) / 2;
}
