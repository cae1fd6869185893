import { DomainError, ShapeError } from "../../errors/errors.ts";
import { cauchyPoint, middleMatrix, subspaceMinimum } from "../../kernels/limitedMemory.ts";
import type { AbortLike } from "../../run/run.ts";
import { type Trial, wolfeSearch } from "./wolfeSearch.ts";

/** Value at `x`; writes the gradient into `gradient`. Neither array may be kept. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface MinimiseBoundedOptions {
  /** Lower bounds; −∞ where there is none. @defaultValue none */
  readonly lower?: ArrayLike<number> | undefined;
  /** Upper bounds; ∞ where there is none. @defaultValue none */
  readonly upper?: ArrayLike<number> | undefined;
  /** Ends when no component of the projected gradient is larger. @defaultValue 1e-5 */
  readonly gradientTolerance?: number | undefined;
  /** Ends when an iteration lowers the value by less than this times max(|f|, 1). @defaultValue 2.2e-9 */
  readonly valueTolerance?: number | undefined;
  /** @defaultValue 1000 */
  readonly maxIterations?: number | undefined;
  /** Never exceeded, within a line search neither. @defaultValue 15 000 */
  readonly maxEvaluations?: number | undefined;
  /** Corrections held. @defaultValue 10 */
  readonly memory?: number | undefined;
  /** Looked at before every iteration; its reason is thrown. */
  readonly signal?: AbortLike | undefined;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  /** Largest component of the projected gradient, |P(x − g) − x|. */
  readonly projectedGradient: number;
  readonly iterations: number;
  readonly evaluations: number;
  /** Evaluations that were not finite; the line search stepped back from them. */
  readonly nonFinite: number;
  /** True where the gradient or the value tolerance was met. */
  readonly converged: boolean;
  /** What ended it; "line search" where no lower value was found along the last direction. */
  readonly reason: "gradient" | "value" | "iterations" | "evaluations" | "line search";
}

/**
 * Local minimum of a smooth function within bounds, by L-BFGS-B: generalised Cauchy point, minimisation over the free
 * variables, strong-Wolfe line search.
 *
 * A value or gradient that is not finite shortens the step (and is counted); at the start it is an error. A start outside the
 * bounds is an error too, not moved.
 *
 * @param start - within the bounds
 * @throws ShapeError if bounds and start differ in length
 * @throws DomainError for a start outside the bounds, crossed bounds, or a start where the objective is not finite
 * @see Byrd, Lu, Nocedal & Zhu, SIAM J. Sci. Comput. 16, 1190 (1995), doi:10.1137/0916069; Morales & Nocedal, ACM Trans.
 * Math. Softw. 38, 7 (2011), doi:10.1145/2049662.2049669
 * @example
 * const bowl = minimiseBounded((x, g) => { g[0] = 2 * (x[0] - 3); return (x[0] - 3) ** 2; }, [0], { upper: [2] });
 * bowl.x[0]; // 2
 */
export function minimiseBounded(
  objective: Objective,
  start: ArrayLike<number>,
  options: MinimiseBoundedOptions = {},
): Minimum {
  const n = start.length;
  const lower = bounds("lower", options.lower, n, Number.NEGATIVE_INFINITY);
  const upper = bounds("upper", options.upper, n, Number.POSITIVE_INFINITY);
  const { gradientTolerance = 1e-5, valueTolerance = 2.2e-9, maxIterations = 1000, maxEvaluations = 15_000 } = options;
  const capacity = options.memory ?? 10;
  requireOption("memory", capacity, Number.isInteger(capacity) && capacity >= 1, "a whole number of at least 1");
  for (const [name, value] of Object.entries({ gradientTolerance, valueTolerance, maxIterations, maxEvaluations })) {
    requireOption(name, value, value >= 0, "at least 0");
  }
  const x = Float64Array.from(start);
  requireInside(x, lower, upper);
  let g = new Float64Array(n);
  let value = objective(x.slice(), g);
  let evaluations = 1;
  let nonFinite = 0;
  if (!Number.isFinite(value) || !g.every(Number.isFinite)) {
    throw new DomainError(
      `minimiseBounded: the objective is not finite at the start (value ${value}, gradient ${[...g.slice(0, 5)].join(", ")}${n > 5 ? ", …" : ""}); start elsewhere`,
    );
  }
  const scratch = createScratch(n, capacity);
  const { s, y, middle, breaks, order, smallOrder, work, point, c, reduced, gram, aim, direction } = scratch;
  let theta = 1;
  let held = 0;
  let iterations = 0;
  let reason: Minimum["reason"] | undefined;
  let projected = projectedNorm(x, g, lower, upper);
  if (projected <= gradientTolerance) reason = "gradient";
  while (reason === undefined) {
    options.signal?.throwIfAborted();
    if (iterations >= maxIterations) reason = "iterations";
    else if (evaluations >= maxEvaluations) reason = "evaluations";
    if (reason !== undefined) break;
    if (held > 0 && middleMatrix(n, held, theta, s, y, middle, smallOrder) !== 0) held = 0;
    if (held === 0) theta = 1;
    cauchyPoint(n, held, theta, s, y, middle, x, g, lower, upper, breaks, order, work, point, c);
    const singular = subspaceMinimum(
      n,
      held,
      theta,
      s,
      y,
      middle,
      x,
      g,
      lower,
      upper,
      point,
      c,
      reduced,
      gram,
      smallOrder,
      work,
      aim,
    );
    if (singular !== 0) {
      held = 0;
      continue;
    }
    let slope = 0;
    for (let i = 0; i < n; i++) {
      const d = (aim[i] as number) - (x[i] as number); // i < n
      direction[i] = d;
      slope += d * (g[i] as number);
    }
    let found: Trial | undefined;
    let reached: { readonly x: Float64Array; readonly g: Float64Array } | undefined;
    if (slope < 0) {
      const tried = new Map<number, { readonly x: Float64Array; readonly g: Float64Array }>();
      const evaluate = (step: number): Trial => {
        const at = new Float64Array(n);
        for (let i = 0; i < n; i++) {
          const moved = (x[i] as number) + step * (direction[i] as number);
          at[i] = Math.min(upper[i] as number, Math.max(lower[i] as number, moved)); // rounding must not leave the box
        }
        const gradient = new Float64Array(n);
        const trial = objective(at.slice(), gradient);
        evaluations++;
        let rise = 0;
        for (let i = 0; i < n; i++) rise += (gradient[i] as number) * (direction[i] as number);
        if (!Number.isFinite(trial) || !gradient.every(Number.isFinite)) {
          nonFinite++;
          return { step, value: Number.POSITIVE_INFINITY, slope: Number.NaN };
        }
        tried.set(step, { x: at, g: gradient });
        return { step, value: trial, slope: rise };
      };
      const longest = longestStep(x, direction, lower, upper);
      const first = held === 0 ? Math.min(1 / euclideanNorm(direction), longest) : Math.min(1, longest);
      found = wolfeSearch(evaluate, { step: 0, value, slope }, first, longest, maxEvaluations - evaluations);
      reached = found === undefined ? undefined : tried.get(found.step);
    }
    if (found === undefined || reached === undefined) {
      if (evaluations >= maxEvaluations) reason = "evaluations";
      else if (held === 0) reason = "line search";
      held = 0;
      continue;
    }
    iterations++;
    const before = value;
    value = found.value;
    held = remember(n, capacity, held, s, y, x, g, reached);
    x.set(reached.x);
    g = reached.g as Float64Array<ArrayBuffer>;
    if (held > 0) theta = curvatureOf(n, held, s, y);
    projected = projectedNorm(x, g, lower, upper);
    if (projected <= gradientTolerance) reason = "gradient";
    else if (before - value <= valueTolerance * Math.max(Math.abs(before), Math.abs(value), 1)) reason = "value";
  }
  const converged = reason === "gradient" || reason === "value";
  return { x, value, gradient: g, projectedGradient: projected, iterations, evaluations, nonFinite, converged, reason };
}

function createScratch(n: number, capacity: number) {
  const m = 2 * capacity;
  return {
    s: new Float64Array(capacity * n),
    y: new Float64Array(capacity * n),
    middle: new Float64Array(m * m),
    breaks: new Float64Array(n),
    order: new Int32Array(n),
    smallOrder: new Int32Array(m),
    work: new Float64Array(2 * n + 4 * m),
    point: new Float64Array(n),
    c: new Float64Array(m),
    reduced: new Float64Array(m * m),
    gram: new Float64Array(m * m),
    aim: new Float64Array(n),
    direction: new Float64Array(n),
  };
}

/** Adds the newest correction where its curvature is positive enough; the oldest gives way. Returns how many are held. */
function remember(
  n: number,
  capacity: number,
  held: number,
  s: Float64Array,
  y: Float64Array,
  x: Float64Array,
  g: Float64Array,
  reached: { readonly x: Float64Array; readonly g: Float64Array },
): number {
  let sy = 0;
  let yy = 0;
  for (let i = 0; i < n; i++) {
    const dy = (reached.g[i] as number) - (g[i] as number); // i < n
    sy += ((reached.x[i] as number) - (x[i] as number)) * dy;
    yy += dy * dy;
  }
  if (!(sy > Number.EPSILON * yy)) return held;
  let at = held;
  if (held === capacity) {
    s.copyWithin(0, n);
    y.copyWithin(0, n);
    at = capacity - 1;
  }
  for (let i = 0; i < n; i++) {
    s[at * n + i] = (reached.x[i] as number) - (x[i] as number);
    y[at * n + i] = (reached.g[i] as number) - (g[i] as number);
  }
  return at + 1;
}

/** θ = yᵀy / sᵀy of the newest correction. */
function curvatureOf(n: number, held: number, s: Float64Array, y: Float64Array): number {
  let sy = 0;
  let yy = 0;
  for (let i = (held - 1) * n; i < held * n; i++) {
    sy += (s[i] as number) * (y[i] as number);
    yy += (y[i] as number) ** 2;
  }
  return yy / sy;
}

/** √Σ v², without overflow of the squares. */
function euclideanNorm(v: Float64Array): number {
  let largest = 0;
  for (const value of v) largest = Math.max(largest, Math.abs(value));
  if (largest === 0 || largest === Number.POSITIVE_INFINITY) return largest;
  let sum = 0;
  for (const value of v) sum += (value / largest) ** 2;
  return largest * Math.sqrt(sum);
}

function longestStep(x: Float64Array, direction: Float64Array, lower: Float64Array, upper: Float64Array): number {
  let longest = 1e10;
  for (const [i, d] of direction.entries()) {
    if (d === 0) continue;
    const room = ((d > 0 ? (upper[i] as number) : (lower[i] as number)) - (x[i] as number)) / d; // i < n
    if (room < longest) longest = room;
  }
  return longest;
}

function projectedNorm(x: Float64Array, g: Float64Array, lower: Float64Array, upper: Float64Array): number {
  let norm = 0;
  for (const [i, value] of x.entries()) {
    const moved = Math.min(upper[i] as number, Math.max(lower[i] as number, value - (g[i] as number))); // i < n
    norm = Math.max(norm, Math.abs(moved - value));
  }
  return norm;
}

function bounds(name: string, given: ArrayLike<number> | undefined, n: number, none: number): Float64Array {
  if (given !== undefined && given.length !== n) {
    throw new ShapeError(`minimiseBounded: ${n} start values need ${n} ${name} bounds, got ${given.length}`);
  }
  return given === undefined ? new Float64Array(n).fill(none) : Float64Array.from(given);
}

function requireOption(name: string, value: number, isValid: boolean, expected: string): void {
  if (!isValid) throw new DomainError(`minimiseBounded: ${name} must be ${expected}, got ${value}`);
}

function requireInside(x: Float64Array, lower: Float64Array, upper: Float64Array): void {
  for (const [i, value] of x.entries()) {
    const low = lower[i] as number; // i < n
    const high = upper[i] as number;
    if (!(low <= high))
      throw new DomainError(`minimiseBounded: bounds of variable ${i} are crossed or NaN: ${low} … ${high}`);
    if (!(Number.isFinite(value) && value >= low && value <= high)) {
      throw new DomainError(`minimiseBounded: start value ${i} must lie within ${low} … ${high}, got ${value}`);
    }
  }
}
