import { ConvergenceError, DomainError, type Matrix } from "@materiome/core";
import { symmetricEigen } from "@materiome/core/kernels";
import { gramMatrix } from "@materiome/core/numerics";
import type { TrainingSet } from "../learner/checkTraining.ts";
import type { Predictor } from "../learner/predictor.ts";
import { type Basis, countTerms, expand, fitBasis, MOST_RANK, MOST_TERMS } from "./basis.ts";
import { ridgePredictor } from "./ridgePredictor.ts";

/** Terms of the training rows and their singular value decomposition, from which a ridge of any penalty follows. */
export interface Decomposition {
  readonly n: number;
  readonly basis: Basis;
  readonly z: Matrix;
  /** Left singular vectors in rows, shape [rank, n]. */
  readonly scores: Float64Array;
  /** Squared singular values, falling. */
  readonly spectrum: Float64Array;
  /** Of the centred target on the scores. */
  readonly projections: Float64Array;
  /** Mean of the target. */
  readonly intercept: number;
}

/** @throws DomainError for too many terms */
export function decomposeRows(caller: string, { x, y }: TrainingSet, degree: 1 | 2): Decomposition {
  const n = x.rows;
  const nTerms = countTerms(x.columns, degree);
  if (nTerms > MOST_TERMS || Math.min(n, nTerms) > MOST_RANK) {
    throw new DomainError(
      `${caller}: degree ${degree} of ${x.columns} features makes ${nTerms} terms for ${n} rows; at most ${MOST_TERMS} terms and ${MOST_RANK} of either are taken; use degree 1 or fewer features`,
    );
  }
  const basis = fitBasis(x, degree);
  const z = expand(basis, x);
  const { scores, spectrum } = decompose(caller, z);
  const intercept = y.reduce((sum, value) => sum + value, 0) / n;
  const projections = spectrum.map((_, r) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (scores[r * n + i] as number) * ((y[i] as number) - intercept);
    return sum;
  });
  return { n, basis, z, scores, spectrum, projections, intercept };
}

/** Ridge of penalty `alpha`; `noise` scales the variance of its mean. */
export function ridgeOf(parts: Decomposition, alpha: number, noise: number): Predictor {
  const { n, basis, z, scores, spectrum, projections, intercept } = parts;
  const dual = new Float64Array(n);
  for (const [r, lambda] of spectrum.entries()) {
    const factor = (projections[r] as number) / (lambda + alpha);
    for (let i = 0; i < n; i++) dual[i] = (dual[i] as number) + factor * (scores[r * n + i] as number);
  }
  return ridgePredictor({
    basis,
    intercept,
    coefficients: timesTransposed(z, dual, 1),
    alpha,
    n,
    noise,
    directions: {
      rows: spectrum.length,
      columns: z.columns,
      data: Float64Array.from(
        Array.from(spectrum, (lambda, r) =>
          Array.from(timesTransposed(z, scores.subarray(r * n, (r + 1) * n), 1 / Math.sqrt(lambda))),
        ).flat(),
      ),
    },
    spectrum,
  });
}

/** Singular value decomposition of the terms through the smaller of the two Gram matrices. */
function decompose(caller: string, z: Matrix): { readonly scores: Float64Array; readonly spectrum: Float64Array } {
  const { rows: n, columns: p } = z;
  const isPrimal = p <= n;
  const size = Math.min(n, p);
  const { data: vectors } = gramMatrix(z, { ofRows: !isPrimal });
  const values = new Float64Array(size);
  const failed = symmetricEigen(size, vectors, values, new Float64Array(size));
  if (failed !== 0)
    throw new ConvergenceError(`${caller}: eigenvalue ${failed} of ${size} did not converge`, 60, Number.NaN);
  const most = values.at(-1) ?? 0;
  const kept = Array.from(values.keys())
    .filter((k) => (values[k] as number) > most * size * 1e-14)
    .reverse();
  const scores = new Float64Array(kept.length * n);
  for (const [r, k] of kept.entries()) {
    const vector = vectors.subarray(k * size, (k + 1) * size);
    scores.set(isPrimal ? times(z, vector, 1 / Math.sqrt(values[k] as number)) : vector, r * n);
  }
  return { scores, spectrum: Float64Array.from(kept, (k) => values[k] as number) };
}

function times(z: Matrix, vector: Float64Array, factor: number): Float64Array {
  const out = new Float64Array(z.rows);
  for (let i = 0; i < z.rows; i++) {
    let sum = 0;
    for (let k = 0; k < z.columns; k++) sum += (z.data[i * z.columns + k] as number) * (vector[k] as number);
    out[i] = sum * factor;
  }
  return out;
}

function timesTransposed(z: Matrix, vector: Float64Array, factor: number): Float64Array {
  const out = new Float64Array(z.columns);
  for (let i = 0; i < z.rows; i++) {
    const value = (vector[i] as number) * factor;
    for (let k = 0; k < z.columns; k++) out[k] = (out[k] as number) + value * (z.data[i * z.columns + k] as number);
  }
  return out;
}
