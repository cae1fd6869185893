import { findConflict } from "./checkFeasible.ts";
import type { SearchSpace } from "./searchSpace.ts";
import { type CategoryVariable, type OrdinalVariable, settingOf, type Variable } from "./variable.ts";

/** A level that bounds and constraints leave no place for. */
export interface DeadLevel {
  readonly name: string;
  readonly value: string | number;
  /** What excludes it, as texts. */
  readonly conflict: readonly string[];
}

/** Levels of one variable beyond which it is passed over: each takes a few linear programs. */
const MOST_LEVELS = 50;

/**
 * Levels of categories and ordinals that can never be set, though the space as a whole can be met: whoever names them should know. Of a variable that
 * hangs on another, where that has the values it asks for. Expressions are left aside, as by {@link checkFeasible}.
 *
 * @example
 * deadLevels(space); // [{ name: "cooling", value: "quench", conflict: ["T temper >= 400 degC", "T temper + 800 < T solution", …] }]
 */
export function deadLevels(space: SearchSpace): readonly DeadLevel[] {
  if ((space.constraints ?? []).length + space.sums.length === 0) return [];
  return space.variables.flatMap((variable) => {
    if (variable.kind !== "category" && variable.kind !== "ordinal") return [];
    const values = settingsOf(variable);
    if (values.length < 2 || values.length > MOST_LEVELS) return [];
    const active = whereActive(space, variable);
    // Levels of what can never exist are no news: that of the variable on which it hangs is.
    if (active !== space && findConflict(active) !== undefined) return [];
    return values.flatMap((value): DeadLevel[] => {
      const conflict = findConflict(narrowed(active, variable.name, [value]));
      return conflict === undefined ? [] : [{ name: variable.name, value, conflict }];
    });
  });
}

/** The part of the space in which a variable exists. */
function whereActive(space: SearchSpace, { when }: Variable): SearchSpace {
  const parent = space.variables.find(({ name }) => name === when?.name);
  if (when === undefined || parent === undefined) return space;
  return narrowed(whereActive(space, parent), parent.name, when.in);
}

/** The space with these values of a variable only. */
function narrowed(space: SearchSpace, name: string, values: readonly (string | number)[]): SearchSpace {
  const narrow = (variable: Variable): Variable => {
    if (variable.name !== name) return variable;
    if (variable.kind === "category")
      return { ...variable, levels: variable.levels.filter((level) => values.includes(level)) };
    if (variable.kind === "integer") {
      const numbers = values.map(Number);
      return { ...variable, min: Math.min(...numbers), max: Math.max(...numbers) };
    }
    if (variable.kind !== "ordinal") return variable;
    const kept = variable.values.filter((value) => values.includes(settingOf(variable, value)));
    const labels = variable.labels?.filter((label) => values.includes(label));
    return { ...variable, values: kept, ...(labels === undefined ? {} : { labels }) };
  };
  return { ...space, variables: space.variables.map(narrow) };
}

function settingsOf(variable: CategoryVariable | OrdinalVariable): readonly (string | number)[] {
  if (variable.kind === "category") return variable.levels;
  return variable.values.map((value) => settingOf(variable, value));
}
