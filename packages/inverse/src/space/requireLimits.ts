import { DataError } from "@materiome/core";
import { compileSpace } from "./compiledSpace.ts";
import type { SearchSpace } from "./searchSpace.ts";

/**
 * Checks that every expression of the space allows something and forbids something. Journals of before may hold one that does not, which keeps nothing
 * out; they can be read and changed.
 *
 * @throws DataError for an expression that is a number without limits
 */
export function requireLimits(space: SearchSpace): void {
  for (const { constraint, expression } of compileSpace(space).expressions) {
    if (expression.kind === "condition" || constraint.min !== undefined || constraint.max !== undefined) continue;
    throw new DataError(
      `search space: "${constraint.text}" is a number, and nothing says which are allowed; compare it (<=, >=), or give min or max`,
    );
  }
}
