import { DomainError } from "../errors/errors.ts";
import { normalQuantile } from "./normal.ts";

/**
 * Wilson's score interval of a probability, from the share of n independent trials in which something happened.
 *
 * (p + z²/2n ± z √(p (1 − p)/n + z²/4n²)) / (1 + z²/n) with z the quantile of the normal distribution at (1 + level)/2: it lies in
 * 0 … 1 and has a width for shares of 0 and 1 too.
 *
 * @param share - 0 … 1
 * @param n - number of trials, at least 1
 * @param level - probability that the interval holds, between 0 and 1
 * @throws DomainError for values outside their range
 * @see Wilson, J. Am. Stat. Assoc. 22, 209 (1927), doi:10.1080/01621459.1927.10502953
 * @example
 * wilsonInterval(0.9, 50, 0.95); // [0.786, 0.957]
 */
export function wilsonInterval(share: number, n: number, level: number): readonly [number, number] {
  if (!(share >= 0 && share <= 1)) throw new DomainError(`wilsonInterval: share must lie in [0, 1], got ${share}`);
  if (!(n >= 1)) throw new DomainError(`wilsonInterval: n must be at least 1, got ${n}`);
  if (!(level > 0 && level < 1)) throw new DomainError(`wilsonInterval: level must be between 0 and 1, got ${level}`);
  const z = normalQuantile(0.5 + level / 2);
  const square = (z * z) / n;
  const centre = (share + square / 2) / (1 + square);
  const half = (z * Math.sqrt((share * (1 - share)) / n + square / (4 * n))) / (1 + square);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
