import { DataError } from "../errors/errors.ts";
import { suggestion } from "./readStep.ts";
import type { Schedule } from "./schedule.ts";
import type { Step } from "./step.ts";
import { fieldsOf, STEP_FIELDS, type StepField } from "./stepFields.ts";

/** A field of a schedule: `step` from 0 as in its JSON, undefined for the schedule's own. */
export interface FieldPath {
  readonly path: string;
  readonly step: number | undefined;
  readonly name: string;
  readonly field: StepField;
}

/** Path of a field, as in its JSON: `steps[1].temperatureC`. */
export function pathOf(step: number, name: string): string {
  return `steps[${step}].${name}`;
}

/** Fields that a schedule has, with their values, in the order of its steps. */
export function valuesByPath(schedule: Schedule): Map<string, number | string> {
  const out = new Map<string, number | string>();
  if (schedule.startTemperatureC !== undefined) out.set("startTemperatureC", schedule.startTemperatureC);
  for (const [i, step] of schedule.steps.entries()) {
    for (const name of Object.keys(fieldsOf(step.kind))) {
      const value = fieldValue(step, name);
      if (value !== undefined) out.set(pathOf(i, name), value);
    }
  }
  return out;
}

/**
 * Finds the field that a path means.
 *
 * @throws DataError if the schedule has no such step or the kind of step no such field
 */
export function resolvePath(schedule: Schedule, path: string): FieldPath {
  if (path === "startTemperatureC") {
    return { path, step: undefined, name: path, field: STEP_FIELDS.heat.temperatureC };
  }
  const match = /^steps\[(\d+)\]\.(\w+)$/.exec(path);
  const index = Number(match?.[1]);
  const step = schedule.steps[index];
  const name = match?.[2] ?? "";
  if (match === null || step === undefined) {
    throw new DataError(
      `no field "${path}": write steps[k].field with k from 0 to ${schedule.steps.length - 1}${suggestion(path, [...valuesByPath(schedule).keys()])}`,
    );
  }
  const field = fieldsOf(step.kind)[name];
  if (field === undefined) {
    throw new DataError(
      `no field "${path}": a ${step.kind} step has no ${name}${suggestion(name, Object.keys(fieldsOf(step.kind)))}`,
    );
  }
  return { path, step: index, name, field };
}

export function fieldValue(step: Step, name: string): number | string | undefined {
  return (step as unknown as Readonly<Record<string, number | string | undefined>>)[name];
}
