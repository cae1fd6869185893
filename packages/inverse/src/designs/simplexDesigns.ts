import { DomainError } from "@materiome/core";
import { simplexDirections } from "../pareto/chebyshev.ts";
import { type Design, designOf } from "./design.ts";

/**
 * Simplex-lattice design {q, m} of a mixture: every blend whose proportions are multiples of 1/m, C(q + m − 1, m) of them.
 *
 * @param nComponents q, at least 2 @param degree m, at least 1; a Scheffé model of that degree fits exactly
 * @throws DomainError for other numbers
 * @see Scheffé, J. R. Stat. Soc. B 20, 344 (1958), doi:10.1111/j.2517-6161.1958.tb00299.x
 * @example
 * simplexLattice(3, 2).runs.rows; // 6
 */
export function simplexLattice(nComponents: number, degree: number): Design {
  requireComponents("simplexLattice", nComponents);
  return { kind: "simplex-lattice design", coding: "proportions", runs: simplexDirections(nComponents, degree) };
}

/**
 * Simplex-centroid design of a mixture: the pure components, the even blends of two, of three, … of all; 2^q − 1 runs.
 *
 * @param nComponents q, 2 … 15
 * @throws DomainError for other numbers
 * @see Scheffé, J. R. Stat. Soc. B 25, 235 (1963), doi:10.1111/j.2517-6161.1963.tb00506.x
 * @example
 * simplexCentroid(3).runs.rows; // 7
 */
export function simplexCentroid(nComponents: number): Design {
  requireComponents("simplexCentroid", nComponents);
  if (nComponents > 15) throw new DomainError(`simplexCentroid: ${nComponents} components give 2^${nComponents} runs`);
  const subsets = Array.from({ length: 2 ** nComponents - 1 }, (_, i) =>
    Array.from({ length: nComponents }, (_, j) => ((i + 1) >> j) & 1),
  );
  const sizes = subsets.map((subset) => subset.reduce((a, b) => a + b, 0));
  const order = Array.from(subsets.keys()).sort((a, b) => (sizes[a] as number) - (sizes[b] as number) || a - b);
  const rows = order.map((i) => (subsets[i] as number[]).map((x) => x / (sizes[i] as number))); // below length
  return designOf("simplex-centroid design", "proportions", rows, nComponents);
}

function requireComponents(who: string, q: number): void {
  if (!(Number.isInteger(q) && q >= 2)) throw new DomainError(`${who}: at least 2 components, got ${q}`);
}
