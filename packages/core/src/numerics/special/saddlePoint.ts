import { logGamma, stirlingTail } from "./gamma.ts";

/**
 * Γ's remainder ln Γ(a) − [(a − ½) ln a − a + ½ ln 2π], for any a > 0.
 *
 * With {@link deviance} it gives gamma and beta densities without the cancellation of large logarithms:
 * C. Loader, "Fast and accurate computation of binomial probabilities" (2000).
 */
export function stirlingError(a: number): number {
  if (a >= 10) return stirlingTail(a);
  return logGamma(a) - ((a - 0.5) * Math.log(a) - a + 0.5 * Math.log(2 * Math.PI));
}

/** a ln(a/m) + m − a ≥ 0, with full relative accuracy also for a near m. */
export function deviance(a: number, m: number): number {
  const u = (m - a) / a;
  if (!(Math.abs(u) <= 0.6)) return a * (u - Math.log(m / a));
  // u − ln(1 + u) with v = u/(2 + u): ln(1 + u) = 2 (v + v³/3 + v⁵/5 + …) and u − 2v = u v.
  const v = u / (2 + u);
  let power = 2 * v * v * v;
  let sum = u * v;
  for (let k = 3; ; k += 2) {
    const next = sum - power / k;
    if (next === sum) return a * sum;
    sum = next;
    power *= v * v;
  }
}
