import { ConvergenceError } from "../../errors/errors.ts";

/** Value and slope of an increasing function whose zero is sought. */
export interface Increasing {
  readonly value: number;
  readonly slope: number;
}

/**
 * Zero of an increasing function, to 4e-16 absolute or relative: widens a bracket from `start` by doubling steps, then takes Newton steps that fall back on
 * halving where they leave the bracket.
 */
export function invertIncreasing(
  f: (x: number) => Increasing,
  start: number,
  { step }: { readonly step: number },
): number {
  let below = Number.NEGATIVE_INFINITY;
  let above = Number.POSITIVE_INFINITY;
  let x = start;
  let reach = step;
  for (let i = 0; i < 500; i++) {
    const { value, slope } = f(x);
    if (value === 0) return x;
    if (value < 0) below = Math.max(below, x);
    else above = Math.min(above, x);
    let next = x - value / slope;
    if (!(next > below && next < above && Math.abs(next - x) <= 4 * reach)) {
      if (above === Number.POSITIVE_INFINITY) next = x + reach;
      else if (below === Number.NEGATIVE_INFINITY) next = x - reach;
      else next = (below + above) / 2;
      reach *= 2;
    }
    if (Math.abs(next - x) <= 4e-16 * Math.max(1, Math.abs(next))) return next;
    x = next;
  }
  throw new ConvergenceError("inverse of a distribution function", 500, above - below);
}
