/**
 * ln Σ exp(xᵢ) without overflow: the largest value is taken out first. −∞ for no values; NaN if one is NaN.
 *
 * @example
 * logSumExp([1000, 1000]); // 1000.6931471805599
 */
export function logSumExp(values: ArrayLike<number>): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number; // i < length
    if (Number.isNaN(value)) return Number.NaN;
    if (value > largest) largest = value;
  }
  if (!Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp((values[i] as number) - largest);
  return largest + Math.log(sum);
}

/**
 * ln(1 − e^x) for x < 0, accurate at both ends: ln(−expm1(x)) above −ln 2, log1p(−e^x) below (M. Mächler, "Accurately
 * computing log(1 − exp(−|a|))", 2012). −∞ at 0, NaN above.
 *
 * @example
 * log1mExp(-1e-20); // -46.0517…
 */
export function log1mExp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}
