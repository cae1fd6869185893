import { DataError, DomainError } from "../../errors/errors.ts";
import type { Matrix } from "../../matrix/matrix.ts";
import { type LinalgExports, linalgEngine } from "./linalgEngine.ts";
import { requireFiniteLower } from "./requireMatrix.ts";

/** A + jitter · I = L Lᵀ. */
export interface CholeskyFactor {
  /** L, shape [n, n], zero above the diagonal. */
  readonly lower: Matrix;
  /** What was added to each diagonal element before the factorisation succeeded; 0 where A was factored as given. */
  readonly jitter: number;
  /** All values tried, in order; the last is `jitter`. */
  readonly jittersTried: readonly number[];
}

export interface CholeskyOptions {
  /**
   * Largest jitter allowed, relative to the mean of the diagonal. Where the factorisation of A fails, A + ε I is tried
   * with ε = 10⁻¹⁰, 10⁻⁹, … times that mean, up to this; covariance matrices of near-duplicate rows need it.
   *
   * @defaultValue 0: A is factored as given, or refused
   */
  readonly maxRelativeJitter?: number | undefined;
}

/**
 * Cholesky factor L of a symmetric positive definite matrix, A = L Lᵀ. Only the lower triangle of A is read.
 * Backward stable: |A − L Lᵀ| is of the order n · 2⁻⁵³ · |A|; the same bits on every machine.
 *
 * @param a symmetric, shape [n, n]
 * @throws ShapeError if `a` is not square
 * @throws DomainError if a number in its lower triangle is NaN or infinite, or more than 4 GiB would be needed
 * @throws DataError if `a` is not positive definite with any jitter allowed; names the row of the pivot
 * @see Higham, Accuracy and Stability of Numerical Algorithms (2002), theorem 10.3
 * @example
 * const { lower, jitter } = cholesky(createMatrix(2, 2, Float64Array.of(4, 2, 2, 3)), { maxRelativeJitter: 1e-6 });
 * lower.data; // Float64Array [ 2, 0, 1, 1.4142135623730951 ]
 */
export function cholesky(a: Matrix, options: CholeskyOptions = {}): CholeskyFactor {
  const { maxRelativeJitter = 0 } = options;
  if (!(maxRelativeJitter >= 0 && maxRelativeJitter <= 1)) {
    throw new DomainError(`cholesky: maxRelativeJitter must lie between 0 and 1, got ${maxRelativeJitter}`);
  }
  requireFiniteLower("cholesky", "a", a);
  const n = a.rows;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += (a.data[i * n + i] ?? 0) / n; // i < n
  const jittersTried: number[] = [];
  return linalgEngine.use("cholesky", [n * n], (wasm, [address = 0], view) => {
    const out = view(address, n * n);
    let failedAt = 0;
    for (const relative of [0, ...jitterLadder(mean > 0 ? maxRelativeJitter : 0)]) {
      const jitter = relative * mean;
      jittersTried.push(jitter);
      out.set(a.data);
      for (let i = 0; i < n; i++) out[i * n + i] = (out[i * n + i] ?? 0) + jitter; // i < n
      failedAt = factor(wasm, n, address);
      if (failedAt === 0) return { lower: { data: new Float64Array(out), rows: n, columns: n }, jitter, jittersTried };
    }
    const tried = jittersTried.map((jitter) => (jitter === 0 ? "0" : jitter.toExponential(1))).join(", ");
    throw new DataError(
      `cholesky: the ${n} × ${n} matrix is not positive definite: the pivot of row ${failedAt - 1} (counted from 0) ` +
        `is not positive; jitter tried: ${tried}. ${remedy(a, maxRelativeJitter)}`,
    );
  });
}

/** What may be wrong with a matrix that has no factor. */
function remedy({ data, rows: n }: Matrix, maxRelativeJitter: number): string {
  for (let i = 0; i < n; i++) {
    const diagonal = data[i * n + i] ?? 0; // i < n
    if (diagonal <= 0) {
      return `Its diagonal is ${diagonal} at row ${i}; that of a covariance or any positive definite matrix is above 0.`;
    }
  }
  return maxRelativeJitter === 0
    ? "Rows that repeat or depend on others make it singular: remove them, or allow maxRelativeJitter (1e-6, say)."
    : `Remove rows that repeat or depend on others, or allow more than maxRelativeJitter ${maxRelativeJitter}.`;
}

function factor(wasm: LinalgExports, n: number, address: number): number {
  const failedAt = wasm.cholesky(n, address, n);
  if (failedAt === 0) wasm.clearUpper(n, address);
  return failedAt;
}

/** 10⁻¹⁰, 10⁻⁹, … as far as the maximum, which ends the list where it is no power of ten. */
function jitterLadder(maximum: number): number[] {
  const ladder: number[] = [];
  for (let exponent = -10; exponent <= 0; exponent++) {
    const step = Number(`1e${exponent}`);
    if (step >= maximum) break;
    ladder.push(step);
  }
  return maximum > 0 ? [...ladder, maximum] : ladder;
}
