/**
 * Chebyshev coefficients of (1 + 2x) erfcx(x) in t = (x − 3.75) / (x + 3.75), the form of Shepherd & Laframboise,
 * Math. Comp. 36, 249 (1981), doi:10.1090/S0025-5718-1981-0595058-X; computed with mpmath by
 * test/numerics/special/fixtures/erfcxSeries.py.
 */
const COEFFICIENTS: Float64Array = Float64Array.of(
  1.1775789345674017,
  -0.004590054580646478,
  -0.08424913336651792,
  0.05920993999819189,
  -0.026658668435305753,
  0.009074997670705265,
  -0.002413163540417608,
  0.0004907758365258086,
  -6.916973302501207e-5,
  4.13902798607301e-6,
  7.74038306619849e-7,
  -2.1886401049234397e-7,
  1.076499946567091e-8,
  4.521959811218287e-9,
  -7.754400208831351e-10,
  -6.318088340886684e-11,
  2.86879501093067e-11,
  1.9455868545777347e-13,
  -9.65469674843344e-13,
  3.25254814814874e-14,
  3.3478119482868056e-14,
  -1.864562880419313e-15,
  -1.2507950530688648e-15,
  7.418235256624044e-17,
  5.068148904796111e-17,
  -2.2370566594359995e-18,
  -2.187342944303018e-18,
);

/** exp(x²) erfc(x) for x ≥ 0 (NaN gives NaN). */
export function erfcxPositive(x: number): number {
  if (x > 1e8) return 1 / (x * Math.sqrt(Math.PI));
  const t = (x - 3.75) / (x + 3.75);
  let b1 = 0;
  let b2 = 0;
  for (let k = COEFFICIENTS.length - 1; k > 0; k--) {
    const b = 2 * t * b1 - b2 + (COEFFICIENTS[k] as number); // k < length
    b2 = b1;
    b1 = b;
  }
  return (t * b1 - b2 + (COEFFICIENTS[0] as number)) / (1 + 2 * x);
}

/**
 * exp(−c x²) for x ≥ 0 and c = 1 or ½, with the square split so that its rounding does not grow with x: x = h + r with h a
 * multiple of 1/16, x² = h² + r (x + h), h² exact.
 */
export function gaussianExponential(x: number, c: 1 | 0.5): number {
  const h = Math.floor(x * 16) / 16;
  return Math.exp(-c * h * h) * Math.exp(-c * (x - h) * (x + h));
}
