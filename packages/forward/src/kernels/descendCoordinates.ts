/**
 * Coordinate descent on ½ wᵀ G w − cᵀ w + l1 Σ |w| + ½ l2 Σ w², from the w given; sweeps run over the non-zero coefficients
 * until those are settled, then over all.
 *
 * @param gram G, symmetric, [p, p]
 * @param tolerance ends when no coefficient moves by more than this in a sweep over all
 * @param w start on entry, minimiser on return, [p]
 * @param rest c − G w for that start on entry, kept up to date, [p]
 * @returns sweeps made; one more than `mostSweeps` where they did not suffice
 */
export function descendCoordinates(
  p: number,
  gram: Float64Array,
  l1: number,
  l2: number,
  tolerance: number,
  mostSweeps: number,
  w: Float64Array,
  rest: Float64Array,
): number {
  let isFull = true;
  for (let sweep = 1; sweep <= mostSweeps; sweep++) {
    let most = 0;
    for (let j = 0; j < p; j++) {
      const old = w[j];
      if (!isFull && old === 0) continue;
      const own = gram[j * p + j];
      const pull = rest[j] + own * old;
      const excess = Math.abs(pull) - l1;
      const value = excess > 0 ? (pull > 0 ? excess : -excess) / (own + l2) : 0;
      const step = value - old;
      if (step === 0) continue;
      w[j] = value;
      for (let k = 0; k < p; k++) rest[k] -= step * gram[j * p + k];
      if (Math.abs(step) > most) most = Math.abs(step);
    }
    if (most <= tolerance) {
      if (isFull) return sweep;
      isFull = true;
    } else isFull = false;
  }
  return mostSweeps + 1;
}
