import {
  type Column,
  type ColumnInfo,
  type ColumnRole,
  DataError,
  DomainError,
  type NumberColumn,
  nearestNames,
  type Table,
} from "@materiome/core";
import { alignSteps, findSums } from "./findSums.ts";
import { inferStep } from "./inferStep.ts";
import { quantityIn } from "./quantity.ts";
import { createSpace, type FixedInput, type SearchSpace } from "./searchSpace.ts";
import type { Variable } from "./variable.ts";

/** Limits of one knob. Numbers are in the column's unit; text may carry another unit ("1100 K"). */
export interface VariableBounds {
  readonly min?: number | string | undefined;
  readonly max?: number | string | undefined;
  /** Step of proposals, counted from the lower bound. @defaultValue see {@link inferStep} */
  readonly step?: number | string | undefined;
  /** @defaultValue "linear" */
  readonly scale?: "linear" | "log" | undefined;
  /** Only whole numbers. @defaultValue false */
  readonly integer?: boolean | undefined;
  /** Categories to choose from. @defaultValue those of the training rows */
  readonly levels?: readonly string[] | undefined;
}

export interface SpaceFromTableOptions {
  /** Inputs of the model (`model.inputs`). */
  readonly inputs: readonly ColumnInfo[];
  /** Values that are given: a number in the column's unit, text with a unit ("0.4 wt%"), or a category. */
  readonly fix?: Readonly<Record<string, number | string>> | undefined;
  /** Columns that are knobs although their role or `context` would say otherwise. */
  readonly vary?: readonly string[] | undefined;
  readonly bounds?: Readonly<Record<string, VariableBounds>> | undefined;
  /**
   * Training row (0-based) whose composition, structure and conditions are taken as given: one heat, one lot.
   * Process columns stay knobs.
   */
  readonly context?: number | undefined;
}

/**
 * Search space of a model: bounds and categories from its training rows, knobs from the roles of its inputs.
 *
 * An input is, in this order: fixed where `fix` names it; a knob where `vary` names it; a knob where its role is
 * process; a knob where its role is composition and there is no `context`; otherwise given by the `context` row. What is
 * left (structure, conditions) is an error that lists it: structure is reached only through process, and test conditions
 * are not settings. A column with one value in all training rows is fixed there. Proposals lie on the grid of
 * {@link inferStep}. Amounts that add up to one total in every row keep doing so ({@link SumConstraint}).
 *
 * @param table - training rows (`model.training`)
 * @throws DataError for unknown columns (nearest names offered), unseen categories, inputs neither knob nor given
 * @throws DomainError for reversed bounds or a row outside the table
 * @throws UnitError for a unit that cannot be converted
 * @example
 * const space = spaceFromTable(model.training, { inputs: model.inputs, context: 170, fix: { RR: 1740 } });
 */
export function spaceFromTable(table: Table, options: SpaceFromTableOptions): SearchSpace {
  const { inputs, fix = {}, vary = [], bounds = {}, context } = options;
  checkNames(inputs, Object.keys(fix), "fix");
  checkNames(inputs, vary, "vary");
  checkNames(inputs, Object.keys(bounds), "bounds");
  const both = vary.find((name) => Object.hasOwn(fix, name));
  if (both !== undefined) throw new DataError(`"${both}" is both fixed and varied; choose one`);
  if (context !== undefined && !(Number.isInteger(context) && context >= 0 && context < table.nRows)) {
    throw new DomainError(`context: row ${context} of ${table.nRows} training rows (counted from 0)`);
  }

  const variables: Variable[] = [];
  const fixed: FixedInput[] = [];
  const open: ColumnInfo[] = [];
  for (const input of inputs) {
    const column = table.column(input.name);
    const given = fix[input.name];
    const isKnob =
      vary.includes(input.name) || input.role === "process" || (input.role === "composition" && context === undefined);
    if (given !== undefined) fixed.push({ ...describe(column), value: fixedValue(column, given), why: "fixed" });
    else if (isKnob) {
      const limits = bounds[input.name];
      const constant = limits === undefined ? constantValue(column) : undefined;
      if (constant === undefined) variables.push(variableOf(column, limits ?? {}));
      else fixed.push({ ...describe(column), value: constant, why: "constant" });
    } else if (context !== undefined) {
      fixed.push({ ...describe(column), value: contextValue(column, context), why: "context" });
    } else open.push(input);
  }
  if (open.length > 0) throw new DataError(openMessage(open));
  checkBoundsAreUsed(Object.keys(bounds), variables, fixed);
  if (variables.length === 0) {
    throw new DataError("nothing is left to vary: every input is fixed; free at least one column");
  }
  const sums = findSums(table, variables, fixed);
  const kept = new Set(Object.keys(bounds).filter((name) => bounds[name]?.step !== undefined));
  return createSpace({ variables: alignSteps(variables, sums, kept), fixed, sums });
}

function checkNames(inputs: readonly ColumnInfo[], names: readonly string[], what: string): void {
  const known = inputs.map((input) => input.name);
  for (const name of names) {
    if (known.includes(name)) continue;
    const near = nearestNames(name, known);
    const hint = near.length > 0 ? `did you mean ${near.map((n) => `"${n}"`).join(" or ")}?` : known.join(", ");
    throw new DataError(
      `${what}: "${name}" is no input of the model; ${near.length > 0 ? hint : `inputs are: ${hint}`}`,
    );
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
  return `these inputs are neither knobs nor given: ${list}; fix each to a value, take them from a training row (context), or vary them`;
}

function describe(column: Column): Omit<FixedInput, "value" | "why"> {
  return { name: column.name, role: column.role, unit: column.unit, columnKind: column.kind };
}

function fixedValue(column: Column, given: number | string): number | string {
  if (column.kind === "number") return quantityIn(column.unit, given, `fix "${column.name}"`);
  // A formula is new chemistry that the model can featurize; its domain check judges it. A category must be known.
  return column.kind === "category" ? seenLevel(column, String(given), "fix") : String(given);
}

function seenLevel(column: Exclude<Column, NumberColumn>, label: string, what: string): string {
  const levels = levelsIn(column);
  const exact = levels.find((level) => level === label);
  if (exact !== undefined) return exact;
  const near = nearestNames(label, levels);
  const hint =
    near.length > 0 ? `did you mean ${near.map((n) => `"${n}"`).join(" or ")}?` : `seen are: ${levels.join(", ")}`;
  throw new DataError(`${what} "${column.name}": category "${label}" is in no training row; ${hint}`);
}

function contextValue(column: Column, row: number): number | string {
  let value: number | string | undefined;
  if (column.kind === "number") value = column.valid[row] === 1 ? column.values[row] : undefined;
  else if (column.kind === "category") value = column.labels[column.codes[row] ?? -1];
  else value = column.texts[row];
  if (value === undefined) {
    throw new DataError(`context: training row ${row} has no value for "${column.name}"; fix it or take another row`);
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

function variableOf(column: Column, limits: VariableBounds): Variable {
  const { name, role, unit } = column;
  if (column.kind !== "number") {
    const levels = limits.levels?.map((level) => seenLevel(column, level, "bounds")) ?? levelsIn(column);
    if (limits.min !== undefined || limits.max !== undefined || limits.step !== undefined) {
      throw new DataError(`bounds "${name}": a ${column.kind} column takes levels, not a minimum, maximum or step`);
    }
    return { kind: "category", name, role, unit, columnKind: column.kind, levels };
  }
  if (limits.levels !== undefined) {
    throw new DataError(`bounds "${name}": a number takes a minimum and maximum, not levels`);
  }
  const at = `bounds "${name}"`;
  const values = validValues(column);
  if (values.length === 0) throw new DataError(`"${name}" has no value in any training row; fix it`);
  const min = limits.min === undefined ? least(values) : quantityIn(unit, limits.min, at);
  const max = limits.max === undefined ? -least(values.map((value) => -value)) : quantityIn(unit, limits.max, at);
  if (limits.integer === true) return { kind: "integer", name, role, unit, min, max };
  const scale = limits.scale ?? "linear";
  if (limits.step !== undefined) {
    // A step is a difference: 10 K and 10 degC are the same step, so it is converted without the offset.
    const step =
      quantityIn(unit, limits.step, at) - (typeof limits.step === "string" ? zeroOf(unit, limits.step, at) : 0);
    return { kind: "continuous", name, role, unit, min, max, step, origin: min, scale };
  }
  const inferred = inferStep(values);
  return { kind: "continuous", name, role, unit, min, max, step: inferred?.step, origin: inferred?.origin, scale };
}

/** What zero of the unit written in `text` is in the column's unit: 0 for all but temperature scales. */
function zeroOf(unit: string, text: string, at: string): number {
  return quantityIn(unit, text.trim().replace(/^[+-]?[\d.]+(?:[eE][+-]?\d+)?/, "0"), at);
}

function validValues(column: NumberColumn): number[] {
  return [...column.values].filter((_, i) => column.valid[i] === 1);
}

function levelsIn(column: Exclude<Column, NumberColumn>): string[] {
  const texts = column.kind === "category" ? [...column.codes].map((code) => column.labels[code]) : column.texts;
  return [...new Set(texts)].filter((text): text is string => text !== undefined).sort();
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}
