import { createMatrix, DomainError, type Random, shuffle } from "@materiome/core";
import { latinHypercube, sobol } from "@materiome/core/numerics";
import type { Design } from "./design.ts";

/** The first primes, bases of Halton's sequence. */
const PRIMES = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
  113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173,
];

export interface LatinHypercubeDesignOptions {
  /** Exchanges tried to move the nearest runs apart. @defaultValue 200 · nRuns · nFactors, at most 200 000 */
  readonly exchanges?: number | undefined;
}

/**
 * Maximin Latin hypercube: each factor takes `nRuns` evenly spaced values (centres of slices) once, and exchanges within factors
 * move the nearest runs apart (Morris & Mitchell's φ₁₅).
 *
 * @throws DomainError for sizes below 1
 * @see Morris & Mitchell, J. Stat. Plan. Inference 43, 381 (1995), doi:10.1016/0378-3758(94)00035-T
 * @example
 * latinHypercubeDesign(10, 3, createRandom(1)).runs.rows; // 10
 */
export function latinHypercubeDesign(
  nRuns: number,
  nFactors: number,
  random: Random,
  options: LatinHypercubeDesignOptions = {},
): Design {
  const exchanges = options.exchanges ?? Math.min(200_000, 200 * nRuns * nFactors);
  const runs = latinHypercube(nRuns, nFactors, random, { placement: "centred", optimise: "maximin", exchanges });
  return { kind: "maximin Latin hypercube", coding: "unit", runs };
}

/**
 * Scrambled Sobol points: even in all projections on few factors; best with a power of two runs.
 *
 * @throws DomainError for sizes out of range
 * @see Owen, J. Complexity 14, 466 (1998), doi:10.1006/jcom.1998.0487
 * @example
 * sobolDesign(16, 3, createRandom(1)).coding; // "unit"
 */
export function sobolDesign(nRuns: number, nFactors: number, random: Random): Design {
  return { kind: "Sobol design", coding: "unit", runs: sobol(nRuns, nFactors, random) };
}

/**
 * Scrambled Halton points: radical inverses in prime bases, the digits of each place permuted at random, which breaks the
 * correlation of large bases. Any number of runs; later ones extend earlier ones.
 *
 * @param nFactors 1 … 40
 * @throws DomainError for sizes out of range
 * @see Halton, Numer. Math. 2, 84 (1960), doi:10.1007/BF01386213; Owen, arXiv:1706.02808
 * @example
 * haltonDesign(20, 3, createRandom(1)).runs.rows; // 20
 */
export function haltonDesign(nRuns: number, nFactors: number, random: Random): Design {
  if (!(Number.isInteger(nRuns) && nRuns >= 1 && Number.isInteger(nFactors) && nFactors >= 1)) {
    throw new DomainError(`haltonDesign: needs whole sizes of at least 1, got ${nRuns} × ${nFactors}`);
  }
  if (nFactors > PRIMES.length) {
    throw new DomainError(`haltonDesign: at most ${PRIMES.length} factors, got ${nFactors}; use sobolDesign`);
  }
  const runs = createMatrix(nRuns, nFactors);
  for (let j = 0; j < nFactors; j++) {
    const base = PRIMES[j] as number; // j < primes
    const places = Math.ceil(53 / Math.log2(base));
    const permutations = Array.from({ length: places }, (_, place) => shuffle(base, random.fork(j).fork(place)));
    for (let i = 0; i < nRuns; i++) {
      let rest = i;
      let scale = 1;
      let value = 0;
      for (const permutation of permutations) {
        scale /= base;
        value += scale * (permutation[rest % base] as number); // below base
        rest = Math.floor(rest / base);
      }
      runs.data[i * nFactors + j] = Math.min(value, 1 - 2 ** -53);
    }
  }
  return { kind: "Halton design", coding: "unit", runs };
}
