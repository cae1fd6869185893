import type { Raster } from "@materiome/core";
import { conductivityOf, solveConduction } from "./conductionField.ts";
import type { PhaseProperty } from "./phaseProperty.ts";
import { type FieldSolverOptions, resolveSolver } from "./solverOptions.ts";

export interface EffectiveConductivityOptions extends FieldSolverOptions {
  /** Conductivity k of each phase by its label, at least 0, in any one unit. */
  readonly conductivity: PhaseProperty;
}

/** A symmetric tensor in the plane, in the unit of the conductivities; x along the columns, y down the rows. */
export interface EffectiveConductivity {
  readonly xx: number;
  readonly yy: number;
  readonly xy: number;
  /** Of both solutions. */
  readonly iterations: number;
}

/**
 * Effective conductivity of a phase map that repeats itself in both directions: minus the mean flux is this tensor times the mean gradient. Two
 * fields, as in `conductionField`; pixels make it a little too large with the coarser map (it is an upper bound for the map of stairs).
 *
 * @throws as `conductionField`
 * @see `conductionField`, and `conductionBounds` for what any structure of these fractions must obey
 * @example
 * const { xx, yy } = effectiveConductivity(phases, { conductivity: { 0: 15, 1: 400 } }); // W/(m K), as given
 */
export function effectiveConductivity(phases: Raster, options: EffectiveConductivityOptions): EffectiveConductivity {
  const who = "effectiveConductivity";
  const solver = resolveSolver(who, options);
  const k = conductivityOf(who, phases, options.conductivity);
  const alongX = solveConduction(who, phases, k, { x: 1, y: 0 }, solver);
  const alongY = solveConduction(who, phases, k, { x: 0, y: 1 }, solver);
  return {
    xx: 0 - alongX.meanFlux.x,
    yy: 0 - alongY.meanFlux.y,
    xy: 0 - (alongX.meanFlux.y + alongY.meanFlux.x) / 2,
    iterations: alongX.iterations + alongY.iterations,
  };
}
