import { DataError, DomainError } from "../errors/errors.ts";
import { temperatureAfter } from "./continuity.ts";
import { createSchedule, type Schedule } from "./schedule.ts";
import { type FieldPath, fieldValue, pathOf, resolvePath, valuesByPath } from "./schedulePaths.ts";
import type { Step } from "./step.ts";
import { fieldProblem } from "./stepFields.ts";

/** Range of a number, or the choices of a choice. */
export type VariableBounds =
  | {
      readonly min: number;
      readonly max: number;
      /** Smallest change that can be set. @defaultValue any */
      readonly step?: number | undefined;
      /** @defaultValue "linear" */
      readonly scale?: "linear" | "log" | undefined;
    }
  | { readonly levels: readonly string[] };

/** A field that may be turned, in the form of a variable of a search space: `name` is the path of the field. */
export type ScheduleVariable =
  | {
      readonly kind: "continuous";
      readonly name: string;
      readonly role: "process";
      readonly unit: string;
      readonly min: number;
      readonly max: number;
      readonly step?: number | undefined;
      readonly scale: "linear" | "log";
    }
  | {
      readonly kind: "integer";
      readonly name: string;
      readonly role: "process";
      readonly unit: string;
      readonly min: number;
      readonly max: number;
    }
  | {
      readonly kind: "category";
      readonly columnKind: "category";
      readonly name: string;
      readonly role: "process";
      readonly unit: "";
      readonly levels: readonly string[];
    };

/** What must hold between values: below < above, each a path or a number. */
export interface ScheduleOrder {
  readonly below: string | number;
  readonly above: string | number;
}

export interface ScheduleVariables {
  readonly variables: readonly ScheduleVariable[];
  /** Orders that the bounds alone do not ensure. */
  readonly orders: readonly ScheduleOrder[];
}

/**
 * Fields of a schedule as variables for inverse design, with the orders that keep the schedule sound: a heat step ends
 * above, a cool or quench step below the temperature before it; a thickness goes down. Plain data: `variables` are the
 * variables of a search space. Temperatures that only repeat the one before (hold, deform) follow it by themselves.
 *
 * @param bounds - by path, `steps[k].field` with k from 0 as in the JSON, in the unit of the field
 * @throws DataError for paths that the schedule does not have
 * @throws DomainError for bounds that are reversed, equal, or not allowed for the field
 * @example
 * scheduleVariables(schedule, {
 *   "steps[0].temperatureC": { min: 820, max: 900, step: 5 },
 *   "steps[4].timeS": { min: 600, max: 36000, scale: "log" },
 * });
 */
export function scheduleVariables(
  schedule: Schedule,
  bounds: Readonly<Record<string, VariableBounds>>,
): ScheduleVariables {
  const entries = Object.entries(bounds).map(([path, bound]) => ({ field: resolvePath(schedule, path), bound }));
  const variables = entries.map(({ field, bound }) => variableOf(field, bound));
  const ranges = new Map(
    variables.flatMap((v) => (v.kind === "category" ? [] : [[v.name, { min: v.min, max: v.max }] as const])),
  );
  const rangeOf = (side: string | number): { min: number; max: number } =>
    typeof side === "number" ? { min: side, max: side } : (ranges.get(side) ?? { min: Number.NaN, max: Number.NaN });
  const orders = ordersOf(schedule, new Set(ranges.keys())).filter(
    ({ below, above }) => !(rangeOf(below).max < rangeOf(above).min),
  );
  const impossible = orders.find(({ below, above }) => rangeOf(below).min >= rangeOf(above).max);
  if (impossible !== undefined) {
    throw new DomainError(
      `scheduleVariables: ${impossible.below} must be below ${impossible.above}, but the bounds leave no such values; move them`,
    );
  }
  return { variables, orders };
}

/**
 * The schedule with some fields set to other values, checked as a whole. Hold and deform temperatures that repeated the
 * temperature before them follow it, unless they are set too.
 *
 * @param values - by path, as from {@link scheduleVariables}
 * @throws DataError for paths that the schedule does not have
 * @throws FormatError naming step and field if the result is not sound
 * @example
 * withVariables(schedule, { "steps[0].temperatureC": 875 }).steps[0];
 */
export function withVariables(schedule: Schedule, values: Readonly<Record<string, number | string>>): Schedule {
  const steps = schedule.steps.map((step) => ({ ...step }) as unknown as Record<string, unknown>);
  let start = schedule.startTemperatureC;
  for (const [path, value] of Object.entries(values)) {
    const { step, name } = resolvePath(schedule, path);
    if (step === undefined) start = value as number;
    else (steps[step] as Record<string, unknown>)[name] = value;
  }
  let [before, after] = [schedule.startTemperatureC, start];
  for (const [i, step] of schedule.steps.entries()) {
    const changed = steps[i] as Record<string, unknown>;
    if (repeats(step, before) && values[pathOf(i, "temperatureC")] === undefined) changed["temperatureC"] = after;
    before = temperatureAfter(step, before);
    after = temperatureAfter(changed as unknown as Step, after);
  }
  const { name } = schedule;
  return createSchedule(steps as unknown as readonly Step[], { name, startTemperatureC: start });
}

/**
 * Bounds of everything that differs between schedules with the same steps: from smallest to largest value of a number,
 * the values of a choice. Temperatures that only repeat the one before are left out.
 *
 * @throws DataError unless there are schedules and all have the same kinds of steps and the same fields
 * @example
 * const { schedules } = schedulesFromTable(table, mapping);
 * scheduleVariables(schedules[0], boundsOfSchedules(schedules));
 */
export function boundsOfSchedules(schedules: readonly Schedule[]): Readonly<Record<string, VariableBounds>> {
  const [first] = schedules;
  if (first === undefined) throw new DataError("boundsOfSchedules: needs at least one schedule, got none");
  const all = schedules.map(valuesByPath);
  const form = (schedule: Schedule, values: ReadonlyMap<string, unknown>): string =>
    [...schedule.steps.map(({ kind }) => kind), ...values.keys()].join(" ");
  const expected = form(first, all[0] ?? new Map());
  const odd = schedules.findIndex((schedule, i) => form(schedule, all[i] ?? new Map()) !== expected);
  if (odd >= 0) {
    throw new DataError(
      `boundsOfSchedules: schedule ${odd + 1} has other steps or fields than schedule 1; take those of one form`,
    );
  }
  const out: Record<string, VariableBounds> = {};
  for (const path of all[0]?.keys() ?? []) {
    const { step, name, field } = resolvePath(first, path);
    const values = all.map((map) => map.get(path) as number | string); // same form
    if (new Set(values).size < 2) continue;
    if (field.type !== "number") {
      out[path] = { levels: [...new Set(values as string[])].sort() };
    } else if (
      step === undefined ||
      name !== "temperatureC" ||
      !schedules.every((schedule) => isTied(schedule, step))
    ) {
      const numbers = values as number[];
      out[path] = { min: Math.min(...numbers), max: Math.max(...numbers) };
    }
  }
  return out;
}

function variableOf({ path, field }: FieldPath, bound: VariableBounds): ScheduleVariable {
  const at = `scheduleVariables, "${path}"`;
  const info = { name: path, role: "process" as const };
  if ("levels" in bound) {
    if (field.type === "number") throw new DomainError(`${at}: a number takes min and max, not levels`);
    if (bound.levels.length === 0) throw new DomainError(`${at}: needs at least one level`);
    for (const level of bound.levels) {
      const problem = fieldProblem(field, level);
      if (problem !== undefined) throw new DomainError(`${at}: ${problem}`);
    }
    return { ...info, kind: "category", columnKind: "category", unit: "", levels: bound.levels };
  }
  if (field.type !== "number") throw new DomainError(`${at}: a choice takes levels, not min and max`);
  const { min, max, step, scale = "linear" } = bound;
  for (const value of [min, max]) {
    const problem = fieldProblem(field, value);
    if (problem !== undefined) throw new DomainError(`${at}: ${problem}`);
  }
  if (!(min < max)) throw new DomainError(`${at}: min must be below max, got ${min} and ${max}; swap or fix the value`);
  if (step !== undefined && !(step > 0)) throw new DomainError(`${at}: step must be positive, got ${step}`);
  if (scale === "log" && !(min > 0)) throw new DomainError(`${at}: a log scale needs a min above 0, got ${min}`);
  const { unit } = field;
  if (field.integer === true) return { ...info, kind: "integer", unit, min, max };
  return { ...info, kind: "continuous", unit, min, max, ...(step === undefined ? {} : { step }), scale };
}

/** Orders between temperatures and thicknesses of which at least one is varied. */
function ordersOf(schedule: Schedule, varied: ReadonlySet<string>): ScheduleOrder[] {
  const orders: ScheduleOrder[] = [];
  const side = (path: string, value: number): string | number => (varied.has(path) ? path : value);
  const add = (below: string | number, above: string | number): void => {
    if (typeof below === "string" || typeof above === "string") orders.push({ below, above });
  };
  let temperatureC = schedule.startTemperatureC;
  let reached = temperatureC === undefined ? undefined : side("startTemperatureC", temperatureC);
  for (const [i, step] of schedule.steps.entries()) {
    const toC = fieldValue(step, "temperatureC");
    const own = typeof toC === "number" ? side(pathOf(i, "temperatureC"), toC) : undefined;
    if (own !== undefined && reached !== undefined) {
      if (step.kind === "heat") add(reached, own);
      else if (step.kind === "cool" || step.kind === "quench") add(own, reached);
    }
    if (step.kind === "deform" && step.thicknessInMm !== undefined && step.thicknessOutMm !== undefined) {
      add(side(pathOf(i, "thicknessOutMm"), step.thicknessOutMm), side(pathOf(i, "thicknessInMm"), step.thicknessInMm));
    }
    const after = temperatureAfter(step, temperatureC);
    if (after === undefined) reached = undefined;
    else if (own !== undefined && !repeats(step, temperatureC)) reached = own;
    temperatureC = after;
  }
  return orders;
}

/** True for a hold or deform step whose temperature only repeats the one before. */
function repeats(step: Step, beforeC: number | undefined): boolean {
  return (step.kind === "hold" || step.kind === "deform") && step.temperatureC !== undefined && beforeC !== undefined;
}

function isTied(schedule: Schedule, index: number): boolean {
  let before = schedule.startTemperatureC;
  for (const step of schedule.steps.slice(0, index)) before = temperatureAfter(step, before);
  const step = schedule.steps[index];
  return step !== undefined && repeats(step, before);
}
