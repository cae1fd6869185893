import { ShapeError } from "@materiome/core";
import { isActive } from "./activity.ts";
import { type CompiledExpression, compileSpace } from "./compiledSpace.ts";
import type { Clause, ForbiddenCombination, PresenceConstraint } from "./constraint.ts";
import { type LinearRow, rowValue } from "./linearRows.ts";
import { shortNumber, withUnit } from "./numberText.ts";
import { type Point, tableOfPoints } from "./points.ts";
import type { SearchSpace } from "./searchSpace.ts";
import { gridOf, isAllowedValue, rangeOf, settingOf, type Variable } from "./variable.ts";

/**
 * What a point breaks, one sentence for each bound, grid, condition, sum and constraint; empty if it is allowed.
 *
 * @throws ShapeError unless the point has one value for each variable
 * @example
 * violationsOf(space, point); // ["temperature = 910 degC lies outside 800 … 900 degC"]
 */
export function violationsOf(space: SearchSpace, point: Point): string[] {
  if (point.length !== space.variables.length) {
    throw new ShapeError(`violationsOf: the space has ${space.variables.length} variables, the point ${point.length}`);
  }
  return Array.from(violations(space, point), ({ text }) => text);
}

/** The variables and constraints that a point breaks. */
export function brokenBy(space: SearchSpace, point: Point): string[] {
  return Array.from(violations(space, point), ({ subject }) => subject);
}

interface Violation {
  /** The variable or constraint. */
  readonly subject: string;
  /** What is wrong, with numbers. */
  readonly text: string;
}

/** True if nothing of the space is violated: bounds, grids, conditions, sums, constraints. */
export function isAllowedPoint(space: SearchSpace, point: Point): boolean {
  return violations(space, point).next().done === true;
}

/** Violations one by one, cheap checks first, so that a test for any stops at the first. */
function* violations(space: SearchSpace, point: Point): Generator<Violation, void> {
  let isWhole = true;
  for (const [j, variable] of space.variables.entries()) {
    const problem = valueProblem(space, point, j, variable);
    if (problem === undefined) continue;
    isWhole &&= !Number.isNaN(point[j] ?? Number.NaN);
    yield { subject: `bounds of ${variable.name}`, text: problem };
  }
  const { rows, presences, expressions, forbidden } = compileSpace(space);
  for (const row of rows) {
    const problem = rowProblem(row, point);
    if (problem !== undefined) yield { subject: row.text, text: problem };
  }
  for (const { constraint, variables } of presences) yield* presenceProblems(space, constraint, variables, point);
  for (const combination of forbidden) {
    if (!isForbidden(space, combination, point)) continue;
    const text = forbiddenText(combination);
    yield { subject: `forbidden: ${text}`, text: `${text} is forbidden` };
  }
  // An expression over missing values has none; the missing value was reported above.
  if (!isWhole || expressions.length === 0) return;
  for (const compiled of expressions) {
    const problem = expressionProblem(space, compiled, point);
    if (problem !== undefined) yield { subject: compiled.constraint.label ?? compiled.constraint.text, text: problem };
  }
}

function valueProblem(space: SearchSpace, point: Point, j: number, variable: Variable): string | undefined {
  const { name, when } = variable;
  const value = point[j] ?? Number.NaN;
  if (when !== undefined && !isActive(space, point, j)) {
    if (Number.isNaN(value)) return undefined;
    return `${name} = ${settingText(variable, value)} is set, but it exists only where ${when.name} is ${when.in.join(" or ")}`;
  }
  if (Number.isNaN(value)) return `${name} has no value`;
  return isAllowedValue(variable, value) ? undefined : refusedText(variable, value);
}

/** Why a variable does not take a number. */
export function refusedText(variable: Variable, value: number): string {
  const { name, unit } = variable;
  if (variable.kind === "category")
    return `${name}: ${value} is the index of none of its ${variable.levels.length} levels`;
  const { min, max } = rangeOf(variable);
  const text = `${name} = ${withUnit(value, unit)}`;
  if (!(value >= min && value <= max)) return `${text} lies outside ${shortNumber(min)} … ${withUnit(max, unit)}`;
  if (variable.kind === "ordinal") return `${text} is none of its values ${variable.values.join(", ")}`;
  const grid = gridOf(variable);
  return `${text} is not on its grid, ${shortNumber(grid?.first ?? min)} + k · ${withUnit(grid?.step ?? 0, unit)}`;
}

function settingText(variable: Variable, value: number): string {
  const setting = settingOf(variable, value);
  return typeof setting === "number" ? withUnit(setting, variable.unit) : setting;
}

function rowProblem(row: LinearRow, point: Point): string | undefined {
  const value = rowValue(row, point);
  if (value === undefined || Number.isNaN(value)) return undefined;
  const { min, max, tolerance, isStrict, left, unit, text } = row;
  if (isStrict ? value > min : value >= min - tolerance && value <= max + tolerance) return undefined;
  return `${text} does not hold: ${left} is ${withUnit(value, unit)}`;
}

function* presenceProblems(
  space: SearchSpace,
  constraint: PresenceConstraint,
  variables: readonly number[],
  point: Point,
): Generator<Violation, void> {
  const { names, min = 0, max = names.length, least = 0, label } = constraint;
  const present = variables.filter((j) => Math.abs(point[j] ?? Number.NaN) > 0);
  const at = label === undefined ? "" : `${label}: `;
  const subject = label ?? `presence of ${names.join(", ")}`;
  if (present.length < min || present.length > max) {
    const allowed = min === 0 ? `at most ${max}` : min === max ? `exactly ${max}` : `${min} to ${max}`;
    yield { subject, text: `${at}${present.length} of ${names.join(", ")} are not zero, ${allowed} may be` };
  }
  for (const j of present) {
    const value = point[j] ?? Number.NaN;
    const variable = space.variables[j];
    if (value >= least || variable === undefined) continue;
    const text = `${at}${variable.name} = ${withUnit(value, variable.unit)} is neither 0 nor at least ${withUnit(least, variable.unit)}`;
    yield { subject, text };
  }
}

/** True if every clause matches. */
export function isForbidden(space: SearchSpace, combination: ForbiddenCombination, point: Point): boolean {
  return combination.when.every((clause) => matches(clause, settingAt(space, clause.name, point)));
}

function settingAt(space: SearchSpace, name: string, point: Point): number | string | undefined {
  const j = space.variables.findIndex((variable) => variable.name === name);
  const variable = space.variables[j];
  if (variable === undefined) return space.fixed.find((input) => input.name === name)?.value;
  const value = point[j] ?? Number.NaN;
  return Number.isNaN(value) ? undefined : settingOf(variable, value);
}

function matches(clause: Clause, value: number | string | undefined): boolean {
  if (value === undefined) return false;
  if (clause.in !== undefined) return clause.in.includes(value);
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = clause;
  return typeof value === "number" && value >= min && value <= max;
}

/** The combination as "quench = water and temperature >= 900". */
export function forbiddenText({ label, when }: ForbiddenCombination): string {
  const clauses = when.flatMap(({ name, in: values, min, max }) => {
    if (values !== undefined) return [`${name} = ${values.join(" or ")}`];
    return [
      ...(min === undefined ? [] : [`${name} >= ${shortNumber(min)}`]),
      ...(max === undefined ? [] : [`${name} <= ${shortNumber(max)}`]),
    ];
  });
  return `${label === undefined ? "" : `${label}: `}${clauses.join(" and ")}`;
}

function expressionProblem(space: SearchSpace, compiled: CompiledExpression, point: Point): string | undefined {
  const { constraint, expression, variables } = compiled;
  if (variables.some((j) => Number.isNaN(point[j] ?? Number.NaN))) return undefined;
  const value = expression.evaluate(tableOfPoints(space, [point]))[0] ?? Number.NaN;
  const { text, label, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = constraint;
  const at = label === undefined ? text : `${label} (${text})`;
  if (Number.isNaN(value)) return `${at} has no value here`;
  if (expression.kind === "condition") return value === 1 ? undefined : `${at} does not hold`;
  if (value >= min && value <= max) return undefined;
  const limit =
    value < min ? `at least ${withUnit(min, expression.unit)}` : `at most ${withUnit(max, expression.unit)}`;
  return `${at} is ${withUnit(value, expression.unit)}, ${limit} is allowed`;
}
