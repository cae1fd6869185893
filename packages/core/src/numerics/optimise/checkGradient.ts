import type { Objective } from "./minimiseBounded.ts";

/** How an objective's own gradient compares with central differences. */
export interface GradientCheck {
  readonly analytic: Float64Array;
  readonly numeric: Float64Array;
  /** Largest |analytic − numeric| / max(1, |analytic|, |numeric|). */
  readonly largestError: number;
  /** The variable where it occurs; −1 for none. */
  readonly worst: number;
}

/**
 * Compares an objective's gradient with central differences, (f(x + h) − f(x − h)) / 2h with h = ∛ε · max(1, |x|) unless given;
 * a right gradient of a well-scaled function comes out below about 1e-8.
 *
 * @param step - h for all variables. Default: as above
 * @example
 * checkGradient((x, g) => { g[0] = 2 * x[0]; return x[0] ** 2; }, [3]).largestError < 1e-8; // true
 */
export function checkGradient(objective: Objective, x: ArrayLike<number>, step?: number): GradientCheck {
  const at = Float64Array.from(x);
  const analytic = new Float64Array(at.length);
  objective(at.slice(), analytic);
  const ignored = new Float64Array(at.length);
  const numeric = new Float64Array(at.length);
  let largestError = 0;
  let worst = -1;
  for (const [i, value] of at.entries()) {
    const h = step ?? Math.cbrt(Number.EPSILON) * Math.max(1, Math.abs(value));
    const above = at.slice();
    const below = at.slice();
    above[i] = value + h;
    below[i] = value - h;
    const width = (above[i] as number) - (below[i] as number); // i < length
    const slope = (objective(above, ignored) - objective(below, ignored)) / width;
    numeric[i] = slope;
    const own = analytic[i] as number;
    const error = Math.abs(own - slope) / Math.max(1, Math.abs(own), Math.abs(slope));
    if (!(error <= largestError)) {
      largestError = error;
      worst = i;
    }
  }
  return { analytic, numeric, largestError, worst };
}
