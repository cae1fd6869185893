import { type Expression, expression } from "@materiome/core/features";
import type { ExpressionConstraint, ForbiddenCombination, PresenceConstraint } from "./constraint.ts";
import { type LinearRow, linearRows } from "./linearRows.ts";
import { tableOfPoints } from "./points.ts";
import type { SearchSpace } from "./searchSpace.ts";

/** The constraints of a space, ready to be evaluated. */
export interface CompiledSpace {
  readonly rows: readonly LinearRow[];
  readonly presences: readonly { readonly constraint: PresenceConstraint; readonly variables: readonly number[] }[];
  readonly expressions: readonly CompiledExpression[];
  readonly forbidden: readonly ForbiddenCombination[];
}

export interface CompiledExpression {
  readonly constraint: ExpressionConstraint;
  readonly expression: Expression;
  /** Indices of the variables that it uses. */
  readonly variables: readonly number[];
}

const known = new WeakMap<SearchSpace, CompiledSpace>();

/**
 * Compiles the constraints of a space; once for each space, which is immutable.
 *
 * @throws DataError for names that are no inputs; FormatError or UnitError for expressions that make no sense
 */
export function compileSpace(space: SearchSpace): CompiledSpace {
  const found = known.get(space);
  if (found !== undefined) return found;
  const constraints = space.constraints ?? [];
  const index = (name: string): number => space.variables.findIndex((variable) => variable.name === name);
  const header = tableOfPoints(space, []);
  const compiled: CompiledSpace = {
    rows: linearRows(space),
    presences: constraints.flatMap((constraint) =>
      constraint.kind === "presence" ? [{ constraint, variables: constraint.names.map(index) }] : [],
    ),
    expressions: constraints.flatMap((constraint) => {
      if (constraint.kind !== "expression") return [];
      const compiledText = expression(constraint.text, header, { unit: constraint.unit, outside: "missing" });
      const variables = compiledText.columns.map(({ name }) => index(name)).filter((j) => j >= 0);
      return [{ constraint, expression: compiledText, variables }];
    }),
    forbidden: constraints.filter((constraint) => constraint.kind === "forbidden"),
  };
  known.set(space, compiled);
  return compiled;
}
