import { solvePositiveDefinite } from "@materiome/core/numerics";
import { descendCoordinates } from "../kernels/index.ts";

export const MOST_ROUNDS = 50;
/** Of one round. */
const SWEEPS = 12;

/**
 * Minimises ½ wᵀ G w − cᵀ w + l1 Σ |w| + ½ l2 Σ w² from the w given, in place: a few sweeps of coordinate descent, then, given
 * the signs it has found, the linear system that the coefficients solve; where its solution would turn a sign, the step ends at
 * 0. Descent alone takes many thousand sweeps where features nearly repeat each other.
 *
 * @param tolerance ends when no coefficient moves by more in a sweep
 * @returns whether the coefficients have settled
 */
export function settleCoefficients(
  gram: Float64Array,
  pull: Float64Array,
  l1: number,
  l2: number,
  tolerance: number,
  w: Float64Array,
): boolean {
  const p = pull.length;
  const rest = new Float64Array(p);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (round > 0) stepBySigns(gram, pull, l1, l2, w);
    const sweeps = descendCoordinates(p, gram, l1, l2, tolerance, SWEEPS, w, restOf(gram, pull, w, rest));
    if (sweeps <= SWEEPS) return true;
  }
  return false;
}

/** rest = c − G w */
function restOf(gram: Float64Array, pull: Float64Array, w: Float64Array, rest: Float64Array): Float64Array {
  const p = pull.length;
  rest.set(pull);
  for (let j = 0; j < p; j++) {
    const value = w[j] as number; // j < p
    for (let k = 0; value !== 0 && k < p; k++) rest[k] = (rest[k] as number) - value * (gram[j * p + k] as number);
  }
  return rest;
}

/** Moves the non-zero coefficients towards the minimum for their signs, as far as they keep them. */
function stepBySigns(gram: Float64Array, pull: Float64Array, l1: number, l2: number, w: Float64Array): void {
  const p = pull.length;
  for (;;) {
    const active = Int32Array.from(w.keys()).filter((k) => w[k] !== 0);
    const m = active.length;
    if (m === 0) return;
    const own = new Float64Array(m * m);
    const side = new Float64Array(m);
    for (const [a, j] of active.entries()) {
      for (const [b, k] of active.entries()) own[a * m + b] = (gram[j * p + k] as number) + (a === b ? l2 : 0); // < p
      side[a] = (pull[j] as number) - l1 * Math.sign(w[j] as number);
    }
    // Features that repeat each other leave the system singular without l2.
    const aim = solvePositiveDefinite({ rows: m, columns: m, data: own }, side, { maxRelativeJitter: 1e-4 });
    let step = 1;
    let first = -1;
    for (const [a, j] of active.entries()) {
      const [from, to] = [w[j] as number, aim[a] as number];
      if (from * to > 0 || from === to) continue;
      const reach = from / (from - to);
      if (reach < step) {
        step = reach;
        first = j;
      }
    }
    for (const [a, j] of active.entries()) {
      const from = w[j] as number;
      w[j] = j === first ? 0 : from + step * ((aim[a] as number) - from);
    }
    if (first < 0) return;
  }
}
