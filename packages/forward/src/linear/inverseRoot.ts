import type { Matrix } from "@materiome/core";
import { cholesky, solveTriangular } from "@materiome/core/numerics";

/** Rows √factor · L⁻¹ with L Lᵀ = A, so that Σ (row · z)² = factor · zᵀ A⁻¹ z. Features that repeat each other get a jitter. */
export function inverseRoot(a: Matrix, factor: number): Matrix {
  const n = a.rows;
  if (n === 0) return { rows: 0, columns: 0, data: new Float64Array(0) };
  const { lower } = cholesky(a, { maxRelativeJitter: 1e-4 });
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) data[i * n + i] = Math.sqrt(factor);
  return solveTriangular(lower, { rows: n, columns: n, data });
}
