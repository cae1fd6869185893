import { DomainError } from "../../errors/errors.ts";
import { createMatrix, type Matrix } from "../../matrix/matrix.ts";
import type { Random } from "../../random/random.ts";
import { directionNumbers, SOBOL_DIMENSIONS } from "./directionNumbers.ts";

/** Most dimensions that {@link sobol} has direction numbers for. */
export const SOBOL_MAX_DIMENSIONS: number = SOBOL_DIMENSIONS;

export interface SobolOptions {
  /**
   * How `random` is used: one digital shift per dimension (fast), or Owen's nested uniform scrambling, whose integration
   * error falls faster for smooth functions. @defaultValue "shift"
   */
  readonly scramble?: "shift" | "owen" | undefined;
  /**
   * Points of the sequence passed over: where an earlier call ended, to go on with it (`random` of the same
   * seed, afresh). @defaultValue 0
   */
  readonly skip?: number | undefined;
}

/**
 * First `nPoints` points of the Sobol sequence in the unit cube, shape [nPoints, nDimensions], each in [0, 1).
 *
 * Gray-code order with the direction numbers of Joe & Kuo (doi:10.1137/070709359), 32 bits. With `random` the sequence is
 * scrambled, which keeps its evenness and makes repetitions differ; without it the first point is the origin. The evenness is
 * complete where a power of two of points have been drawn from the start; without the first point it is lost.
 *
 * Owen's scrambling (A. B. Owen, in Monte Carlo and Quasi-Monte Carlo Methods, 299 (1995),
 * doi:10.1007/978-1-4612-2552-2_19) flips each bit by a random bit that depends on all bits above it; here that bit is a
 * hash of the dimension's key and those bits.
 *
 * @throws DomainError for more than 1111 dimensions, fewer than 1, or past 2^31 points
 * @example
 * sobol(4, 2).data; // 0 0, 0.5 0.5, 0.75 0.25, 0.25 0.75
 */
export function sobol(nPoints: number, nDimensions: number, random?: Random, options: SobolOptions = {}): Matrix {
  if (!(Number.isInteger(nDimensions) && nDimensions >= 1 && nDimensions <= SOBOL_MAX_DIMENSIONS)) {
    throw new DomainError(`sobol: 1 to ${SOBOL_MAX_DIMENSIONS} dimensions, got ${nDimensions}`);
  }
  const { scramble = "shift", skip = 0 } = options;
  if (
    !(Number.isInteger(nPoints) && nPoints >= 0 && Number.isInteger(skip) && skip >= 0 && skip + nPoints <= 2 ** 31)
  ) {
    throw new DomainError(`sobol: 0 to 2^31 points, got ${nPoints} after ${skip}`);
  }
  const isNested = random !== undefined && scramble === "owen";
  const data = new Float64Array(nPoints * nDimensions);
  for (let j = 0; j < nDimensions; j++) {
    const directions = directionsOf(j);
    const key = random === undefined ? 0 : random.int(4294967296);
    let bits = isNested ? 0 : key;
    for (let b = 0, gray = skip ^ (skip >>> 1); gray !== 0; b++, gray >>>= 1) {
      if (gray & 1) bits ^= directions[b] ?? 0; // b < 32
    }
    for (let i = 0; i < nPoints; i++) {
      data[i * nDimensions + j] = ((isNested ? nestedScramble(bits, key) : bits) >>> 0) / 4294967296;
      bits ^= directions[trailingOnes(skip + i)] ?? 0;
    }
  }
  return createMatrix(nPoints, nDimensions, data);
}

/** 32 direction integers of dimension j (0-based), by the recurrence of Bratley & Fox (doi:10.1145/42288.214372). */
function directionsOf(j: number): Uint32Array {
  const v = new Uint32Array(32);
  const { polynomial, initial } = directionNumbers()[j - 1] ?? { polynomial: 0, initial: [] };
  const s = initial.length;
  for (let k = 0; k < 32; k++) {
    if (s === 0) v[k] = 2 ** (31 - k);
    else if (k < s) v[k] = (initial[k] ?? 0) * 2 ** (31 - k);
    else {
      let next = (v[k - s] ?? 0) ^ ((v[k - s] ?? 0) >>> s);
      for (let i = 1; i < s; i++) if ((polynomial >>> (s - 1 - i)) & 1) next ^= v[k - i] ?? 0;
      v[k] = next >>> 0;
    }
  }
  return v;
}

/** Flips bit b of 31 … 0 by a hash of the bits above it. */
function nestedScramble(bits: number, key: number): number {
  let out = bits;
  for (let b = 31; b >= 0; b--) {
    const prefix = b === 31 ? 0 : bits >>> (b + 1);
    out ^= (mix(prefix ^ mix(key + Math.imul(b + 1, 0x9e3779b9))) >>> 31) << b;
  }
  return out;
}

/** The finaliser of MurmurHash3 (A. Appleby): a bijection of 32 bits in which every bit moves every other. */
function mix(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function trailingOnes(i: number): number {
  return 31 - Math.clz32(~i & -~i);
}
