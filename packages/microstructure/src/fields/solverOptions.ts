import { type AbortLike, DomainError } from "@materiome/core";

/** How exactly a field is solved for. */
export interface FieldSolverOptions {
  /**
   * Root mean square of what is out of balance (of flux or stress, projected on gradients or strains), as a share of that of the uniform field at the
   * start. The error of effective properties goes with its square. @defaultValue 1e-6
   */
  readonly tolerance?: number | undefined;
  /** @defaultValue 2000 */
  readonly maxIterations?: number | undefined;
  /** Looked at in every iteration; its reason is thrown. */
  readonly signal?: AbortLike | undefined;
}

export interface ResolvedSolver {
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly signal: AbortLike | undefined;
}

export function resolveSolver(
  who: string,
  { tolerance = 1e-6, maxIterations = 2000, signal }: FieldSolverOptions,
): ResolvedSolver {
  if (!(tolerance >= 1e-12 && tolerance < 1)) {
    throw new DomainError(`${who}: tolerance must be at least 1e-12 and below 1, got ${tolerance}`);
  }
  if (!(Number.isSafeInteger(maxIterations) && maxIterations >= 1)) {
    throw new DomainError(`${who}: maxIterations must be a whole number of at least 1, got ${maxIterations}`);
  }
  return { tolerance, maxIterations, signal };
}
