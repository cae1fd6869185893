import { ConvergenceError, DomainError } from "../../errors/errors.ts";

export interface BrentOptions {
  /** Width of the answer, absolute. @defaultValue 1e-12 for a root, 1e-8 for a minimum */
  readonly tolerance?: number | undefined;
  /** @defaultValue 200 */
  readonly maxIterations?: number | undefined;
}

/**
 * Root of a continuous function between two places of opposite sign, by Brent's method: inverse quadratic interpolation and
 * secants, bisection where they do not shrink the bracket.
 *
 * @throws DomainError if the signs at both ends are equal or a value is NaN
 * @throws ConvergenceError after `maxIterations`
 * @see R. P. Brent, Comput. J. 14, 422 (1971), doi:10.1093/comjnl/14.4.422
 * @example
 * findRoot((x) => x * x - 2, 0, 2); // 1.414213562373…
 */
export function findRoot(f: (x: number) => number, low: number, high: number, options: BrentOptions = {}): number {
  const { tolerance = 1e-12, maxIterations = 200 } = options;
  let a = low;
  let b = high;
  let fa = f(a);
  let fb = f(b);
  if (fa === 0) return a;
  if (fb === 0) return b;
  if (!(fa * fb < 0 || (Math.sign(fa) === -Math.sign(fb) && fa !== 0))) {
    throw new DomainError(`findRoot: the function must differ in sign at ${low} and ${high}, got ${fa} and ${fb}`);
  }
  let c = a;
  let fc = fa;
  let step = b - a;
  let before = step;
  for (let i = 0; i < maxIterations; i++) {
    if (Math.sign(fb) === Math.sign(fc)) {
      c = a;
      fc = fa;
      step = b - a;
      before = step;
    }
    if (Math.abs(fc) < Math.abs(fb)) [a, b, c, fa, fb, fc] = [b, c, b, fb, fc, fb];
    const small = 2 * Number.EPSILON * Math.abs(b) + 0.5 * tolerance;
    const half = 0.5 * (c - b);
    if (Math.abs(half) <= small || fb === 0) return b;
    if (Math.abs(before) < small || Math.abs(fa) <= Math.abs(fb)) {
      step = half;
      before = half;
    } else {
      const s = fb / fa;
      const q0 = fa / fc;
      const r = fb / fc;
      let p = a === c ? 2 * half * s : s * (2 * half * q0 * (q0 - r) - (b - a) * (r - 1));
      let q = a === c ? 1 - s : (q0 - 1) * (r - 1) * (s - 1);
      if (p > 0) q = -q;
      else p = -p;
      if (2 * p < Math.min(3 * half * q - Math.abs(small * q), Math.abs(before * q))) {
        before = step;
        step = p / q;
      } else {
        step = half;
        before = half;
      }
    }
    a = b;
    fa = fb;
    b += Math.abs(step) > small ? step : Math.sign(half) * small;
    fb = f(b);
    if (Number.isNaN(fb)) throw new DomainError(`findRoot: the function is NaN at ${b}`);
  }
  throw new ConvergenceError("findRoot", maxIterations, Math.abs(c - b));
}

/** Where a function of one variable is least, and how small. */
export interface ScalarMinimum {
  readonly x: number;
  readonly value: number;
  readonly evaluations: number;
}

const GOLDEN = (3 - Math.sqrt(5)) / 2;

/**
 * Local minimum of a continuous function of one variable between two ends, by Brent's method: golden sections and parabolas
 * (R. P. Brent, Algorithms for Minimization without Derivatives (1973), chapter 5).
 *
 * @throws DomainError unless low < high, or where a value is NaN
 * @throws ConvergenceError after `maxIterations`
 * @example
 * minimiseScalar((x) => (x - 2) ** 2, 0, 5).x; // 2
 */
export function minimiseScalar(
  f: (x: number) => number,
  low: number,
  high: number,
  options: BrentOptions = {},
): ScalarMinimum {
  const { tolerance = 1e-8, maxIterations = 200 } = options;
  if (!(low < high)) throw new DomainError(`minimiseScalar: low must be below high, got ${low} and ${high}`);
  let a = low;
  let b = high;
  let x = a + GOLDEN * (b - a);
  let w = x;
  let v = x;
  let fx = f(x);
  let fw = fx;
  let fv = fx;
  let step = 0;
  let before = 0;
  for (let i = 1; i <= maxIterations; i++) {
    if (Number.isNaN(fx)) throw new DomainError(`minimiseScalar: the function is NaN at ${x}`);
    const middle = 0.5 * (a + b);
    const small = Math.sqrt(Number.EPSILON) * Math.abs(x) * 1e-1 + tolerance / 3;
    if (Math.abs(x - middle) <= 2 * small - 0.5 * (b - a)) return { x, value: fx, evaluations: i };
    const r = (x - w) * (fx - fv);
    let q = (x - v) * (fx - fw);
    let p = (x - v) * q - (x - w) * r;
    q = 2 * (q - r);
    if (q > 0) p = -p;
    q = Math.abs(q);
    if (Math.abs(before) > small && Math.abs(p) < Math.abs(0.5 * q * before) && p > q * (a - x) && p < q * (b - x)) {
      before = step;
      step = p / q;
      if (x + step - a < 2 * small || b - x - step < 2 * small) step = x < middle ? small : -small;
    } else {
      before = (x < middle ? b : a) - x;
      step = GOLDEN * before;
    }
    const u = x + (Math.abs(step) >= small ? step : Math.sign(step) * small);
    const fu = f(u);
    if (Number.isNaN(fu)) throw new DomainError(`minimiseScalar: the function is NaN at ${u}`);
    if (fu <= fx) {
      if (u < x) b = x;
      else a = x;
      [v, fv, w, fw, x, fx] = [w, fw, x, fx, u, fu];
    } else {
      if (u < x) a = u;
      else b = u;
      if (fu <= fw || w === x) [v, fv, w, fw] = [w, fw, u, fu];
      else if (fu <= fv || v === x || v === w) [v, fv] = [u, fu];
    }
  }
  throw new ConvergenceError("minimiseScalar", maxIterations, b - a);
}
