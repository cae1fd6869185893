import type { ColumnRole } from "@materiome/core";

interface VariableInfo {
  readonly name: string;
  readonly role: ColumnRole;
  /** Unit of the values, as the model takes them; "" for none. */
  readonly unit: string;
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

/** A choice among levels. For a formula or text column the levels are the texts of the training rows. */
export interface CategoryVariable extends VariableInfo {
  readonly kind: "category";
  readonly columnKind: "category" | "formula" | "grade" | "text";
  readonly levels: readonly string[];
}

export type Variable = ContinuousVariable | IntegerVariable | CategoryVariable;

/** Number of values that can be proposed; Infinity without a step. */
export function levelCount(variable: Variable): number {
  if (variable.kind === "category") return variable.levels.length;
  const grid = gridOf(variable);
  return grid === undefined ? Number.POSITIVE_INFINITY : grid.count;
}

/** Value at position `u` in [0, 1): equal shares for levels. A category is returned as the index of its level. */
export function valueAt(variable: Variable, u: number): number {
  if (variable.kind === "category") return Math.min(variable.levels.length - 1, Math.floor(u * variable.levels.length));
  const grid = gridOf(variable);
  if (grid === undefined) return fromPosition(variable, u);
  if (isLog(variable)) return snap(variable, fromPosition(variable, u));
  return gridValue(grid, Math.min(grid.count - 1, Math.floor(u * grid.count)));
}

/** The `k`-th value that can be proposed; only where {@link levelCount} is finite. */
export function valueOfLevel(variable: Variable, k: number): number {
  if (variable.kind === "category") return k;
  const grid = gridOf(variable);
  return grid === undefined ? variable.min : gridValue(grid, k);
}

/** Nearest value that can be proposed. */
export function snap(variable: Variable, value: number): number {
  if (variable.kind === "category") {
    return Math.max(0, Math.min(variable.levels.length - 1, Math.round(value)));
  }
  const grid = gridOf(variable);
  if (grid === undefined) return Math.max(variable.min, Math.min(variable.max, value));
  return gridValue(grid, Math.max(0, Math.min(grid.count - 1, Math.round((value - grid.first) / grid.step))));
}

/** True if the value lies in bounds and on the grid (a category: is the index of a level). */
export function isAllowedValue(variable: Variable, value: number): boolean {
  if (variable.kind === "category") return Number.isInteger(value) && value >= 0 && value < variable.levels.length;
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
  return (value - variable.min) / (variable.max - variable.min);
}

/** Value moved by `delta` positions and at least one level, snapped and kept in bounds. Numbers only. */
export function nudge(variable: Exclude<Variable, CategoryVariable>, value: number, delta: number): number {
  const moved = snap(variable, fromPosition(variable, clamp01(positionOf(variable, value) + delta)));
  const grid = gridOf(variable);
  if (moved !== value || grid === undefined || delta === 0) return moved;
  return snap(variable, value + Math.sign(delta) * grid.step);
}

interface Grid {
  readonly first: number;
  readonly step: number;
  readonly count: number;
  readonly min: number;
  readonly max: number;
}

function gridOf(variable: Exclude<Variable, CategoryVariable>): Grid | undefined {
  const step = variable.kind === "integer" ? 1 : variable.step;
  if (step === undefined) return undefined;
  const origin = variable.kind === "integer" ? 0 : (variable.origin ?? variable.min);
  const first = origin + Math.ceil((variable.min - origin) / step - 1e-9) * step;
  const count = Math.floor((variable.max - first) / step + 1e-9) + 1;
  return { first, step, count, min: variable.min, max: variable.max };
}

/** 0.1 + 2 · 0.1 is written 0.3: values carry 12 significant digits. */
function gridValue(grid: Grid, k: number): number {
  const value = Number((grid.first + k * grid.step).toPrecision(12));
  return Math.max(grid.min, Math.min(grid.max, value));
}

function isLog(variable: Variable): boolean {
  return variable.kind === "continuous" && variable.scale === "log";
}

function fromPosition(variable: Exclude<Variable, CategoryVariable>, t: number): number {
  const value = isLog(variable)
    ? variable.min * (variable.max / variable.min) ** t
    : variable.min + t * (variable.max - variable.min);
  return Math.max(variable.min, Math.min(variable.max, value));
}

function clamp01(t: number): number {
  return Math.max(0, Math.min(1, t));
}
