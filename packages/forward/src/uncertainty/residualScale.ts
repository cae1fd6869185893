/** Where residuals are taken: of the logarithms, or of Anscombe's square roots, in place of the values themselves. */
export type ResidualScale = "log" | "root";

/** An increasing function of the target whose inverse never leaves what the target can be. */
export interface Stabiliser {
  readonly of: (value: number) => number;
  readonly inverse: (value: number) => number;
  /** Derivative at a value. */
  readonly slope: (value: number) => number;
  /** Whether the target can be so small. */
  readonly holds: (value: number) => boolean;
}

/** Added to a count before its root: with it the variance of 2 √(y + 3/8) is nearly 1 for Poisson counts of any mean above 4. */
const SHIFT = 3 / 8;

/**
 * `log` for amounts whose errors grow with their mean (gamma): ln y, whose inverse is above 0. `root` for counts: 2 √(y + 3/8), whose
 * inverse is taken as 0 below 2 √(3/8), as counts are.
 *
 * @see Anscombe, Biometrika 35, 246 (1948), doi:10.1093/biomet/35.3-4.246
 */
export const STABILISERS: { readonly [scale in ResidualScale]: Stabiliser } = {
  log: { of: Math.log, inverse: Math.exp, slope: (value) => 1 / value, holds: (value) => value > 0 },
  root: {
    of: (value) => 2 * Math.sqrt(value + SHIFT),
    inverse: (value) => (value > 0 ? Math.max(0, value * value * 0.25 - SHIFT) : 0),
    slope: (value) => 1 / Math.sqrt(value + SHIFT),
    holds: (value) => value >= 0,
  },
};

/** Derivative of the scale at a value; 1 without one. */
export function slopeAt(scale: ResidualScale | undefined, value: number): number {
  return scale === undefined ? 1 : STABILISERS[scale].slope(value);
}
