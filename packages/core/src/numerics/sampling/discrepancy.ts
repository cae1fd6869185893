import { DomainError, ShapeError } from "../../errors/errors.ts";
import type { Matrix } from "../../matrix/matrix.ts";

/**
 * Squared centred L₂ discrepancy of points in the unit cube: 0 would be perfectly even, and of two designs of one size the
 * lower is the more even.
 *
 * (13/12)^d − 2/n Σᵢ Πₖ (1 + ½|xᵢₖ − ½| − ½|xᵢₖ − ½|²) + 1/n² Σᵢⱼ Πₖ (1 + ½|xᵢₖ − ½| + ½|xⱼₖ − ½| − ½|xᵢₖ − xⱼₖ|).
 *
 * @param points - [nPoints, nDimensions], each in [0, 1]
 * @throws ShapeError for no points
 * @throws DomainError for a coordinate outside [0, 1]
 * @see F. J. Hickernell, Math. Comp. 67, 299 (1998), doi:10.1090/S0025-5718-98-00894-1
 * @example
 * centredDiscrepancy(createMatrix(1, 1, Float64Array.of(0.5))); // 1/12
 */
export function centredDiscrepancy(points: Matrix): number {
  const { rows: n, columns: d, data } = points;
  if (n === 0) throw new ShapeError("centredDiscrepancy: needs at least one point, got none");
  for (const [at, x] of data.entries()) {
    if (!(x >= 0 && x <= 1)) {
      throw new DomainError(
        `centredDiscrepancy: coordinates must lie in [0, 1], point ${Math.floor(at / d)} has ${x} in dimension ${at % d}; scale the design to the unit cube first`,
      );
    }
  }
  let single = 0;
  let pairs = 0;
  for (let i = 0; i < n; i++) {
    single += singleTerm(data, d, i);
    pairs += pairTerm(data, d, i, i);
    for (let j = 0; j < i; j++) pairs += 2 * pairTerm(data, d, i, j);
  }
  return (13 / 12) ** d - (2 / n) * single + pairs / (n * n);
}

/** Π over dimensions of 1 + ½|x − ½| − ½|x − ½|². */
export function singleTerm(data: Float64Array, d: number, i: number): number {
  let product = 1;
  for (let k = 0; k < d; k++) {
    const a = Math.abs((data[i * d + k] as number) - 0.5); // k < d
    product *= 1 + 0.5 * a - 0.5 * a * a;
  }
  return product;
}

/** Π over dimensions of 1 + ½|x − ½| + ½|y − ½| − ½|x − y|. */
export function pairTerm(data: Float64Array, d: number, i: number, j: number): number {
  let product = 1;
  for (let k = 0; k < d; k++) {
    const x = data[i * d + k] as number; // k < d
    const y = data[j * d + k] as number;
    product *= 1 + 0.5 * (Math.abs(x - 0.5) + Math.abs(y - 0.5) - Math.abs(x - y));
  }
  return product;
}
