import { DomainError, ShapeError } from "@materiome/core";

/** What is wanted of one outcome, in its unit. */
export interface DesirabilityGoal {
  /** Nothing below is of use; −∞ or left out: small values are fine. */
  readonly low?: number | undefined;
  /** From here on (up to the other `target` end) the outcome is perfect: one value, or a range. */
  readonly target: number | readonly [number, number];
  /** Nothing above is of use; left out: large values are fine. */
  readonly high?: number | undefined;
  /** Exponent of the rise from `low`: above 1 only values near the target count, below 1 any progress does. @defaultValue 1 */
  readonly lowWeight?: number | undefined;
  /** Exponent of the fall to `high`. @defaultValue 1 */
  readonly highWeight?: number | undefined;
}

/**
 * How well an outcome meets a goal, 0 … 1: ((y − L)/(T − L))^s between the lowest useful value and the target, 1 at the target (in its
 * range), ((H − y)/(H − T))^t on to the highest useful value, 0 beyond either.
 *
 * @throws DomainError unless low < target < high, some limit is given and exponents are positive; for NaN
 * @see Derringer & Suich, J. Qual. Technol. 12, 214 (1980), doi:10.1080/00224065.1980.11980968, equations 1 and 3
 * @example
 * desirability(550, { low: 500, target: 600 }); // 0.5: the larger the better
 * desirability(0.22, { low: 0.1, target: [0.15, 0.2], high: 0.3 }); // 0.8
 */
export function desirability(value: number, goal: DesirabilityGoal): number {
  const { low, high, lowWeight = 1, highWeight = 1 } = goal;
  const [from, to] = typeof goal.target === "number" ? [goal.target, goal.target] : goal.target;
  const isOrdered = from <= to && (low === undefined || low < from) && (high === undefined || to < high);
  if (!isOrdered || !Number.isFinite(from) || !Number.isFinite(to)) {
    throw new DomainError(
      `desirability: needs low < target < high, got ${low ?? "none"}, ${from} … ${to}, ${high ?? "none"}`,
    );
  }
  if (low === undefined && high === undefined) {
    throw new DomainError("desirability: name the lowest or the highest value that is still of some use");
  }
  if (!(lowWeight > 0 && highWeight > 0)) {
    throw new DomainError(`desirability: exponents must be positive, got ${lowWeight} and ${highWeight}`);
  }
  if (Number.isNaN(value)) throw new DomainError("desirability: the outcome is NaN");
  if (value < from) return low === undefined ? 1 : value <= low ? 0 : ((value - low) / (from - low)) ** lowWeight;
  if (value > to) return high === undefined ? 1 : value >= high ? 0 : ((high - value) / (high - to)) ** highWeight;
  return 1;
}

/**
 * Several desirabilities as one: their weighted geometric mean, (Π d_i^w_i)^(1/Σ w_i), so that one useless outcome makes the whole
 * useless.
 *
 * @param importance w_i, not negative, not all 0. @defaultValue equal
 * @throws ShapeError for no desirability, or another number of importances
 * @throws DomainError for desirabilities outside 0 … 1 or negative importances
 * @see Derringer & Suich (1980), equation 2; importances: Derringer, Qual. Prog. 27(6), 51 (1994)
 * @example
 * overallDesirability([0.25, 1]); // 0.5
 */
export function overallDesirability(desirabilities: ArrayLike<number>, importance?: ArrayLike<number>): number {
  const d = Float64Array.from(desirabilities);
  const w = importance === undefined ? new Float64Array(d.length).fill(1) : Float64Array.from(importance);
  if (d.length === 0 || w.length !== d.length) {
    throw new ShapeError(`overallDesirability: ${d.length} desirabilities and ${w.length} importances`);
  }
  if (!d.every((x) => x >= 0 && x <= 1)) {
    throw new DomainError(`overallDesirability: desirabilities lie between 0 and 1, got ${d.join(", ")}`);
  }
  const total = w.reduce((a, b) => a + b, 0);
  if (!w.every((x) => x >= 0) || !(total > 0 && Number.isFinite(total))) {
    throw new DomainError(`overallDesirability: importances must not be negative, not all 0, got ${w.join(", ")}`);
  }
  return d.reduce((product, x, i) => product * x ** ((w[i] as number) / total), 1); // as many as d
}
