import { ConvergenceError, DomainError } from "../../errors/errors.ts";
import { normalQuantile } from "../../statistics/normal.ts";
import { logGamma, logGammaOnePlus } from "./gamma.ts";
import { invertIncreasing } from "./invertIncreasing.ts";
import { deviance, stirlingError } from "./saddlePoint.ts";

/**
 * Regularised lower incomplete gamma function P(a, x) = γ(a, x) / Γ(a), relative error below 1e-13 where
 * P > 1e-50 and a ≤ 1e4 (a far tail loses what the exponential of a large logarithm loses: 4e-16 |ln P|).
 *
 * Series (DLMF 8.7.1) below x = a + 1, Legendre's continued fraction (DLMF 8.9.2) above; Loader's form of the front factor.
 *
 * @param a - above 0
 * @param x - at least 0
 * @throws DomainError outside those ranges
 * @example
 * gammaP(3, 2); // 0.32332358381693…
 */
export function gammaP(a: number, x: number): number {
  check("gammaP", a, x);
  if (x === 0) return 0;
  if (x === Number.POSITIVE_INFINITY) return 1;
  return x < a + 1 ? lowerSeries(a, x) : 1 - upperFraction(a, x);
}

/**
 * Regularised upper incomplete gamma function Q(a, x) = 1 − P(a, x), with full relative accuracy where Q is small.
 *
 * @param a - above 0
 * @param x - at least 0
 * @throws DomainError outside those ranges
 * @example
 * gammaQ(3, 50); // 2.50930355…e-19
 */
export function gammaQ(a: number, x: number): number {
  check("gammaQ", a, x);
  if (x === 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  if (x >= a + 1) return upperFraction(a, x);
  return a < 0.5 && x < 1.5 ? upperSmall(a, x) : 1 - lowerSeries(a, x);
}

/**
 * Inverse of {@link gammaP} in x: x with P(a, x) = p. Relative error below 1e-12 (what one rounding of p moves x by is extra).
 *
 * @param a - above 0
 * @param p - 0 … 1; 1 gives ∞
 * @throws DomainError outside those ranges
 * @example
 * gammaPInverse(3, 0.5); // 2.67406031372356…
 */
export function gammaPInverse(a: number, p: number): number {
  if (!(a > 0 && a < Number.POSITIVE_INFINITY && p >= 0 && p <= 1)) {
    throw new DomainError(`gammaPInverse: needs a > 0 and 0 ≤ p ≤ 1, got a = ${a}, p = ${p}`);
  }
  if (p === 0) return 0;
  if (p === 1) return Number.POSITIVE_INFINITY;
  const mirrored = p > 0.5;
  return invert(a, mirrored ? 1 - p : p, mirrored);
}

/**
 * Inverse of {@link gammaQ} in x: x with Q(a, x) = q; keeps the far upper tail (q = 1e-200).
 *
 * @param a - above 0
 * @param q - 0 … 1; 0 gives ∞
 * @throws DomainError outside those ranges
 * @example
 * gammaQInverse(1, 1e-200); // 460.517… = 200 ln 10
 */
export function gammaQInverse(a: number, q: number): number {
  if (!(a > 0 && a < Number.POSITIVE_INFINITY && q >= 0 && q <= 1)) {
    throw new DomainError(`gammaQInverse: needs a > 0 and 0 ≤ q ≤ 1, got a = ${a}, q = ${q}`);
  }
  if (q === 0) return Number.POSITIVE_INFINITY;
  if (q === 1) return 0;
  const mirrored = q <= 0.5;
  return invert(a, mirrored ? q : 1 - q, mirrored);
}

/** Solves ln P (or ln Q, as `upper`) = ln p in ln x, so that tails of either side keep their digits. */
function invert(a: number, p: number, upper: boolean): number {
  const target = Math.log(p);
  // Wilson & Hilferty (1931), or the first term of the series where that is not positive.
  const z = upper ? -normalQuantile(p) : normalQuantile(p);
  const cube = 1 - 1 / (9 * a) + z / (3 * Math.sqrt(a));
  const small = (target + logGamma(a + 1)) / a;
  let start = !upper && (cube <= 0.2 || a < 0.5) ? small : Math.log(a * Math.max(cube, 0.01) ** 3);
  if (upper && a < 0.5) start = Math.log(Math.max(1e-3, -target));
  const solved = invertIncreasing(
    (s) => {
      const x = Math.exp(s);
      const value = upper ? gammaQ(a, x) : gammaP(a, x);
      const slope = (front(a, x) * a) / value;
      return upper ? { value: target - Math.log(value), slope } : { value: Math.log(value) - target, slope };
    },
    start,
    { step: 1 },
  );
  return Math.exp(solved);
}

function check(name: string, a: number, x: number): void {
  if (!(a > 0 && a < Number.POSITIVE_INFINITY && x >= 0)) {
    throw new DomainError(`${name}: needs a > 0 and x ≥ 0, got a = ${a}, x = ${x}`);
  }
}

/** x^a e^(−x) / Γ(a + 1). */
function front(a: number, x: number): number {
  if (a < 1) return Math.exp(a * Math.log(x) - x - logGamma(a + 1));
  return Math.exp(-deviance(a, x) - stirlingError(a)) / Math.sqrt(2 * Math.PI * a);
}

function lowerSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n < 10_000_000; n++) {
    term *= x / (a + n);
    sum += term;
    if (term < 1e-17 * sum) return front(a, x) * sum;
  }
  throw new ConvergenceError(`gammaP(${a}, ${x})`, 10_000_000, term / sum);
}

function upperFraction(a: number, x: number): number {
  const scale = front(a, x) * a;
  if (scale === 0) return 0;
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 10_000_000; i++) {
    const an = i * (a - i);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const delta = d * c;
    h *= delta;
    if (Math.abs(delta - 1) < 2e-16) return scale * h;
  }
  throw new ConvergenceError(`gammaQ(${a}, ${x})`, 10_000_000, Number.NaN);
}

/** Q for small a and x, where 1 − P would lose it: P = x^a / Γ(a + 1) · (1 + a Σ (−x)^n / ((a + n) n!)). */
function upperSmall(a: number, x: number): number {
  let term = 1;
  let sum = 0;
  for (let n = 1; n < 200; n++) {
    term *= -x / n;
    const add = term / (a + n);
    sum += add;
    if (Math.abs(add) < 1e-18 * Math.abs(sum)) break;
  }
  const u = Math.expm1(a * Math.log(x) - logGammaOnePlus(a));
  return -u - (1 + u) * a * sum;
}
