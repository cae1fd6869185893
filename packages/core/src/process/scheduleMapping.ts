import { FormatError, IncompatibleError } from "../errors/errors.ts";
import { type AddProblem, addMissing, fieldNamed, isRecord, readFields, readKind, suggestion } from "./readStep.ts";
import { problemText, type ScheduleProblem } from "./schedule.ts";
import type { StepKind } from "./step.ts";
import { fieldProblem, fieldsOf, STEP_FIELDS, type StepField } from "./stepFields.ts";

/** A field that differs from row to row. */
export interface ColumnField {
  /** Name or header of the column. */
  readonly column: string;
  /** Unit of its values, where the column does not say it (or says it wrongly). */
  readonly unit?: string | undefined;
  /** What the labels of a column mean, for fields that are choices: `{ "WQ": "water" }`. */
  readonly values?: Readonly<Record<string, string>> | undefined;
}

/** One step: fields by name, each the same in every row or a column. */
export interface MappedStep {
  readonly kind: StepKind;
  /** True: rows that lack all columns of this step did not have it. False: a required value that lacks is a problem. */
  readonly optional: boolean;
  readonly fields: Readonly<Record<string, number | string | ColumnField>>;
}

/** How the rows of a table describe schedules of one form. */
export interface ScheduleMapping {
  readonly version: 1;
  readonly startTemperatureC?: number | ColumnField | undefined;
  readonly steps: readonly MappedStep[];
}

/**
 * A mapping from parsed JSON. It looks like a schedule in which a field may be `{ column, unit?, values? }`, and a step
 * may be `optional`; units of columns are converted.
 *
 * @param file - its name, for messages
 * @throws FormatError listing every problem by step and field
 * @throws IncompatibleError for another version
 * @example
 * readScheduleMapping({
 *   version: 1,
 *   steps: [
 *     { kind: "heat", temperature: { column: "Tempering temperature" }, treatment: "temper" },
 *     { kind: "hold", time: { column: "Time", unit: "min" } },
 *     { kind: "quench", medium: { column: "Cooling", values: { WQ: "water", OQ: "oil" } }, optional: true },
 *   ],
 * });
 */
export function readScheduleMapping(data: unknown, file?: string): ScheduleMapping {
  const problems: ScheduleProblem[] = [];
  const location = { file };
  if (!isRecord(data)) throw new FormatError("a mapping is an object { version: 1, steps: [...] }", { location });
  const { version } = data;
  if (typeof version === "number" && version !== 1) {
    throw new IncompatibleError(`mapping of version ${version}; this release reads version 1`, { location });
  }
  if (version !== 1) {
    const message = `expected 1, found ${JSON.stringify(version)}; write "version": 1`;
    problems.push({ step: undefined, field: "version", message });
  }
  const known = ["version", "startTemperatureC", "steps", "description"];
  for (const key of Object.keys(data)) {
    if (!known.includes(key)) {
      problems.push({ step: undefined, field: key, message: `unknown field${suggestion(key, known)}` });
    }
  }
  const steps: MappedStep[] = [];
  const list = data["steps"];
  if (!Array.isArray(list) || list.length === 0) {
    problems.push({ step: undefined, field: "steps", message: "expected a list of at least one step { kind, … }" });
  }
  for (const [i, entry] of (Array.isArray(list) ? (list as unknown[]) : []).entries()) {
    const step = readMappedStep(entry, (message, field) => problems.push({ step: i + 1, field, message }));
    if (step !== undefined) steps.push(step);
  }
  const start = data["startTemperatureC"];
  const addStart = (message: string): void => {
    problems.push({ step: undefined, field: "startTemperatureC", message });
  };
  const startField = start === undefined ? undefined : readStart(start, addStart);
  if (problems.length > 0) throw new FormatError(problemText(problems), { location });
  return { version: 1, ...(startField === undefined ? {} : { startTemperatureC: startField }), steps };
}

/** The JSON that {@link readScheduleMapping} reads. */
export function writeScheduleMapping(mapping: ScheduleMapping): Readonly<Record<string, unknown>> {
  const steps = mapping.steps.map(({ kind, optional, fields }) => ({
    kind,
    ...(optional ? { optional } : {}),
    ...fields,
  }));
  const { startTemperatureC } = mapping;
  return { version: 1, ...(startTemperatureC === undefined ? {} : { startTemperatureC }), steps };
}

/** The column of a field; undefined where it is the same in every row, or absent. */
export function columnOf(step: MappedStep, field: string): ColumnField | undefined {
  const value = step.fields[field];
  return typeof value === "object" ? value : undefined;
}

function readMappedStep(data: unknown, add: AddProblem): MappedStep | undefined {
  const entry = readKind(data, add);
  if (entry === undefined) return undefined;
  const { kind } = entry;
  const { optional, ...entries } = entry.entries;
  if (optional !== undefined && typeof optional !== "boolean") {
    add(`expected true or false, found ${JSON.stringify(optional)}`, "optional");
  }
  const columns: Record<string, ColumnField> = {};
  const constants: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entries)) {
    if (!isRecord(value)) {
      constants[key] = value;
      continue;
    }
    const name = fieldNamed(kind, key, add);
    const field = name === undefined ? undefined : fieldsOf(kind)[name];
    if (name === undefined || field === undefined) continue;
    columns[name] = readColumnField(value, field, (message) => add(message, key));
  }
  const fixed = readFields(kind, constants, add) as Readonly<Record<string, number | string>>;
  const twice = Object.keys(fixed).find((name) => columns[name] !== undefined);
  if (twice !== undefined) add("given twice, as a value and as a column; keep one", twice);
  addMissing(kind, [...Object.keys(fixed), ...Object.keys(columns)], add);
  if (optional === true && Object.keys(columns).length === 0) {
    add("an optional step needs a field from a column: rows without its value did not have the step", "optional");
  }
  return { kind, optional: optional === true, fields: { ...fixed, ...columns } };
}

function readColumnField(data: Readonly<Record<string, unknown>>, field: StepField, add: AddProblem): ColumnField {
  const { column, unit, values } = data;
  const known = ["column", "unit", "values"];
  for (const key of Object.keys(data)) {
    if (!known.includes(key)) add(`unknown "${key}" in a column${suggestion(key, known)}`);
  }
  if (typeof column !== "string") add(`expected { column: "name" }, found ${JSON.stringify(data)}`);
  if (unit !== undefined && typeof unit !== "string") add(`unit: expected a text, found ${JSON.stringify(unit)}`);
  if (values !== undefined) {
    if (!isRecord(values)) add("values: expected an object { label: value }");
    else if (field.type === "number") add("values: only fields that are choices or texts take them");
    else {
      for (const [label, value] of Object.entries(values)) {
        const problem = fieldProblem(field, value);
        if (problem !== undefined) add(`values, "${label}": ${problem}`);
      }
    }
  }
  return {
    column: String(column),
    ...(typeof unit === "string" ? { unit } : {}),
    ...(isRecord(values) ? { values: values as Readonly<Record<string, string>> } : {}),
  };
}

function readStart(data: unknown, add: AddProblem): number | ColumnField {
  const field = STEP_FIELDS.heat.temperatureC;
  if (isRecord(data)) return readColumnField(data, field, add);
  const problem = fieldProblem(field, data);
  if (problem !== undefined) add(problem);
  return data as number;
}
