import { DomainError } from "../errors/errors.ts";
import { sampleBeta, sampleGamma } from "./continuous.ts";
import type { Random } from "./random.ts";

/**
 * Binomial deviate: successes among `n` trials of probability `p`.
 *
 * Large n is halved by the beta-distributed median of n uniforms until 20 trials are left, which are counted one by one:
 * exact, in O(log n). Ahrens & Dieter, Computing 12, 223 (1974), doi:10.1007/BF02293108.
 *
 * @param n - whole, 0 … 2^53 − 1
 * @param p - 0 … 1
 * @throws DomainError outside those ranges
 * @example
 * sampleBinomial(createRandom(1), 1000, 0.3); // 300 on average
 */
export function sampleBinomial(random: Random, n: number, p: number): number {
  if (!(Number.isSafeInteger(n) && n >= 0 && p >= 0 && p <= 1)) {
    throw new DomainError(`sampleBinomial: needs a whole n ≥ 0 and 0 ≤ p ≤ 1, got n = ${n}, p = ${p}`);
  }
  let trials = n;
  let chance = p;
  let count = 0;
  while (trials > 20 && chance > 0 && chance < 1) {
    const rank = Math.floor(trials / 2) + 1;
    const middle = sampleBeta(random, rank, trials + 1 - rank);
    if (middle <= chance) {
      count += rank;
      trials -= rank;
      chance = middle < 1 ? Math.max(0, (chance - middle) / (1 - middle)) : 0;
    } else {
      trials = rank - 1;
      chance = Math.min(1, chance / middle);
    }
  }
  for (let i = 0; i < trials; i++) if (random.next() < chance) count++;
  return count;
}

/**
 * Poisson deviate of the given mean.
 *
 * A large mean is cut down by the gamma-distributed time of a late event, then the products of uniforms are counted: exact,
 * in O(log mean). Ahrens & Dieter, Computing 12, 223 (1974), doi:10.1007/BF02293108.
 *
 * @param mean - 0 … 2^52
 * @throws DomainError outside that range
 * @example
 * samplePoisson(createRandom(1), 4.5); // 4.5 on average
 */
export function samplePoisson(random: Random, mean: number): number {
  if (!(mean >= 0 && mean <= 2 ** 52)) throw new DomainError(`samplePoisson: mean must lie in 0 … 2^52, got ${mean}`);
  let left = mean;
  let count = 0;
  while (left > 12) {
    const events = Math.floor((7 * left) / 8);
    const time = sampleGamma(random, events);
    if (time > left) return count + sampleBinomial(random, events - 1, left / time);
    count += events;
    left -= time;
  }
  const limit = Math.exp(-left);
  for (let product = random.next(); product > limit; product *= random.next()) count++;
  return count;
}
