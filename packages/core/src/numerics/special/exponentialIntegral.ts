import { DomainError } from "../../errors/errors.ts";

const EULER = 0.5772156649015329;

/**
 * Exponential integral E₁(x) = ∫ₓ^∞ e^(−t)/t dt, relative error below 1e-14.
 *
 * Series (DLMF 6.6.2) up to 1, continued fraction (DLMF 6.9.1) beyond.
 *
 * @param x - at least 0; 0 gives ∞
 * @throws DomainError for x < 0, where E₁ is not real: see {@link expIntegralEi}
 * @example
 * expIntegralE1(1); // 0.21938393439552…
 */
export function expIntegralE1(x: number): number {
  if (!(x >= 0)) throw new DomainError(`expIntegralE1: x must be at least 0, got ${x}`);
  if (x === 0) return Number.POSITIVE_INFINITY;
  if (x <= 1) {
    let term = -1;
    let sum = 0;
    for (let k = 1; Math.abs(term) > 1e-18 * k; k++) {
      term *= -x / k;
      sum += term / k;
    }
    return sum - EULER - Math.log(x);
  }
  if (x > 745) return 0;
  let b = x + 1;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 500; i++) {
    b += 2;
    d = 1 / (b - i * i * d);
    c = b - (i * i) / c;
    h *= c * d;
    if (Math.abs(c * d - 1) < 2e-16) break;
  }
  return h * Math.exp(-x);
}

/**
 * Exponential integral Ei(x), the principal value of ∫ e^t/t dt from −∞ to x; relative error below 1e-14, absolute 1e-15 next
 * to its zero at 0.3725.
 *
 * Series (DLMF 6.6.1) up to 40, asymptotic series (DLMF 6.12.2) beyond, −E₁(−x) below 0.
 *
 * @param x - any number but 0, where it is −∞
 * @example
 * expIntegralEi(1); // 1.89511781635593…
 */
export function expIntegralEi(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x < 0) return -expIntegralE1(-x);
  if (x > 716.4) return Number.POSITIVE_INFINITY;
  let sum = 0;
  let term = 1;
  if (x < 40) {
    for (let k = 1; ; k++) {
      term *= x / k;
      sum += term / k;
      if (term <= 1e-17 * k * sum) return EULER + Math.log(x) + sum;
    }
  }
  sum = 1;
  for (let k = 1; k < x; k++) {
    term *= k / x;
    if (term < 1e-17) break;
    sum += term;
  }
  return (Math.exp(x / 2) / x) * sum * Math.exp(x / 2);
}
