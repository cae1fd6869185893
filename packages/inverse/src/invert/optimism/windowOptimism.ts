import type { Random } from "@materiome/core";
import { normalCdf } from "@materiome/core/numerics";

const REPLICATES = 200;

/**
 * By how much the probability of an interval is expected to be too high because its place was chosen for being the most probable, where
 * the predictive distribution was learnt from n residuals.
 *
 * A distribution made of n residuals has chance clusters, and a search that moves the mean finds the interval that holds most of
 * them (a scan statistic; J. Naus, J. Am. Stat. Assoc. 60, 532 (1965), doi:10.1080/01621459.1965.10480810). Parametric bootstrap: n normal
 * residuals, scaled to a standard deviation of 1 as the model's are; their distribution function F, linear between order statistics
 * with the probabilities i / (n + 1); the place x where F(x + 2a) − F(x) is largest, always an order statistic or 2a before one; minus the true
 * Φ(x + 2a) − Φ(x) there. The mean over 200 samples. Falls about as 1/√n; nothing of the kind for a one-sided spec, whose place is not
 * chosen.
 *
 * @returns `promised`, the probability of the best place as the residuals tell it, and `gained`, by how much that is too high
 * @param n - residuals that the distribution was learnt from, at least 2
 * @param halfWidth - of the interval, in standard deviations of the distribution
 */
export function windowOptimism(
  n: number,
  halfWidth: number,
  random: Random,
): { readonly promised: number; readonly gained: number } {
  const width = 2 * halfWidth;
  let promised = 0;
  let gained = 0;
  for (let b = 0; b < REPLICATES; b++) {
    const drawn = Float64Array.from({ length: n }, () => random.normal());
    const rms = Math.sqrt(drawn.reduce((squares, z) => squares + z * z, 0) / n);
    const sorted = drawn.map((z) => z / rms).sort();
    let most = 0;
    let place = 0;
    for (const z of sorted) {
      for (const x of [z, z - width]) {
        const mass = between(sorted, x, x + width);
        if (mass > most) [most, place] = [mass, x];
      }
    }
    promised += most / REPLICATES;
    gained += (most - (normalCdf((place + width) * rms) - normalCdf(place * rms))) / REPLICATES;
  }
  return { promised, gained: Math.max(0, gained) };
}

function between(sorted: Float64Array, from: number, to: number): number {
  return cdf(sorted, to) - cdf(sorted, from);
}

/** Linear between order statistics; outside them the whole of the outer share, which only a window wider than all would notice. */
function cdf(sorted: Float64Array, x: number): number {
  const n = sorted.length;
  const at = (i: number): number => sorted[i] ?? Number.NaN;
  if (x < at(0)) return 0;
  if (x >= at(n - 1)) return n / (n + 1);
  let [a, b] = [0, n - 1];
  while (b - a > 1) {
    const middle = (a + b) >> 1;
    if (at(middle) <= x) a = middle;
    else b = middle;
  }
  const gap = at(b) - at(a);
  return (a + 1 + (gap > 0 ? (x - at(a)) / gap : 0)) / (n + 1);
}
