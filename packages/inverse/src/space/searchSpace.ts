import { type ColumnKind, type ColumnRole, DataError, DomainError } from "@materiome/core";
import { levelCount, type Variable } from "./variable.ts";

/** An input that the search leaves alone. `why`: asked for, taken from a named training row, or the same in every row. */
export interface FixedInput {
  readonly name: string;
  readonly role: ColumnRole;
  readonly unit: string;
  readonly columnKind: ColumnKind;
  readonly value: number | string;
  readonly why: "fixed" | "context" | "constant";
}

/** Amounts that always add up: the sum over `columns` (variables and fixed inputs) is `total` ± `tolerance`. */
export interface SumConstraint {
  readonly columns: readonly string[];
  readonly total: number;
  readonly tolerance: number;
}

/**
 * What may be turned (`variables`), what is given (`fixed`), and which amounts add up (`sums`). Together variables and
 * fixed inputs are all inputs of the model.
 */
export interface SearchSpace {
  readonly variables: readonly Variable[];
  readonly fixed: readonly FixedInput[];
  readonly sums: readonly SumConstraint[];
}

/** One input of a suggestion, in the unit of the model. */
export interface Setting {
  readonly name: string;
  readonly value: number | string;
  readonly unit: string;
}

/**
 * Checks a space and returns it.
 *
 * @throws DomainError for reversed or non-finite bounds, a step that is not positive, a log scale that reaches 0
 * @throws DataError for a name used twice, a category without levels, or a sum over unknown columns
 */
export function createSpace(space: SearchSpace): SearchSpace {
  const names = [...space.variables, ...space.fixed].map((input) => input.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new DataError(`search space: "${twice}" is listed twice; list it once`);
  for (const variable of space.variables) checkVariable(variable);
  for (const sum of space.sums) {
    const unknown = sum.columns.find((name) => !names.includes(name));
    if (unknown !== undefined) throw new DataError(`search space: a sum names "${unknown}", which is no input`);
  }
  return space;
}

function checkVariable(variable: Variable): void {
  const at = `search space, "${variable.name}"`;
  if (variable.kind === "category") {
    if (variable.levels.length === 0) throw new DataError(`${at}: a category needs at least one level`);
    return;
  }
  const { min, max } = variable;
  if (!(Number.isFinite(min) && Number.isFinite(max))) {
    throw new DomainError(`${at}: bounds must be finite numbers, got ${min} … ${max}`);
  }
  if (min > max) throw new DomainError(`${at}: bounds are reversed, ${min} is above ${max}; swap them`);
  if (min === max) throw new DomainError(`${at}: lower and upper bound are both ${min}; fix the column instead`);
  if (variable.kind === "continuous") {
    if (variable.step !== undefined && !(variable.step > 0)) {
      throw new DomainError(`${at}: step must be positive, got ${variable.step}`);
    }
    if (variable.scale === "log" && !(min > 0)) {
      throw new DomainError(`${at}: a log scale needs a lower bound above 0, got ${min}`);
    }
  }
  if (levelCount(variable) < 1) {
    throw new DomainError(`${at}: no value of its grid lies between ${min} and ${max}; widen the bounds or set a step`);
  }
}
