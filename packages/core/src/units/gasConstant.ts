/**
 * Molar gas constant R in J/(mol·K): exact since the SI of 2019, as the product of the fixed Avogadro and Boltzmann
 * constants (6.02214076e23 mol⁻¹ · 1.380649e-23 J/K).
 *
 * @see https://physics.nist.gov/cgi-bin/cuu/Value?r
 * @example
 * const factor = Math.exp(-180e3 / (GAS_CONSTANT_J_PER_MOL_K * 1123)); // Arrhenius, 180 kJ/mol at 1123 K
 */
export const GAS_CONSTANT_J_PER_MOL_K: number = 8.31446261815324;
