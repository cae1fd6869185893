import { ConvergenceError } from "@materiome/core";
import type { ResolvedSolver } from "./solverOptions.ts";

/** A symmetric, positive semi-definite system A x = f and an approximate inverse of A. */
export interface LinearSystem {
  /** Writes A x. */
  apply(x: Float64Array, out: Float64Array): void;
  /** Writes M⁻¹ r, M positive definite on all that A x can be. */
  precondition(r: Float64Array, out: Float64Array): void;
}

export interface LinearSolution {
  readonly x: Float64Array;
  readonly iterations: number;
  readonly residual: number;
}

/**
 * Preconditioned conjugate gradients from 0, until √(r · M⁻¹ r) ≤ tolerance · scale.
 *
 * @param f - right-hand side, overwritten
 * @throws ConvergenceError with the steps taken and the residual reached
 * @see M. R. Hestenes, E. Stiefel, doi:10.6028/jres.049.044
 */
export function conjugateGradients(
  who: string,
  system: LinearSystem,
  f: Float64Array,
  scale: number,
  { tolerance, maxIterations, signal }: ResolvedSolver,
): LinearSolution {
  const x = new Float64Array(f.length);
  const r = f;
  const z = new Float64Array(f.length);
  const image = new Float64Array(f.length);
  system.precondition(r, z);
  const p = Float64Array.from(z);
  let rz = dot(r, z);
  let residual = Math.sqrt(Math.max(0, rz)) / scale;
  let iterations = 0;
  while (!(residual <= tolerance)) {
    signal?.throwIfAborted();
    if (iterations >= maxIterations || !Number.isFinite(residual)) {
      throw new ConvergenceError(
        `${who}: the field is not in balance to ${tolerance}; allow more maxIterations or a larger tolerance, or bring the properties of the phases closer`,
        iterations,
        residual,
      );
    }
    system.apply(p, image);
    const step = rz / dot(p, image);
    for (let i = 0; i < x.length; i++) {
      x[i]! += step * p[i]!; // all of one length
      r[i]! -= step * image[i]!;
    }
    system.precondition(r, z);
    const next = dot(r, z);
    const keep = next / rz;
    for (let i = 0; i < p.length; i++) p[i] = z[i]! + keep * p[i]!; // all of one length
    rz = next;
    residual = Math.sqrt(Math.max(0, rz)) / scale;
    iterations++;
  }
  return { x, iterations, residual };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!; // of one length
  return sum;
}
