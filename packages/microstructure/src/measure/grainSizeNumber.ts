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

/**
 * ASTM grain size number from the mean area of a grain: G = −3.321928 · log₁₀(Ā) − 2.954, Ā = 1/N_A in mm². For the area
 * of a single grain, the number of a structure of such grains (E930).
 *
 * @param meanAreaUm2 - Ā in µm²; > 0
 * @throws DomainError unless positive and finite
 * @see ASTM E112-13, Table 6 and Table 4 (values: 504 µm² is G 8)
 * @example
 * grainSizeFromArea(504); // 8.00
 */
export function grainSizeFromArea(meanAreaUm2: number): number {
  if (!(meanAreaUm2 > 0 && Number.isFinite(meanAreaUm2))) {
    throw new DomainError(`grainSizeFromArea: meanAreaUm2 must be positive (µm²), got ${meanAreaUm2}`);
  }
  return grainSizeFromCount(1e6 / meanAreaUm2);
}

/** What a grain size number stands for. */
export interface GrainSizeEquivalents {
  readonly grainsPerMm2: number;
  readonly meanAreaUm2: number;
  /** √Ā. */
  readonly diameterUm: number;
  readonly meanInterceptUm: number;
  /** N̄_L = 1/ℓ̄. */
  readonly interceptsPerMm: number;
}

/**
 * N_A, Ā, d, ℓ̄ and N̄_L of a uniform, equiaxed structure of grain size number G: the inverse of the equations above.
 *
 * @throws DomainError unless finite
 * @see ASTM E112-13, Table 4 and Table 6
 * @example
 * grainSizeEquivalents(8).meanInterceptUm; // 20.0
 */
export function grainSizeEquivalents(G: number): GrainSizeEquivalents {
  if (!Number.isFinite(G)) throw new DomainError(`grainSizeEquivalents: G must be finite, got ${G}`);
  const grainsPerMm2 = 10 ** ((G + 2.954) / 3.321928);
  const meanAreaUm2 = 1e6 / grainsPerMm2;
  const meanInterceptUm = 1000 * 10 ** (-(G + 3.288) / 6.643856);
  return {
    grainsPerMm2,
    meanAreaUm2,
    diameterUm: Math.sqrt(meanAreaUm2),
    meanInterceptUm,
    interceptsPerMm: 1000 / meanInterceptUm,
  };
}
