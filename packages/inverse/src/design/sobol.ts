import { createMatrix, DomainError, type Matrix, type Random } from "@materiome/core";
import { DIRECTION_NUMBERS } from "./directionNumbers.ts";

/** Most dimensions that {@link sobol} has direction numbers for. */
export const SOBOL_MAX_DIMENSIONS: number = DIRECTION_NUMBERS.length + 1;

/**
 * First `nPoints` points of the Sobol sequence in the unit cube, shape [nPoints, nDimensions], each in [0, 1).
 *
 * Gray-code order with the direction numbers of Joe & Kuo (doi:10.1137/070709359), 32 bits. With `random` the whole
 * sequence gets one digital shift (exclusive-or with random bits per dimension), which keeps its evenness and makes
 * repetitions differ; without it the first point is the origin.
 *
 * @throws DomainError for more than 40 dimensions, fewer than 1, or more than 2^31 points
 * @example
 * sobol(4, 2).data; // 0 0, 0.5 0.5, 0.75 0.25, 0.25 0.75
 */
export function sobol(nPoints: number, nDimensions: number, random?: Random): Matrix {
  if (!(Number.isInteger(nDimensions) && nDimensions >= 1 && nDimensions <= SOBOL_MAX_DIMENSIONS)) {
    throw new DomainError(`sobol: 1 to ${SOBOL_MAX_DIMENSIONS} dimensions, got ${nDimensions}`);
  }
  if (!(Number.isInteger(nPoints) && nPoints >= 0 && nPoints <= 2 ** 31)) {
    throw new DomainError(`sobol: 0 to 2^31 points, got ${nPoints}`);
  }
  const data = new Float64Array(nPoints * nDimensions);
  for (let j = 0; j < nDimensions; j++) {
    const directions = directionsOf(j);
    let bits = random === undefined ? 0 : random.int(4294967296);
    for (let i = 0; i < nPoints; i++) {
      data[i * nDimensions + j] = (bits >>> 0) / 4294967296;
      bits ^= directions[trailingOnes(i)] ?? 0;
    }
  }
  return createMatrix(nPoints, nDimensions, data);
}

/** 32 direction integers of dimension j (0-based), by the recurrence of Bratley & Fox (doi:10.1145/42288.214372). */
function directionsOf(j: number): Uint32Array {
  const v = new Uint32Array(32);
  const entry = DIRECTION_NUMBERS[j - 1];
  const [a, m] = entry ?? [0, []];
  const s = m.length;
  for (let k = 0; k < 32; k++) {
    if (s === 0) v[k] = 2 ** (31 - k);
    else if (k < s) v[k] = (m[k] ?? 0) * 2 ** (31 - k);
    else {
      let next = (v[k - s] ?? 0) ^ ((v[k - s] ?? 0) >>> s);
      for (let i = 1; i < s; i++) if ((a >>> (s - 1 - i)) & 1) next ^= v[k - i] ?? 0;
      v[k] = next >>> 0;
    }
  }
  return v;
}

function trailingOnes(i: number): number {
  return 31 - Math.clz32(~i & -~i);
}
