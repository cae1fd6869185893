import { DomainError } from "../errors/errors.ts";

/**
 * Quantile of values sorted ascending, by linear interpolation between order statistics: type 7 of Hyndman & Fan, the
 * default of NumPy and R.
 *
 * With h = (n − 1) p: x[⌊h⌋] + (h − ⌊h⌋)(x[⌊h⌋ + 1] − x[⌊h⌋]).
 *
 * @param sorted - ascending, without NaN, at least one value
 * @param p - 0 … 1
 * @throws DomainError for no values or p outside [0, 1]
 * @see Hyndman & Fan, Am. Stat. 50, 361 (1996), doi:10.1080/00031305.1996.10473566
 * @example
 * quantileSorted([1, 2, 4, 8], 0.5); // 3
 */
export function quantileSorted(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) throw new DomainError("quantileSorted: needs at least one value, got none");
  if (!(p >= 0 && p <= 1)) throw new DomainError(`quantileSorted: p must lie in [0, 1], got ${p}`);
  const h = (sorted.length - 1) * p;
  const k = Math.floor(h);
  const below = sorted[k] as number; // 0 ≤ k ≤ n − 1
  const above = sorted[Math.min(k + 1, sorted.length - 1)] as number;
  return h === k || below === above ? below : below + (h - k) * (above - below); // ∞ − ∞ and 0 · ∞ are no numbers
}
