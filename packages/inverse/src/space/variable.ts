import type { ColumnRole } from "@materiome/core";

interface VariableInfo {
  readonly name: string;
  readonly role: ColumnRole;
  /** Unit of the values, as the model takes them; "" for none. */
  readonly unit: string;
  /** Where the variable exists at all. @defaultValue everywhere */
  readonly when?: Condition | undefined;
}

/**
 * Another variable (a category, ordinal or integer) takes one of these values: "quench medium" only when "route" is "quenched". A
 * variable whose condition does not hold, or whose parent is inactive itself, is inactive: NaN in a point, absent from settings.
 */
export interface Condition {
  readonly name: string;
  readonly in: readonly (string | number)[];
}

/**
 * A number between `min` and `max`, both included. With a `step`, only `origin + k · step` is proposed. `scale` says
 * how distances and mutations are measured; "log" needs `min` > 0.
 */
export interface ContinuousVariable extends VariableInfo {
  readonly kind: "continuous";
  readonly min: number;
  readonly max: number;
  readonly step?: number | undefined;
  /** @defaultValue `min` */
  readonly origin?: number | undefined;
  readonly scale: "linear" | "log";
}

/** A whole number between `min` and `max`, both included. */
export interface IntegerVariable extends VariableInfo {
  readonly kind: "integer";
  readonly min: number;
  readonly max: number;
}

/**
 * One of a few numbers in order, `values` ascending: grit sizes, sieve widths. With `labels`, one for each value, the settings are
 * texts and the values say how far apart they lie (0, 1, 2, … for mere ranks). A point holds the value.
 */
export interface OrdinalVariable extends VariableInfo {
  readonly kind: "ordinal";
  readonly values: readonly number[];
  readonly labels?: readonly string[] | undefined;
}

/** A choice among levels. For a formula or text column the levels are the texts of the training rows. */
export interface CategoryVariable extends VariableInfo {
  readonly kind: "category";
  readonly columnKind: "category" | "formula" | "grade" | "text";
  readonly levels: readonly string[];
  /**
   * Numbers that describe the levels, by name, one for each level: boiling point and viscosity of solvents. A surrogate then sees
   * these instead of one column for each level.
   */
  readonly descriptors?: Readonly<Record<string, readonly number[]>> | undefined;
}

export type Variable = ContinuousVariable | IntegerVariable | OrdinalVariable | CategoryVariable;

/** A value of a point as a person writes it: the level of a category, the label of a labelled ordinal, else the number. */
export function settingOf(variable: Variable, value: number): number | string {
  if (variable.kind === "category") return variable.levels[value] ?? "";
  if (variable.kind !== "ordinal" || variable.labels === undefined) return value;
  return variable.labels[variable.values.indexOf(value)] ?? "";
}

export type NumericVariable =
  | ContinuousVariable
  | IntegerVariable
  | (OrdinalVariable & { readonly labels?: undefined });

/** True if a table holds the variable as numbers. */
export function isNumeric(variable: Variable): variable is NumericVariable {
  return variable.kind !== "category" && !(variable.kind === "ordinal" && variable.labels !== undefined);
}

/** Number of values that can be proposed; Infinity without a step. */
export function levelCount(variable: Variable): number {
  if (variable.kind === "category") return variable.levels.length;
  if (variable.kind === "ordinal") return variable.values.length;
  const grid = gridOf(variable);
  return grid === undefined ? Number.POSITIVE_INFINITY : grid.count;
}

/** Value at position `u` in [0, 1): equal shares for levels. A category is returned as the index of its level. */
export function valueAt(variable: Variable, u: number): number {
  if (variable.kind === "category") return Math.min(variable.levels.length - 1, Math.floor(u * variable.levels.length));
  if (variable.kind === "ordinal") return ordinalValue(variable, Math.floor(u * variable.values.length));
  const grid = gridOf(variable);
  if (grid === undefined) return fromPosition(variable, u);
  if (isLog(variable)) return snap(variable, fromPosition(variable, u));
  return gridValue(grid, Math.min(grid.count - 1, Math.floor(u * grid.count)));
}

/** The `k`-th value that can be proposed; only where {@link levelCount} is finite. */
export function valueOfLevel(variable: Variable, k: number): number {
  if (variable.kind === "category") return k;
  if (variable.kind === "ordinal") return ordinalValue(variable, k);
  const grid = gridOf(variable);
  return grid === undefined ? variable.min : gridValue(grid, k);
}

/** Nearest value that can be proposed. */
export function snap(variable: Variable, value: number): number {
  if (variable.kind === "category") {
    return Math.max(0, Math.min(variable.levels.length - 1, Math.round(value)));
  }
  if (variable.kind === "ordinal") {
    return variable.values.reduce((a, b) => (Math.abs(b - value) < Math.abs(a - value) ? b : a));
  }
  const grid = gridOf(variable);
  if (grid === undefined) return Math.max(variable.min, Math.min(variable.max, value));
  return gridValue(grid, Math.max(0, Math.min(grid.count - 1, Math.round((value - grid.first) / grid.step))));
}

/** True if the value lies in bounds and on the grid (a category: is the index of a level). */
export function isAllowedValue(variable: Variable, value: number): boolean {
  if (variable.kind === "category") return Number.isInteger(value) && value >= 0 && value < variable.levels.length;
  if (variable.kind === "ordinal") return variable.values.includes(value);
  if (!(value >= variable.min && value <= variable.max)) return false;
  const grid = gridOf(variable);
  if (grid === undefined) return true;
  const k = (value - grid.first) / grid.step;
  return Math.abs(k - Math.round(k)) <= 1e-6;
}

/** Position in [0, 1] between the bounds, on the variable's scale; of a category the index of the level. */
export function positionOf(variable: Variable, value: number): number {
  if (variable.kind === "category") return value;
  if (isLog(variable)) return Math.log(value / variable.min) / Math.log(variable.max / variable.min);
  const { min, max } = rangeOf(variable);
  return (value - min) / (max - min);
}

/** Value moved by `delta` positions and at least one level, snapped and kept in bounds. Numbers only. */
export function nudge(variable: Exclude<Variable, CategoryVariable>, value: number, delta: number): number {
  const moved = snap(variable, fromPosition(variable, clamp01(positionOf(variable, value) + delta)));
  if (moved !== value || delta === 0) return moved;
  if (variable.kind === "ordinal") return ordinalValue(variable, variable.values.indexOf(value) + Math.sign(delta));
  const grid = gridOf(variable);
  if (grid === undefined) return moved;
  return snap(variable, value + Math.sign(delta) * grid.step);
}

/** Smallest and largest value. */
export function rangeOf(variable: Exclude<Variable, CategoryVariable>): { readonly min: number; readonly max: number } {
  if (variable.kind !== "ordinal") return variable;
  return { min: ordinalValue(variable, 0), max: ordinalValue(variable, variable.values.length - 1) };
}

/** First value and step of the grid; undefined without one. */
export function gridOf(variable: Exclude<Variable, CategoryVariable>): Grid | undefined {
  if (variable.kind === "ordinal") return undefined;
  const step = variable.kind === "integer" ? 1 : variable.step;
  if (step === undefined) return undefined;
  const origin = variable.kind === "integer" ? 0 : (variable.origin ?? variable.min);
  const first = origin + Math.ceil((variable.min - origin) / step - 1e-9) * step;
  const count = Math.floor((variable.max - first) / step + 1e-9) + 1;
  return { first, step, count, min: variable.min, max: variable.max };
}

function ordinalValue({ values }: OrdinalVariable, k: number): number {
  return values[Math.max(0, Math.min(values.length - 1, k))] ?? Number.NaN;
}

export interface Grid {
  readonly first: number;
  readonly step: number;
  readonly count: number;
  readonly min: number;
  readonly max: number;
}

/** 0.1 + 2 · 0.1 is written 0.3: values carry 12 significant digits. */
export function gridValue(grid: Grid, k: number): number {
  const value = Number((grid.first + k * grid.step).toPrecision(12));
  return Math.max(grid.min, Math.min(grid.max, value));
}

export function isLog(variable: Variable): variable is ContinuousVariable {
  return variable.kind === "continuous" && variable.scale === "log";
}

function fromPosition(variable: Exclude<Variable, CategoryVariable>, t: number): number {
  const { min, max } = rangeOf(variable);
  const value = isLog(variable) ? min * (max / min) ** t : min + t * (max - min);
  return Math.max(min, Math.min(max, value));
}

function clamp01(t: number): number {
  return Math.max(0, Math.min(1, t));
}
