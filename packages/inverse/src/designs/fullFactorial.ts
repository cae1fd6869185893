import { DomainError } from "@materiome/core";
import { type Design, designOf } from "./design.ts";

const MOST_RUNS = 1_000_000;

/**
 * Every combination of the levels of each factor, levels evenly spaced from −1 to 1; the first factor changes fastest (Yates order).
 *
 * @param levels number of levels of each factor, at least 2
 * @throws DomainError for fewer than two levels, no factor, or more than a million runs
 * @see Montgomery, Design and Analysis of Experiments (2017), chapters 6 and 9
 * @example
 * fullFactorial([2, 2, 3]).runs.rows; // 12
 */
export function fullFactorial(levels: readonly number[]): Design {
  if (levels.length === 0 || !levels.every((n) => Number.isInteger(n) && n >= 2)) {
    throw new DomainError(
      `fullFactorial: each factor needs at least 2 levels, got ${levels.join(", ") || "no factor"}`,
    );
  }
  const count = levels.reduce((product, n) => product * n, 1);
  if (count > MOST_RUNS) throw new DomainError(`fullFactorial: ${count} runs; take fewer levels or a fraction`);
  const rows = Array.from({ length: count }, (_, run) => {
    let rest = run;
    return levels.map((n) => {
      const level = rest % n;
      rest = Math.floor(rest / n);
      return (2 * level) / (n - 1) - 1;
    });
  });
  return designOf("full factorial design", "signed", rows, levels.length);
}
