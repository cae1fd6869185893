import { DomainError } from "@materiome/core";

/**
 * ASTM grain size number from a mean lineal intercept: G = −6.643856 · log₁₀(ℓ̄) − 3.288, ℓ̄ in mm.
 *
 * @param meanInterceptUm - ℓ̄ in µm; > 0
 * @throws DomainError unless positive and finite
 * @see ASTM E112-13, Table 6 (equation) and Table 4 (values: 20.0 µm is G 8)
 * @example
 * grainSizeFromIntercept(20); // 8.00
 */
export function grainSizeFromIntercept(meanInterceptUm: number): number {
  if (!(meanInterceptUm > 0 && Number.isFinite(meanInterceptUm))) {
    throw new DomainError(`grainSizeFromIntercept: meanInterceptUm must be positive (µm), got ${meanInterceptUm}`);
  }
  return -6.643856 * Math.log10(meanInterceptUm / 1000) - 3.288;
}

/**
 * ASTM grain size number from the number of grains per area: G = 3.321928 · log₁₀(N_A) − 2.954, N_A in 1/mm².
 *
 * @param grainsPerMm2 - N_A; > 0
 * @throws DomainError unless positive and finite
 * @see ASTM E112-13, Table 6 (equation) and Table 4 (values: 1984 per mm² is G 8)
 * @example
 * grainSizeFromCount(1984); // 8.00
 */
export function grainSizeFromCount(grainsPerMm2: number): number {
  if (!(grainsPerMm2 > 0 && Number.isFinite(grainsPerMm2))) {
    throw new DomainError(`grainSizeFromCount: grainsPerMm2 must be positive (1/mm²), got ${grainsPerMm2}`);
  }
  return 3.321928 * Math.log10(grainsPerMm2) - 2.954;
}
