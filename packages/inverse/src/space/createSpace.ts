import { DataError, DomainError, nearestNames } from "@materiome/core";
import { checkVariable } from "./checkVariable.ts";
import { compileSpace } from "./compiledSpace.ts";
import type { Clause, Constraint } from "./constraint.ts";
import type { SearchSpace } from "./searchSpace.ts";
import { rangeOf, settingOf, type Variable, valueOfLevel } from "./variable.ts";

/**
 * Checks a space and returns it. Whether any point meets all constraints together is another question: `checkFeasible`.
 *
 * @throws DomainError for reversed or non-finite bounds, a step that is not positive, a log scale that reaches 0, limits of a
 * constraint that are reversed or missing, coefficients, totals or tolerances that are no numbers
 * @throws DataError for a name used twice, a category without levels, names or levels that do not exist, conditions in a circle
 * @throws FormatError or UnitError for an expression that cannot be read or whose units do not fit
 */
export function createSpace(space: SearchSpace): SearchSpace {
  const names = [...space.variables, ...space.fixed].map((input) => input.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new DataError(`search space: "${twice}" is listed twice; list it once`);
  for (const variable of space.variables) checkVariable(variable);
  for (const variable of space.variables) checkCondition(space, variable);
  for (const sum of space.sums) {
    const unknown = sum.columns.find((name) => !names.includes(name));
    if (unknown !== undefined) throw new DataError(`search space: a sum names "${unknown}", which is no input`);
    if (sum.columns.length === 0) throw new DataError("search space: a sum names no columns; name those that add up");
    if (Number.isFinite(sum.total) && sum.tolerance >= 0) continue;
    throw new DomainError(
      `search space: the sum of ${sum.columns.join(", ")} needs a finite total and a tolerance of at least 0, got ${sum.total} and ${sum.tolerance}`,
    );
  }
  for (const [i, constraint] of (space.constraints ?? []).entries())
    checkConstraint(space, constraint, `constraints[${i}]`);
  compileSpace(space);
  return space;
}

/** The parent exists, has the values named, and does not hang on the variable itself. */
function checkCondition(space: SearchSpace, variable: Variable): void {
  if (variable.when === undefined) return;
  const at = `search space, "${variable.name}": when`;
  const parent = space.variables.find(({ name }) => name === variable.when?.name);
  if (parent === undefined) {
    const hint = space.fixed.some(({ name }) => name === variable.when?.name)
      ? "is a fixed input; drop the condition, or the variable"
      : "is no variable";
    throw new DataError(`${at} names "${variable.when.name}", which ${hint}`);
  }
  if (parent.kind === "continuous") {
    throw new DataError(
      `${at} hangs on "${parent.name}", which is continuous; it takes a category, ordinal or integer`,
    );
  }
  checkValues(parent, variable.when.in, at);
  const chain = [variable.name];
  for (let above: Variable | undefined = parent; above !== undefined; ) {
    if (chain.includes(above.name)) {
      throw new DataError(`${at}: conditions go in a circle, ${[...chain, above.name].join(" → ")}`);
    }
    chain.push(above.name);
    const next: string | undefined = above.when?.name;
    above = space.variables.find(({ name }) => name === next);
  }
}

function checkConstraint(space: SearchSpace, constraint: Constraint, at: string): void {
  switch (constraint.kind) {
    case "linear":
      if (constraint.terms.length === 0) throw new DataError(`search space, ${at}: a linear constraint needs terms`);
      for (const { name, coefficient } of constraint.terms) {
        if (Number.isFinite(coefficient)) continue;
        throw new DomainError(
          `search space, ${at}: the coefficient of "${name}" is ${coefficient}; expected a finite number`,
        );
      }
      checkLimits(constraint, at);
      return;
    case "ratio":
      checkLimits(constraint, at);
      for (const name of [constraint.numerator, constraint.denominator]) {
        const variable = space.variables.find((v) => v.name === name);
        if (variable === undefined || variable.kind === "category" || rangeOf(variable).min >= 0) continue;
        throw new DomainError(`search space, ${at}: a ratio needs amounts, "${name}" may be negative`);
      }
      return;
    case "order":
      if (!Number.isFinite(constraint.gap ?? 0)) {
        throw new DomainError(`search space, ${at}: gap is ${constraint.gap}; expected a finite number`);
      }
      if (typeof constraint.below === "number" && typeof constraint.above === "number") {
        throw new DataError(`search space, ${at}: an order needs at least one variable`);
      }
      return;
    case "presence":
      checkPresence(space, constraint, at);
      return;
    case "expression":
      if (constraint.min !== undefined || constraint.max !== undefined) checkLimits(constraint, at);
      return;
    case "forbidden":
      if (constraint.when.length === 0) throw new DataError(`search space, ${at}: needs at least one clause`);
      for (const [k, clause] of constraint.when.entries()) {
        checkClause(space, clause, `search space, ${at}.when[${k}]`);
      }
  }
}

function checkPresence(space: SearchSpace, constraint: Extract<Constraint, { kind: "presence" }>, at: string): void {
  const { names, min = 0, max = names.length, least = 0 } = constraint;
  for (const name of names) {
    const variable = requireVariable(space, name, `search space, ${at}`);
    if (variable.kind !== "continuous" && variable.kind !== "integer") {
      throw new DataError(`search space, ${at}: "${name}" is no amount`);
    }
    if (variable.min < 0) throw new DomainError(`search space, ${at}: "${name}" may be negative; amounts start at 0`);
  }
  if (!(Number.isInteger(min) && Number.isInteger(max) && min >= 0 && min <= max)) {
    throw new DomainError(`search space, ${at}: needs whole numbers with 0 <= min <= max, got ${min} and ${max}`);
  }
  if (!(least >= 0)) throw new DomainError(`search space, ${at}: least must be at least 0, got ${least}`);
}

function checkClause(space: SearchSpace, clause: Clause, at: string): void {
  const input = space.fixed.find(({ name }) => name === clause.name);
  if (clause.in === undefined) checkLimits(clause, at.replace("search space, ", ""));
  if (input !== undefined) return;
  const variable = requireVariable(space, clause.name, at);
  if (clause.in !== undefined) {
    if (variable.kind === "category" || variable.kind === "ordinal") checkValues(variable, clause.in, at);
  } else if (variable.kind === "category") {
    throw new DataError(`${at}: "${variable.name}" is a category; list levels (in) instead of limits`);
  }
}

function requireVariable(space: SearchSpace, name: string, at: string): Variable {
  const variable = space.variables.find((v) => v.name === name);
  if (variable !== undefined) return variable;
  const [near] = nearestNames(
    name,
    [...space.variables, ...space.fixed].map((input) => input.name),
    1,
  );
  throw new DataError(
    `${at} names "${name}", which is no variable${near === undefined ? "" : `; did you mean "${near}"?`}`,
  );
}

function checkValues(variable: Variable, values: readonly (string | number)[], at: string): void {
  if (values.length === 0) throw new DataError(`${at}: needs at least one value of "${variable.name}"`);
  if (variable.kind === "integer" || variable.kind === "continuous") return;
  const count = variable.kind === "category" ? variable.levels.length : variable.values.length;
  const known = Array.from({ length: count }, (_, k) => settingOf(variable, valueOfLevel(variable, k)));
  const odd = values.find((value) => !known.includes(value));
  if (odd !== undefined) {
    throw new DataError(`${at}: "${variable.name}" has no value ${JSON.stringify(odd)}; it has ${known.join(", ")}`);
  }
}

function checkLimits(
  limits: { readonly min?: number | undefined; readonly max?: number | undefined },
  at: string,
): void {
  const { min, max } = limits;
  if (min === undefined && max === undefined) throw new DomainError(`search space, ${at}: needs a min, a max or both`);
  for (const [name, limit] of Object.entries({ min, max })) {
    if (limit !== undefined && Number.isNaN(limit)) {
      throw new DomainError(`search space, ${at}: ${name} is NaN; expected a number`);
    }
  }
  if (min !== undefined && max !== undefined && min > max) {
    throw new DomainError(`search space, ${at}: limits are reversed, ${min} is above ${max}; swap them`);
  }
}
