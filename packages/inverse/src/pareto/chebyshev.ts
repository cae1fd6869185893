import { createMatrix, DomainError, type Matrix, type Random, ShapeError } from "@materiome/core";
import { checkOutcomes } from "./checkOutcomes.ts";

export interface ScalariseChebyshevOptions {
  /** ρ, the share of the plain weighted sum, which keeps weakly dominated outcomes from tying. @defaultValue 0.05 */
  readonly augmentation?: number | undefined;
}

/**
 * Several objectives as one: the augmented Chebyshev value max_j λ_j y_j + ρ Σ_j λ_j y_j of each row, with each objective scaled to
 * 0 … 1 over the rows. Small is good; for every Pareto-optimal row there are weights that make it the smallest.
 *
 * @param values [n, m], all columns to be small
 * @param weights λ [m], none negative, sum 1
 * @returns [n]; an objective that does not vary adds nothing
 * @throws DomainError for values that are not finite, weights that are negative or do not add up to 1, or a negative ρ
 * @throws ShapeError if there are not as many weights as columns
 * @see Knowles, "ParEGO", IEEE Trans. Evol. Comput. 10, 50 (2006), doi:10.1109/TEVC.2005.851274, equation 2
 * @example
 * scalariseChebyshev(createMatrix(2, 2, Float64Array.of(0, 4, 2, 0)), [0.5, 0.5]); // Float64Array [ 0.525, 0.525 ]
 */
export function scalariseChebyshev(
  values: Matrix,
  weights: ArrayLike<number>,
  options: ScalariseChebyshevOptions = {},
): Float64Array {
  checkOutcomes("scalariseChebyshev", values);
  const { augmentation = 0.05 } = options;
  const { rows, columns: m, data } = values;
  const lambda = Float64Array.from(weights);
  if (lambda.length !== m) throw new ShapeError(`scalariseChebyshev: ${lambda.length} weights for ${m} objectives`);
  const sum = lambda.reduce((a, b) => a + b, 0);
  if (!lambda.every((w) => w >= 0) || !(Math.abs(sum - 1) < 1e-9)) {
    throw new DomainError(
      `scalariseChebyshev: weights must not be negative and add up to 1, got ${lambda.join(", ")} (sum ${sum})`,
    );
  }
  if (!(augmentation >= 0)) {
    throw new DomainError(`scalariseChebyshev: augmentation must be at least 0, got ${augmentation}`);
  }
  const low = new Float64Array(m).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(m).fill(Number.NEGATIVE_INFINITY);
  data.forEach((value, i) => {
    low[i % m] = Math.min(low[i % m] as number, value); // i % m < m
    high[i % m] = Math.max(high[i % m] as number, value);
  });
  return Float64Array.from({ length: rows }, (_, i) => {
    let largest = Number.NEGATIVE_INFINITY;
    let total = 0;
    for (let j = 0; j < m; j++) {
      const range = (high[j] as number) - (low[j] as number);
      const scaled = range > 0 ? ((data[i * m + j] as number) - (low[j] as number)) / range : 0;
      const weighted = (lambda[j] as number) * scaled;
      largest = Math.max(largest, weighted);
      total += weighted;
    }
    return largest + augmentation * total;
  });
}

/**
 * All weight vectors of m numbers k / divisions that add up to 1 (Das & Dennis' simplex lattice), C(divisions + m − 1, m − 1) of them.
 *
 * @returns [count, m]
 * @throws DomainError unless both are whole numbers of at least 1, or for more than a million vectors
 * @see Das & Dennis, SIAM J. Optim. 8, 631 (1998), doi:10.1137/S1052623496307510
 * @example
 * simplexDirections(3, 12).rows; // 91
 */
export function simplexDirections(m: number, divisions: number): Matrix {
  if (!(Number.isInteger(m) && m >= 1 && Number.isInteger(divisions) && divisions >= 1)) {
    throw new DomainError(
      `simplexDirections: objectives and divisions must be whole numbers of at least 1, got ${m} and ${divisions}`,
    );
  }
  let count = 1;
  for (let i = 1; i < m; i++) count = (count * (divisions + i)) / i;
  if (count > 1e6) throw new DomainError(`simplexDirections: ${m} × ${divisions} gives ${count} vectors; take fewer`);
  const rows: number[][] = [];
  const fill = (prefix: number[], left: number): void => {
    if (prefix.length === m - 1) rows.push([...prefix, left]);
    else for (let k = 0; k <= left; k++) fill([...prefix, k], left - k);
  };
  fill([], divisions);
  return createMatrix(
    rows.length,
    m,
    Float64Array.from(rows.flat(), (k) => k / divisions),
  );
}

/** One of ParEGO's weight vectors, drawn evenly from the simplex lattice with at least 10 divisions (Knowles 2006, section III). */
export function drawWeights(m: number, random: Random): Float64Array {
  const directions = simplexDirections(m, m <= 2 ? 10 : m === 3 ? 12 : 10);
  const at = random.int(directions.rows);
  return directions.data.slice(at * m, (at + 1) * m);
}
