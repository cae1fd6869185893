import { DomainError, GAS_CONSTANT_J_PER_MOL_K } from "@materiome/core";

/** Arrhenius kinetics of grain-boundary motion, as Monte Carlo steps per second of furnace time. */
export interface AnnealKinetics {
  /** K₀, Monte Carlo steps per second at infinite temperature; > 0. */
  readonly prefactorPerS: number;
  /** Q, activation energy of grain-boundary mobility, J/mol; ≥ 0. */
  readonly activationEnergyJPerMol: number;
}

/**
 * Monte Carlo steps that stand for an anneal: K₀ · t · exp(−Q / (R·T)).
 *
 * Temperature and time enter only through this product, so settings with equal steps give equal structures.
 *
 * @param kinetics - K₀ in 1/s and Q in J/mol
 * @param temperatureK - furnace temperature, K; > 0
 * @param timeS - time at temperature, s; ≥ 0
 * @returns steps (not rounded; the simulator takes fractions)
 * @throws DomainError for values outside these ranges
 * @see E. A. Holm, C. C. Battaile, JOM 53(9), 20 (2001), doi:10.1007/s11837-001-0063-2
 * @example
 * monteCarloSteps({ prefactorPerS: 2e7, activationEnergyJPerMol: 180e3 }, 1173, 1800);
 */
export function monteCarloSteps(kinetics: AnnealKinetics, temperatureK: number, timeS: number): number {
  const { prefactorPerS, activationEnergyJPerMol } = kinetics;
  const check = (name: string, value: number, isValid: boolean, range: string): void => {
    if (!isValid || !Number.isFinite(value))
      throw new DomainError(`monteCarloSteps: ${name} must be ${range}, got ${value}`);
  };
  check("kinetics.prefactorPerS", prefactorPerS, prefactorPerS > 0, "positive (1/s)");
  check(
    "kinetics.activationEnergyJPerMol",
    activationEnergyJPerMol,
    activationEnergyJPerMol >= 0,
    "at least 0 (J/mol)",
  );
  check("temperatureK", temperatureK, temperatureK > 0, "positive (kelvin)");
  check("timeS", timeS, timeS >= 0, "at least 0 (seconds)");
  return prefactorPerS * timeS * Math.exp(-activationEnergyJPerMol / (GAS_CONSTANT_J_PER_MOL_K * temperatureK));
}
