/**
 * Calibration rows of one class: which model held each out, its score, and its weight, 1 / rows of its group; weights sum to the
 * number of groups.
 */
export interface ConformalScores {
  readonly member: Int32Array;
  readonly score: Float64Array;
  readonly weight: Float64Array;
  readonly nUnits: number;
}

/** Fewest calibration rows (or groups) that give a finite interval: n ≥ level (n + 1). */
export function leastUnits(level: number): number {
  return Math.ceil(level / (1 - level) - 1e-9);
}

/**
 * Least value such that those up to it weigh at least level (n + 1), n being the number of units: for rows of weight 1 the
 * ⌈level (n + 1)⌉-th smallest. A new unit then lies at or below it with probability `level` or more.
 */
export function conformalQuantile(values: Float64Array, weights: Float64Array, nUnits: number, level: number): number {
  const needed = level * (nUnits + 1) - 1e-9; // rounding must not ask for one more
  const order = Uint32Array.from(values.keys()).sort((a, b) => (values[a] as number) - (values[b] as number));
  let sum = 0;
  for (const i of order) {
    sum += weights[i] as number; // one per value
    if (sum >= needed) return values[i] as number;
  }
  return Number.POSITIVE_INFINITY;
}
