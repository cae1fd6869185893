import { solveTriangle } from "./solveTriangle.ts";

/**
 * Estimate, from below, of ‖A⁻¹ D‖∞ for a diagonal D ≥ 0, given P A = L U: Hager's estimate of the 1-norm of its
 * transpose D A⁻ᵀ, doi:10.1137/0905023. With D = |A| e it is Skeel's condition number.
 */
export function estimateInverseNorm(n: number, lu: Float64Array, permutation: Int32Array, d: Float64Array): number {
  const x = new Float64Array(n).fill(1 / n);
  const y = new Float64Array(n);
  const z = new Float64Array(n);
  let estimate = 0;
  for (let turn = 0; turn < 5; turn++) {
    // y = D A⁻ᵀ x, with A⁻ᵀ = Pᵀ L⁻ᵀ U⁻ᵀ.
    z.set(x);
    solveTriangle(n, lu, true, true, false, z);
    solveTriangle(n, lu, false, true, true, z);
    let norm = 0;
    for (let i = 0; i < n; i++) {
      const row = permutation[i];
      y[row] = d[row] * z[i];
      norm += Math.abs(y[row]);
    }
    if (!(norm > estimate)) return norm - norm === 0 ? estimate : Infinity;
    estimate = norm;
    // z = A⁻¹ D sign(y), with A⁻¹ = U⁻¹ L⁻¹ P.
    for (let i = 0; i < n; i++) z[i] = y[permutation[i]] < 0 ? -d[permutation[i]] : d[permutation[i]];
    solveTriangle(n, lu, false, false, true, z);
    solveTriangle(n, lu, true, false, false, z);
    let best = 0;
    for (let i = 1; i < n; i++) if (Math.abs(z[i]) > Math.abs(z[best])) best = i;
    x.fill(0);
    x[best] = 1;
  }
  return estimate;
}
