import { InfeasibleError } from "@materiome/core";
import { describeSpec, type Spec } from "./spec.ts";

/** All that is asked of one target, as one interval; `column` is its place among the model's targets. */
export interface Limits {
  readonly target: string;
  readonly column: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Specs of one target merged into one interval.
 *
 * @throws InfeasibleError if two specs of one target exclude each other
 */
export function limitsOf(specs: readonly Spec[], targets: readonly string[]): readonly Limits[] {
  const merged = new Map<string, Limits>();
  for (const spec of specs) {
    const before = merged.get(spec.target);
    const low = Math.max(before?.low ?? Number.NEGATIVE_INFINITY, spec.low ?? Number.NEGATIVE_INFINITY);
    const high = Math.min(before?.high ?? Number.POSITIVE_INFINITY, spec.high ?? Number.POSITIVE_INFINITY);
    if (!(low < high)) {
      const asked = specs.filter((other) => other.target === spec.target).map(describeSpec);
      throw new InfeasibleError(`no value meets ${asked.join(" and ")} at once; change one of them`);
    }
    merged.set(spec.target, { target: spec.target, column: targets.indexOf(spec.target), low, high });
  }
  return [...merged.values()];
}
