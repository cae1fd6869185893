import { createMatrix, type Matrix, type Raster } from "@materiome/core";
import { moduliOf, solveElasticity } from "./elasticField.ts";
import type { PhaseProperty } from "./phaseProperty.ts";
import { type FieldSolverOptions, resolveSolver } from "./solverOptions.ts";

export interface EffectiveStiffnessOptions extends FieldSolverOptions {
  /** Young's modulus of each phase by its label, at least 0, in any one unit of stress. */
  readonly young: PhaseProperty;
  /** Poisson's ratio of each phase by its label, above −1 and below 0.5. */
  readonly poisson: PhaseProperty;
}

export interface EffectiveStiffness {
  /** 3 × 3, symmetric: mean stress xx, yy, xy = stiffness · mean strain (xx, yy, 2 xy), in the unit of the moduli. */
  readonly stiffness: Matrix;
  /** Of all three solutions. */
  readonly iterations: number;
}

/**
 * Effective stiffness in plane strain of a phase map that repeats itself in both directions, in Voigt's notation: three fields, as in
 * `elasticField`, of unit strains.
 *
 * @throws as `elasticField`
 * @see `elasticField`, and `elasticBounds` for what any isotropic structure of these fractions must obey
 * @example
 * const { stiffness } = effectiveStiffness(phases, { young: { 0: 210, 1: 70 }, poisson: { 0: 0.3, 1: 0.33 } }); // GPa
 * const shearModulus = stiffness.data[8];
 */
export function effectiveStiffness(phases: Raster, options: EffectiveStiffnessOptions): EffectiveStiffness {
  const who = "effectiveStiffness";
  const solver = resolveSolver(who, options);
  const moduli = moduliOf(who, phases, options.young, options.poisson);
  const columns = [
    { xx: 1, yy: 0, xy: 0 },
    { xx: 0, yy: 1, xy: 0 },
    { xx: 0, yy: 0, xy: 0.5 },
  ].map((strain) => solveElasticity(who, phases, moduli, strain, solver));
  const found = columns.map(({ meanStress: { xx, yy, xy } }) => [xx, yy, xy] as const);
  const data = new Float64Array(9);
  for (let i = 0; i < 3; i++) {
    // Symmetric but for the tolerance.
    for (let j = 0; j < 3; j++) data[3 * i + j] = (found[j]![i]! + found[i]![j]!) / 2;
  }
  const iterations = columns.reduce((sum, column) => sum + column.iterations, 0);
  return { stiffness: createMatrix(3, 3, data), iterations };
}
