import { DataError, decodeArray, encodeArray, FormatError, type Json } from "@materiome/core";
import { effectiveUnits } from "./effectiveUnits.ts";
import { type ResidualScale, STABILISERS } from "./residualScale.ts";

/**
 * How far a new measurement lies from the prediction, learnt from training rows predicted by members that had not seen
 * them (nor their group). A row with prediction variance v among the members has the scale s = √(v + floor); the signed
 * residuals (y − ŷ) / s of the held-out rows are the predictive distribution in units of s.
 */
export interface Calibration {
  readonly floor: number;
  /** Ascending, strictly. */
  readonly residuals: Float64Array;
  /** Independent residuals that they are worth, at most their number. */
  readonly units: number;
  /** Root mean square of `residuals`. */
  readonly rms: number;
  /** Where the residuals and the floor were taken; absent: of the target itself. */
  readonly scale?: ResidualScale | undefined;
}

export interface CalibrateOptions {
  /** The floor, where the variances tell the errors by themselves. @defaultValue learnt */
  readonly floor?: number | undefined;
  /** Of each row: residuals of one group go together and count for less ({@link effectiveUnits}). @defaultValue each row counts */
  readonly groups?: Int32Array | undefined;
  /**
   * Take residuals of the logarithms (or roots) of target and prediction, so that no quantile leaves what the target can be; variances
   * are those of the target, and count by the slope at the prediction. @defaultValue of the target itself
   */
  readonly scale?: ResidualScale | undefined;
}

/** Multiples of the mean member variance that are tried for the floor. */
const FLOORS = Array.from({ length: 25 }, (_, k) => 10 ** (-2 + k / 6));

/**
 * Learns the floor and the residual distribution.
 *
 * The floor maximises the Gaussian likelihood of the residuals (profiled over their common factor): where the spread of
 * the members says nothing about the error, a large floor makes the intervals equally wide; where it does, a small one
 * makes them adapt (normalised conformal prediction; Papadopoulos, Vovk & Gammerman, J. Artif. Intell. Res. 40, 815
 * (2011), doi:10.1613/jair.3198).
 *
 * @param y - measured, shape [nSamples]
 * @param mean - predicted by members that did not see the row; NaN where there is none, such rows are left out
 * @param variance - variance among those members
 * @throws DataError if fewer than 2 rows have a held-out prediction
 */
export function calibrate(
  y: Float64Array,
  mean: Float64Array,
  variance: Float64Array,
  { floor: given, groups, scale }: CalibrateOptions = {},
): Calibration {
  if (scale !== undefined) {
    const { of, slope } = STABILISERS[scale];
    const stable = variance.map((v, i) => v * slope(mean[i] as number) ** 2); // a variance for each mean
    return { ...calibrate(y.map(of), mean.map(of), stable, { floor: given, groups }), scale };
  }
  const kept = Array.from(y.keys()).filter((i) => Number.isFinite(mean[i]) && Number.isFinite(variance[i]));
  if (kept.length < 2) {
    throw new DataError(
      `intervals: only ${kept.length} of ${y.length} training rows have a held-out prediction with a spread; give more rows, groups or trees`,
    );
  }
  const residual = kept.map((i) => (y[i] as number) - (mean[i] as number));
  const spread = kept.map((i) => variance[i] as number);
  const n = kept.length;
  const meanSquare = residual.reduce((sum, r) => sum + r * r, 0) / n;
  const meanSpread = spread.reduce((sum, v) => sum + v, 0) / n;
  let floor = given ?? (meanSquare > 0 ? meanSquare : Number.MIN_VALUE * 2 ** 60);
  if (given === undefined && meanSpread > meanSquare * 1e-12 && meanSquare > 0) {
    let best = Number.NEGATIVE_INFINITY;
    for (const multiple of FLOORS) {
      const candidate = multiple * meanSpread;
      let logs = 0;
      let squares = 0;
      for (let k = 0; k < n; k++) {
        const s2 = (spread[k] as number) + candidate; // k < n
        logs += Math.log(s2);
        squares += (residual[k] as number) ** 2 / s2;
      }
      const likelihood = -0.5 * logs - 0.5 * n * Math.log(squares / n);
      if (likelihood > best) {
        best = likelihood;
        floor = candidate;
      }
    }
  }
  const scaled = Float64Array.from(residual, (r, k) => r / Math.sqrt((spread[k] as number) + floor));
  const units =
    groups === undefined
      ? n
      : effectiveUnits(
          scaled,
          Int32Array.from(kept, (i) => groups[i] as number),
        ); // rows
  const rms = Math.sqrt(scaled.reduce((sum, z) => sum + z * z, 0) / n);
  return { floor, residuals: separate(scaled.sort()), units, rms };
}

/** Moves equal neighbours apart by a billionth of the range, so that the distribution function has an inverse. */
function separate(sorted: Float64Array): Float64Array {
  const range = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
  const size = Math.max(Math.abs(sorted[0] ?? 0), Math.abs(sorted.at(-1) ?? 0), 1e-300);
  const gap = Math.max(range * 1e-9, size * 1e-12);
  for (let i = 1; i < sorted.length; i++) {
    const least = (sorted[i - 1] as number) + gap;
    if ((sorted[i] as number) < least) sorted[i] = least;
  }
  return sorted;
}

export function encodeCalibration(calibration: Calibration): Json {
  const { floor, rms, residuals, units, scale } = calibration;
  const own = { ...(units === residuals.length ? {} : { units }), ...(scale === undefined ? {} : { scale }) };
  return { floor, rms, residuals: encodeArray(residuals), ...own };
}

/** @throws FormatError if the stored form is damaged */
export function decodeCalibration(data: unknown): Calibration {
  const { floor, rms, residuals: stored, units, scale } = (data ?? {}) as { readonly [key: string]: unknown };
  if (typeof floor !== "number" || typeof rms !== "number" || (units !== undefined && typeof units !== "number")) {
    throw new FormatError("model: the stored calibration is damaged; train again");
  }
  if (scale !== undefined && scale !== "log" && scale !== "root") {
    throw new FormatError("model: the stored calibration is on a scale that is not known; train again");
  }
  const residuals = decodeArray(stored, "f64");
  return { floor, rms, residuals, units: units ?? residuals.length, ...(scale === undefined ? {} : { scale }) };
}
