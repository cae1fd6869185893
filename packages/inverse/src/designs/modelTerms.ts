import { DomainError } from "@materiome/core";

/** A product of powers, one exponent a factor: [1, 0, 2] is x₁ x₃²; all 0 is the constant. */
export type ModelTerm = readonly number[];

/** Models that experiments are made for. */
export type ModelKind =
  | "linear"
  | "interactions"
  | "quadratic"
  | "mixtureLinear"
  | "mixtureQuadratic"
  | "mixtureSpecialCubic";

/**
 * Terms of a model: constant and main effects (`linear`), with products of two (`interactions`), with squares (`quadratic`); Scheffé's
 * models of mixtures have no constant.
 *
 * @throws DomainError for a number of factors below 1
 * @see Scheffé, J. R. Stat. Soc. B 20, 344 (1958), doi:10.1111/j.2517-6161.1958.tb00299.x
 * @example
 * modelTerms(2, "quadratic"); // [[0, 0], [1, 0], [0, 1], [1, 1], [2, 0], [0, 2]]
 */
export function modelTerms(nFactors: number, kind: ModelKind): readonly ModelTerm[] {
  if (!(Number.isInteger(nFactors) && nFactors >= 1)) {
    throw new DomainError(`modelTerms: needs at least one factor, got ${nFactors}`);
  }
  const term = (...factors: number[]): ModelTerm =>
    Array.from({ length: nFactors }, (_, j) => factors.filter((f) => f === j).length);
  const all = Array.from({ length: nFactors }, (_, j) => j);
  const pairs = all.flatMap((i) => all.filter((j) => j > i).map((j) => [i, j] as const));
  const terms = kind.startsWith("mixture") ? [] : [term()];
  terms.push(...all.map((j) => term(j)));
  if (kind !== "linear" && kind !== "mixtureLinear") terms.push(...pairs.map(([i, j]) => term(i, j)));
  if (kind === "quadratic") terms.push(...all.map((j) => term(j, j)));
  if (kind === "mixtureSpecialCubic") {
    for (const [i, j] of pairs) terms.push(...all.filter((k) => k > j).map((k) => term(i, j, k)));
  }
  return terms;
}
