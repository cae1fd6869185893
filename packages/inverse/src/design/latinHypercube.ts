import { createMatrix, DomainError, type Matrix, type Random, shuffle } from "@materiome/core";

/**
 * Latin hypercube in the unit cube, shape [nPoints, nDimensions]: in every dimension each of the `nPoints` equal slices
 * holds exactly one point, at a random place in it. McKay, Beckman & Conover, Technometrics 21, 239 (1979),
 * doi:10.1080/00401706.1979.10489755.
 *
 * @throws DomainError for negative or fractional sizes
 * @example
 * latinHypercube(10, 50, createRandom(1)).rows; // 10
 */
export function latinHypercube(nPoints: number, nDimensions: number, random: Random): Matrix {
  if (!(Number.isInteger(nPoints) && nPoints >= 0 && Number.isInteger(nDimensions) && nDimensions >= 1)) {
    throw new DomainError(`latinHypercube: needs whole sizes, got ${nPoints} × ${nDimensions}`);
  }
  const data = new Float64Array(nPoints * nDimensions);
  for (let j = 0; j < nDimensions; j++) {
    shuffle(nPoints, random).forEach((slice, i) => {
      data[i * nDimensions + j] = (slice + random.next()) / nPoints;
    });
  }
  return createMatrix(nPoints, nDimensions, data);
}
