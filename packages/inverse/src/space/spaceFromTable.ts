import {
  type Column,
  type ColumnInfo,
  type ColumnRole,
  DataError,
  DomainError,
  isMateriomeError,
  resolveColumn,
  Table,
} from "@materiome/core";
import { levelsIn, seenLevel, validValues } from "./columnValues.ts";
import { createSpace } from "./createSpace.ts";
import { alignSteps, findSums } from "./findSums.ts";
import { withUnit } from "./numberText.ts";
import { quantityIn } from "./quantity.ts";
import type { FixedInput, SearchSpace } from "./searchSpace.ts";
import type { Variable } from "./variable.ts";
import { type VariableBounds, variableFromColumn } from "./variableFromColumn.ts";

export interface SpaceFromTableOptions {
  /** Inputs of the model (`model.inputs`). */
  readonly inputs: readonly ColumnInfo[];
  /** Values that are given: a number in the column's unit, text with a unit ("0.4 wt%"), or a category. */
  readonly fix?: Readonly<Record<string, number | string>> | undefined;
  /** Columns that are knobs although their role or `context` would say otherwise. */
  readonly vary?: readonly string[] | undefined;
  readonly bounds?: Readonly<Record<string, VariableBounds>> | undefined;
  /** Knobs as they stand, of that name in place of what the table says of it (its role stays), further ones beside. @defaultValue none */
  readonly defined?: readonly Variable[] | undefined;
  /**
   * Training row (0-based) whose composition, structure and conditions are taken as given: one heat, one lot.
   * Process columns stay knobs.
   */
  readonly context?: number | undefined;
}

/**
 * Search space of a model: bounds and categories from its training rows, knobs from the roles of its inputs.
 *
 * An input is, in this order: fixed where `fix` names it; a knob where `defined` or `vary` names it; a knob where its role is
 * process; a knob where its role is composition and there is no `context`; otherwise given by the `context` row. What is
 * left (structure, conditions) is an error that lists it: structure is reached only through process, and test conditions
 * are not settings. A column with one value in all training rows is fixed there, unless bounds are given. Proposals lie on the grid of
 * {@link inferStep}. Amounts that add up to one total in every row keep doing so ({@link SumConstraint}).
 *
 * @param table - training rows (`model.training`)
 * @throws DataError for unknown columns (nearest names offered), unseen categories, inputs neither knob nor given, and a column to vary that has
 * one value in all training rows, and no bounds
 * @throws DomainError for reversed bounds or a row outside the table
 * @throws UnitError for a unit that cannot be converted
 * @example
 * const space = spaceFromTable(model.training, { inputs: model.inputs, context: 170, fix: { RR: 1740 } });
 */
export function spaceFromTable(table: Table, options: SpaceFromTableOptions): SearchSpace {
  const { inputs, context, defined = [] } = options;
  const columns = new Table(inputs.map((input) => table.column(input.name)));
  const fix = byInput(columns, options.fix ?? {}, "fix");
  const bounds = byInput(columns, options.bounds ?? {}, "bounds");
  const vary = new Set((options.vary ?? []).map((text) => resolveInput(columns, text, "vary")));
  const both = [...vary, ...defined.map(({ name }) => name)].find((name) => fix.has(name));
  if (both !== undefined) throw new DataError(`"${both}" is both fixed and varied; choose one`);
  if (context !== undefined && !(Number.isInteger(context) && context >= 0 && context < table.nRows)) {
    throw new DomainError(`context: row ${context} of ${table.nRows} training rows (counted from 0)`);
  }

  const variables: Variable[] = [];
  const fixed: FixedInput[] = [];
  const open: ColumnInfo[] = [];
  for (const input of inputs) {
    const column = table.column(input.name);
    const given = fix.get(input.name);
    const own = defined.find(({ name }) => name === input.name);
    const isKnob =
      vary.has(input.name) || input.role === "process" || (input.role === "composition" && context === undefined);
    if (given !== undefined) fixed.push({ ...describe(column), value: fixedValue(column, given), why: "fixed" });
    else if (own !== undefined) variables.push({ ...own, role: column.role, unit: own.unit || column.unit });
    else if (isKnob) {
      const limits = bounds.get(input.name);
      const constant = limits === undefined ? constantValue(column) : undefined;
      if (constant !== undefined && vary.has(input.name)) {
        throw new DataError(
          `vary: "${input.name}" is ${withUnit(constant, column.unit)} in every row, which gives no range to turn it in; say which (bounds, or campaign new --vary "${input.name}=…"), or leave it out`,
        );
      }
      if (constant === undefined) variables.push(variableFromColumn(column, limits ?? {}));
      else fixed.push({ ...describe(column), value: constant, why: "constant" });
    } else if (context !== undefined) {
      fixed.push({ ...describe(column), value: contextValue(table, column, context), why: "context" });
    } else open.push(input);
  }
  if (open.length > 0) throw new DataError(openMessage(open));
  checkBoundsAreUsed([...bounds.keys()], variables, fixed);
  variables.push(...defined.filter(({ name }) => !inputs.some((input) => input.name === name)));
  if (variables.length === 0) {
    const constant = fixed.find(({ why }) => why === "constant");
    throw new DataError(
      constant === undefined
        ? "nothing is left to vary: every input is fixed; free at least one column"
        : `nothing is left to vary: "${constant.name}" is ${withUnit(constant.value, constant.unit)} in every row, which gives no range to turn it in; say which (bounds, or campaign new --vary "${constant.name}=…"), or free another column`,
    );
  }
  const sums = findSums(table, variables, fixed);
  const kept = new Set([
    ...defined.map(({ name }) => name),
    ...[...bounds].flatMap(([name, limits]) => (limits.step === undefined ? [] : [name])),
  ]);
  return createSpace({ variables: alignSteps(variables, sums, kept), fixed, sums });
}

/** Entries keyed by the input's name, however a person wrote it: name, header, either in another case. */
function byInput<T>(inputs: Table, entries: Readonly<Record<string, T>>, what: string): ReadonlyMap<string, T> {
  const named = new Map<string, T>();
  for (const [text, value] of Object.entries(entries)) {
    const name = resolveInput(inputs, text, what);
    if (named.has(name)) throw new DataError(`${what}: "${name}" is given twice`);
    named.set(name, value);
  }
  return named;
}

function resolveInput(inputs: Table, text: string, what: string): string {
  try {
    return resolveColumn(inputs, text).name;
  } catch (error) {
    if (!isMateriomeError(error)) throw error;
    throw new DataError(`${what}, among the inputs of the model: ${error.message}`, { cause: error });
  }
}

function checkBoundsAreUsed(
  names: readonly string[],
  variables: readonly Variable[],
  fixed: readonly FixedInput[],
): void {
  const stray = names.find((name) => !variables.some((variable) => variable.name === name));
  if (stray === undefined) return;
  throw new DataError(
    fixed.find((input) => input.name === stray)?.why === "fixed"
      ? `"${stray}" is fixed, so its bounds mean nothing; drop one of the two`
      : `"${stray}" has bounds but is no knob; add it to vary`,
  );
}

function openMessage(open: readonly ColumnInfo[]): string {
  const reasons: Partial<Record<ColumnRole, string>> = {
    structure: "structure, reached only through process",
    condition: "a condition, not a setting",
  };
  const list = open.map((input) => `"${input.name}" (${reasons[input.role] ?? input.role})`).join(", ");
  return `these inputs are neither knobs nor given: ${list}; fix each to a value, take them from a training row (context, --like), or vary them`;
}

function describe(column: Column): Omit<FixedInput, "value" | "why"> {
  return { name: column.name, role: column.role, unit: column.unit, columnKind: column.kind };
}

function fixedValue(column: Column, given: number | string): number | string {
  if (column.kind === "number") return quantityIn(column.unit, given, `fix "${column.name}"`);
  // A formula is new chemistry that the model can featurize; its domain check judges it. A category must be known.
  return column.kind === "category" ? seenLevel(column, String(given), "fix") : String(given);
}

function contextValue(table: Table, column: Column, row: number): number | string {
  let value: number | string | undefined;
  if (column.kind === "number") value = column.valid[row] === 1 ? column.values[row] : undefined;
  else if (column.kind === "category") value = column.labels[column.codes[row] ?? -1];
  else value = column.texts[row];
  if (value === undefined) {
    throw new DataError(
      `context: row ${table.rowNumber(row)} of the training table has no value for "${column.name}"; fix it or take another row`,
    );
  }
  return value;
}

function constantValue(column: Column): number | string | undefined {
  if (column.kind !== "number") {
    const levels = levelsIn(column);
    return levels.length === 1 ? levels[0] : undefined;
  }
  const values = validValues(column);
  const first = values[0];
  return first !== undefined && values.every((value) => value === first) ? first : undefined;
}
