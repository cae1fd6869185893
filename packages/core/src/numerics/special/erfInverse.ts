import { DomainError } from "../../errors/errors.ts";
import { lowerNormalQuantile } from "../../statistics/normal.ts";
import { erf } from "./erf.ts";

/**
 * Inverse error function: x with erf(x) = y, relative error below 1e-14.
 *
 * @param y - −1 … 1; the ends give −∞ and ∞
 * @throws DomainError outside [−1, 1]
 * @example
 * erfInverse(0.5); // 0.4769362762044699
 */
export function erfInverse(y: number): number {
  if (!(y >= -1 && y <= 1)) throw new DomainError(`erfInverse: y must lie in [-1, 1], got ${y}`);
  const a = Math.abs(y);
  if (a > 0.5) return Math.sign(y) * erfcInverse(1 - a);
  // Halley's steps from the first two terms of the series; |erf″/erf′| = 2|x|.
  let x = (Math.sqrt(Math.PI) / 2) * y * (1 + (Math.PI / 12) * y * y);
  for (let step = 0; step < 3; step++) {
    const error = (erf(x) - y) / ((2 / Math.sqrt(Math.PI)) * Math.exp(-x * x));
    x -= error / (1 + x * error);
  }
  return x;
}

/**
 * Inverse complementary error function: x with erfc(x) = q, relative error below 1e-13 (absolute near q = 1, where
 * {@link erfInverse} is the better question).
 *
 * @param q - 0 … 2; the ends give ∞ and −∞
 * @throws DomainError outside [0, 2]
 * @example
 * erfcInverse(1e-100); // 15.0655747024…
 */
export function erfcInverse(q: number): number {
  if (!(q >= 0 && q <= 2)) throw new DomainError(`erfcInverse: q must lie in [0, 2], got ${q}`);
  if (q === 0) return Number.POSITIVE_INFINITY;
  if (q === 2) return Number.NEGATIVE_INFINITY;
  if (q >= 0.5 && q <= 1.5) return erfInverse(1 - q);
  return q < 1 ? -lowerNormalQuantile(q / 2) / Math.SQRT2 : lowerNormalQuantile((2 - q) / 2) / Math.SQRT2;
}
