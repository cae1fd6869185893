import type { Matrix } from "@materiome/core";
import { solvePositiveDefinite } from "@materiome/core/numerics";

/** Relative size of a gradient that counts as rounding. */
const ROUNDING = 1e-12;

/**
 * Minimises ½ wᵀ G w − cᵀ w over w ≥ 0, for G = AᵀA and c = Aᵀb of a least-squares problem: the variable with the steepest
 * gradient joins those that are free, which are solved for; what would turn negative leaves them.
 *
 * @param gram positive semidefinite, [m, m]
 * @see Lawson & Hanson, Solving Least Squares Problems (1995), chapter 23, doi:10.1137/1.9781611971217
 */
export function nonNegativeLeastSquares(gram: Matrix, right: Float64Array): Float64Array {
  const m = right.length;
  const w = new Float64Array(m);
  const isFree = new Uint8Array(m);
  const size = right.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let round = 0; round < 3 * m; round++) {
    let next = -1;
    let most = ROUNDING * size;
    for (let j = 0; j < m; j++) {
      if (isFree[j] === 1) continue;
      let gradient = right[j] as number; // j < m
      for (let k = 0; k < m; k++) gradient -= (gram.data[j * m + k] as number) * (w[k] as number);
      if (gradient > most) {
        most = gradient;
        next = j;
      }
    }
    if (next < 0) return w;
    isFree[next] = 1;
    solveFree(gram, right, isFree, w);
  }
  return w;
}

/** Moves to the solution of the free variables, dropping those that reach 0 on the way. */
function solveFree(gram: Matrix, right: Float64Array, isFree: Uint8Array, w: Float64Array): void {
  const m = right.length;
  for (;;) {
    const free = Int32Array.from(isFree.keys()).filter((j) => isFree[j] === 1);
    if (free.length === 0) return;
    const own = Float64Array.from({ length: free.length ** 2 }, (_, at) => {
      const [a, b] = [Math.floor(at / free.length), at % free.length];
      return gram.data[(free[a] as number) * m + (free[b] as number)] as number; // a, b < free.length
    });
    const side = Float64Array.from(free, (j) => right[j] as number);
    // Columns that repeat each other leave the matrix singular.
    const aim = solvePositiveDefinite({ rows: free.length, columns: free.length, data: own }, side, {
      maxRelativeJitter: 1e-6,
    });
    let step = 1;
    for (const [a, j] of free.entries()) {
      const [from, to] = [w[j] as number, aim[a] as number];
      if (to <= 0) step = Math.min(step, from / (from - to));
    }
    let isWhole = true;
    for (const [a, j] of free.entries()) {
      const [from, to] = [w[j] as number, aim[a] as number];
      w[j] = from + step * (to - from);
      if (to <= 0 && !((w[j] as number) > ROUNDING)) {
        w[j] = 0;
        isFree[j] = 0;
        isWhole = false;
      }
    }
    if (isWhole) return;
  }
}
