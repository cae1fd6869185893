import { ConvergenceError, DomainError, type Matrix } from "@materiome/core";
import { solvePositiveDefinite } from "@materiome/core/numerics";
import type { Law } from "./law.ts";

const MOST_ITERATIONS = 500;
const TOLERANCE = 1e-14;
const MOST_DAMPING = 1e20;

/**
 * Parameters of a law with the least (weighted) squared error, by Levenberg's and Marquardt's damped Gauss–Newton steps from the
 * given start; a law that is linear in its parameters needs a few.
 *
 * @throws DomainError where the law does not exist for some row at the start; ConvergenceError if it does not settle
 * @see Marquardt, J. Soc. Ind. Appl. Math. 11, 431 (1963), doi:10.1137/0111030
 */
export function fitLaw(
  caller: string,
  law: Law,
  x: Matrix,
  y: Float64Array,
  weights: Float64Array | undefined,
  start: Float64Array,
): Float64Array {
  const m = start.length;
  const weightOf = (i: number): number => weights?.[i] ?? 1;
  const residualsAt = (at: Float64Array): Float64Array => law.values(x, at).map((value, i) => (y[i] as number) - value);
  const squaresOf = (rest: Float64Array): number => rest.reduce((sum, r, i) => sum + weightOf(i) * r * r, 0);
  let at = start;
  let rest = residualsAt(at);
  let error = squaresOf(rest);
  if (!Number.isFinite(error)) {
    const row = rest.findIndex((r) => !Number.isFinite(r));
    throw new DomainError(
      `${caller}: the law "${law.text}" has no finite value in row ${row} with the parameters it starts from; start elsewhere, or guard it by a condition`,
    );
  }
  if (m === 0) return at;
  let damping = 1e-6;
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const { gram, right } = normalEquations(law.derivatives(x, at), rest, weightOf);
    for (;;) {
      const step = dampedStep(gram, right, damping);
      const next = at.map((value, p) => value + (step[p] as number)); // one per parameter
      const nextRest = residualsAt(next);
      const nextError = squaresOf(nextRest);
      if (nextError <= error) {
        const gain = error - nextError;
        at = next;
        rest = nextRest;
        damping = Math.max(1e-15, damping / 10);
        if (gain <= TOLERANCE * error) return at;
        error = nextError;
        break;
      }
      damping *= 10;
      // No step lowers the error: the minimum, to rounding.
      if (damping > MOST_DAMPING) return at;
    }
  }
  throw new ConvergenceError(
    `${caller}: the parameters of the law "${law.text}" did not settle; start nearer, or fix some of them`,
    MOST_ITERATIONS,
    Math.sqrt(error / y.length),
  );
}

function normalEquations(
  slopes: Matrix,
  rest: Float64Array,
  weightOf: (i: number) => number,
): { readonly gram: Float64Array; readonly right: Float64Array } {
  const m = slopes.columns;
  const gram = new Float64Array(m * m);
  const right = new Float64Array(m);
  for (let i = 0; i < slopes.rows; i++) {
    const row = slopes.data.subarray(i * m, (i + 1) * m);
    for (let a = 0; a < m; a++) {
      const value = weightOf(i) * (row[a] as number); // a, b < m
      right[a] = (right[a] as number) + value * (rest[i] as number);
      for (let b = 0; b < m; b++) gram[a * m + b] = (gram[a * m + b] as number) + value * (row[b] as number);
    }
  }
  return { gram, right };
}

/** (J'J + damping · diag) step = J'r, in units of the diagonal so that the units of the parameters play no part. */
function dampedStep(gram: Float64Array, right: Float64Array, damping: number): Float64Array {
  const m = right.length;
  const size = Float64Array.from(right, (_, a) => Math.sqrt(gram[a * m + a] as number) || 1);
  const data = gram.map((value, at) => {
    const [a, b] = [Math.floor(at / m), at % m];
    return value / ((size[a] as number) * (size[b] as number)) + (a === b ? damping : 0);
  });
  // A parameter without effect, or two with the same, leave the matrix singular.
  const step = solvePositiveDefinite(
    { rows: m, columns: m, data },
    right.map((value, a) => value / (size[a] as number)),
    { maxRelativeJitter: 1e-3 },
  );
  return step.map((value, a) => value / (size[a] as number));
}
