import type { Matrix, Random } from "@materiome/core";
import type { SurrogateModel } from "../surrogate/surrogate.ts";

/**
 * Thompson sampling: for each of `n` functions drawn from the posterior the candidate where it is largest, each candidate once.
 *
 * @param x - candidates, [m, d], m at least 1; drawn jointly, at the cost of m³
 * @returns rows of `x`, at most n and at most m
 * @see Thompson, Biometrika 25, 285 (1933), doi:10.2307/2332286; Hernández-Lobato et al., ICML 2017, arXiv:1706.01825 (batches)
 * @example
 * thompsonSample(model, encodePoints(space, sampleSpace(space, 500, random)), 4, random); // [17, 3, 250, 88]
 */
export function thompsonSample(model: SurrogateModel, x: Matrix, n: number, random: Random): number[] {
  const { data, columns } = model.samplePosterior(x, n, random);
  const taken = new Set<number>();
  for (let s = 0; s < Math.min(n, columns); s++) {
    let best = -1;
    for (let i = 0; i < columns; i++) {
      if (taken.has(i)) continue;
      if (best < 0 || (data[s * columns + i] as number) > (data[s * columns + best] as number)) best = i; // i < columns
    }
    taken.add(best);
  }
  return [...taken];
}
