import { DomainError } from "../../errors/errors.ts";

/**
 * Modified Bessel function of the second kind, K_ν(x), relative error below 1e-13 for ν up to 100 (beyond, 1e-16 times the logarithm); the closed form for
 * ν = ½, 3/2, …, 15/2 (DLMF 10.49.12).
 *
 * Otherwise the trapezoidal rule on K_ν(x) = ∫₀^∞ exp(−x cosh t) cosh(νt) dt (DLMF 10.32.9), which converges exponentially
 * for this integrand.
 *
 * @param nu - order; K_−ν = K_ν
 * @param x - at least 0; 0 gives ∞
 * @param options - `isScaled`: e^x K_ν(x), which does not underflow. Default: false
 * @throws DomainError for x < 0 or an order that is no finite number
 * @example
 * besselK(2.5, 1); // 3.22747953113526…
 */
export function besselK(nu: number, x: number, options: { readonly isScaled?: boolean | undefined } = {}): number {
  if (!(x >= 0) || !Number.isFinite(nu))
    throw new DomainError(`besselK: needs x ≥ 0 and a finite order, got ν = ${nu}, x = ${x}`);
  if (x === 0) return Number.POSITIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const order = Math.abs(nu);
  const half = order - 0.5;
  const exponent = options.isScaled === true ? 0 : -x;
  return Number.isInteger(half) && half < 8
    ? Math.exp(exponent) * halfInteger(half, x)
    : quadrature(order, x, exponent);
}

/** e^x K_(n + ½)(x) = √(π/2x) Σ (n + k)! / (k! (n − k)!) (2x)^(−k). */
function halfInteger(n: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k <= n; k++) {
    term *= ((n + k) * (n - k + 1)) / (2 * x * k);
    sum += term;
  }
  return Math.sqrt(Math.PI / (2 * x)) * sum;
}

/** e^(x + added) K_ν(x) with step h: ½ f(0) + Σ f(kh), where the integrand's width near its peak is (x² + ν²)^(−1/4). */
function quadrature(nu: number, x: number, added: number): number {
  const h = Math.min(0.2, 0.5 / Math.sqrt(Math.hypot(x, nu)));
  const peak = Math.asinh(nu / x);
  const exponent = (t: number): number => nu * t - x * (2 * Math.sinh(t / 2) ** 2);
  const top = exponent(peak);
  // Width times height lies beyond the range of doubles.
  if (top + added > 1100) return Number.POSITIVE_INFINITY;
  if (top + added < -800) return 0;
  let sum = 0.5 * Math.exp(-top);
  for (let k = 1; ; k++) {
    const t = k * h;
    const e = exponent(t) - top;
    if (t > peak && e < -42) break;
    sum += 0.5 * Math.exp(e) * (1 + Math.exp(-2 * nu * t));
  }
  const root = Math.exp(0.5 * (top + added)); // its square may lie beyond the range where the product does not
  return h * sum * root * root;
}
