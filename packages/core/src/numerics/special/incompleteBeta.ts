import { ConvergenceError, DomainError } from "../../errors/errors.ts";
import { logGamma } from "./gamma.ts";
import { invertIncreasing } from "./invertIncreasing.ts";
import { deviance, stirlingError } from "./saddlePoint.ts";

/**
 * Regularised incomplete beta function I_x(a, b), by a continued fraction; relative error below 1e-12 for a and b up to 1e8
 * (1e-13 up to 100).
 *
 * @param x - 0 … 1
 * @param a - above 0
 * @param b - above 0
 * @throws DomainError outside those ranges
 * @see DLMF 8.17.22, its even part; front factor in Loader's saddle-point form
 * @example
 * regularisedBeta(0.5, 2, 3); // 0.6875, to rounding
 */
export function regularisedBeta(x: number, a: number, b: number): number {
  if (!(x >= 0 && x <= 1 && a > 0 && b > 0 && a < Number.POSITIVE_INFINITY && b < Number.POSITIVE_INFINITY)) {
    throw new DomainError(`regularisedBeta: needs 0 ≤ x ≤ 1 and a, b > 0, got x = ${x}, a = ${a}, b = ${b}`);
  }
  return betaOfBoth(x, 1 - x, a, b);
}

/** I_x(a, b) given x and y = 1 − x, each as exact as the caller has it. */
export function betaOfBoth(x: number, y: number, a: number, b: number): number {
  if (x === 0 || y === 0) return x === 0 ? 0 : 1;
  const front = betaFront(x, y, a, b);
  if (x < (a + 1) / (a + b + 2)) return front * betaFraction(x, y, a, b);
  return 1 - front * betaFraction(y, x, b, a);
}

/**
 * Inverse of {@link regularisedBeta} in x: x with I_x(a, b) = p. Relative error below 1e-11 (of 1 − x too where x is near 1
 * is not possible: ask for 1 − x with a and b exchanged).
 *
 * @param p - 0 … 1
 * @param a - above 0
 * @param b - above 0
 * @throws DomainError outside those ranges
 * @example
 * regularisedBetaInverse(0.6875, 2, 3); // 0.5
 */
export function regularisedBetaInverse(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1 && a > 0 && b > 0 && a < Number.POSITIVE_INFINITY && b < Number.POSITIVE_INFINITY)) {
    throw new DomainError(`regularisedBetaInverse: needs 0 ≤ p ≤ 1 and a, b > 0, got p = ${p}, a = ${a}, b = ${b}`);
  }
  const { x } = betaInverseBoth(p, 1 - p, a, b);
  return x;
}

/** x, 1 − x and ln (x / (1 − x)) with I_x(a, b) = p, solved in that logarithm on the smaller of p and q = 1 − p. */
export function betaInverseBoth(
  p: number,
  q: number,
  a: number,
  b: number,
): { readonly x: number; readonly y: number; readonly logit: number } {
  if (p === 0) return { x: 0, y: 1, logit: Number.NEGATIVE_INFINITY };
  if (q === 0) return { x: 1, y: 0, logit: Number.POSITIVE_INFINITY };
  // So close to an end the first term of the series is all there is: the next is about b x times as large.
  const first = firstTerm(p, q, a, b);
  if (first < -600 - Math.max(0, Math.log(b))) return fromLogit(first);
  const last = -firstTerm(q, p, b, a);
  if (last > 600 + Math.max(0, Math.log(a))) return fromLogit(last);
  return fromLogit(p > q ? -solveLogit(q, -last, b, a) : solveLogit(p, first, a, b));
}

/** ln x with x^a / (a B(a, b)) = p. */
function firstTerm(p: number, q: number, a: number, b: number): number {
  const logBeta = logGamma(Math.min(a, b)) - logRise(Math.max(a, b), Math.min(a, b));
  return (logOf(p, q) + Math.log(a) + logBeta) / a;
}

function fromLogit(logit: number): { readonly x: number; readonly y: number; readonly logit: number } {
  const e = Math.exp(-Math.abs(logit));
  const small = e / (1 + e);
  const large = 1 / (1 + e);
  return logit < 0 ? { x: small, y: large, logit } : { x: large, y: small, logit };
}

function solveLogit(p: number, first: number, a: number, b: number): number {
  const target = Math.log(p);
  const start = Math.min(first, Math.log(a / b)); // the mean where the first term lies above it
  return invertIncreasing(
    (logit) => {
      const x = logit < 0 ? Math.exp(logit) / (1 + Math.exp(logit)) : 1 / (1 + Math.exp(-logit));
      const y = logit < 0 ? 1 / (1 + Math.exp(logit)) : Math.exp(-logit) / (1 + Math.exp(-logit));
      const value = betaOfBoth(x, y, a, b);
      return { value: Math.log(value) - target, slope: betaFront(x, y, a, b) / value };
    },
    start,
    { step: 1 },
  );
}

/** x^a y^b / B(a, b), in Loader's saddle-point form. */
export function betaFront(x: number, y: number, a: number, b: number): number {
  const n = a + b;
  if (Math.min(a, b) < 1) {
    const large = Math.max(a, b);
    const small = Math.min(a, b);
    const rise = logRise(large, small);
    return Math.exp(a * logOf(x, y) + b * logOf(y, x) + rise - logGamma(small));
  }
  const exponent = stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y);
  return (Math.exp(exponent) * Math.sqrt(a * (b / n))) / Math.sqrt(2 * Math.PI);
}

/** ln Γ(large + small) − ln Γ(large): of nearly equal arguments through the same remainders, so that nothing cancels. */
function logRise(large: number, small: number): number {
  const n = large + small;
  if (large <= 10) return logGamma(n) - logGamma(large);
  const remainders = stirlingError(n) - stirlingError(large);
  return remainders + (large - 0.5) * Math.log1p(small / large) + small * Math.log(n) - small;
}

/** ln x for x = 1 − y, from whichever is exact. */
function logOf(x: number, y: number): number {
  return y < 0.5 ? Math.log1p(-y) : Math.log(x);
}

/**
 * I_x(a, b) over x^a y^b / B(a, b): the even part of the continued fraction DLMF 8.17.22, in which x next to 1 enters through
 * y = 1 − x, so that nothing cancels where one parameter is large.
 */
function betaFraction(x: number, y: number, a: number, b: number): number {
  const tiny = 1e-300;
  const gap = a > b ? (a + b) * y - b : a - (a + b) * x;
  let c = (a / (a + 1)) * (gap + 1);
  if (Math.abs(c) < tiny) c = tiny;
  let d = 0;
  let h = c;
  for (let n = 1; n <= 100_000; n++) {
    const odd = a + 2 * n - 1;
    const rise = (n * (b - n) * x) / odd;
    const numerator = ((a + n - 1) / odd) * (a + b + n - 1) * rise * x;
    const denominator = n + rise + ((a + n) / (odd + 2)) * (gap + 1 + n * (1 + y));
    d = denominator + numerator * d;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = denominator + numerator / c;
    if (Math.abs(c) < tiny) c = tiny;
    const delta = c * d;
    h *= delta;
    if (Math.abs(delta - 1) < 4e-16) return 1 / h;
  }
  throw new ConvergenceError(`regularisedBeta(${x}, ${a}, ${b})`, 100_000, Number.NaN);
}
