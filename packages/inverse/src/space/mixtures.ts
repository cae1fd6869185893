import type { SearchSpace } from "./searchSpace.ts";

/** Amounts that add up to one total. */
export interface Mixture {
  readonly names: readonly string[];
  /** Indices of its variables. */
  readonly variables: readonly number[];
  /** Sum of the amounts that are given. */
  readonly given: number;
}

/** The mixtures of a space: its sums, and linear constraints that amount to one (equal limits, all coefficients 1, of more than one input). */
export function mixturesOf({ variables, fixed, sums, constraints = [] }: SearchSpace): readonly Mixture[] {
  const equations = constraints.flatMap((constraint) => {
    if (constraint.kind !== "linear" || constraint.min === undefined || constraint.min !== constraint.max) return [];
    const isPlain =
      constraint.terms.length > 1 &&
      constraint.terms.every(({ coefficient, unit }) => coefficient === 1 && unit === undefined);
    return isPlain ? [constraint.terms.map(({ name }) => name)] : [];
  });
  return [...sums.map(({ columns }) => columns), ...equations].map((names) => ({
    names,
    variables: variables.flatMap(({ name }, j) => (names.includes(name) ? [j] : [])),
    given: fixed.reduce((sum, { name, value }) => sum + (names.includes(name) ? Number(value) : 0), 0),
  }));
}
