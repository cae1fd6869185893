import { DataError } from "../errors/errors.ts";
import { ProblemList } from "../errors/problemList.ts";
import type { Column } from "../table/column.ts";
import { columnTexts } from "../table/columnTexts.ts";
import { resolveColumn } from "../table/resolveColumn.ts";
import type { Table } from "../table/table.ts";
import { convertUnit, isConvertible } from "../units/convertUnit.ts";
import { checkSchedule, placedMessage, type Schedule, type ScheduleProblem } from "./schedule.ts";
import { type ColumnField, columnOf, type MappedStep, type ScheduleMapping } from "./scheduleMapping.ts";
import { statedUnit } from "./statedUnit.ts";
import { fieldsOf, STEP_FIELDS, type StepField } from "./stepFields.ts";

/** What is wrong with one row; `row` is the file's, `step` counts from 1 in the mapping. */
export interface RowProblem extends ScheduleProblem {
  readonly row: number;
  readonly column: string | undefined;
}

export interface RowSchedules {
  /** [nRows]; undefined where the row has problems. */
  readonly schedules: readonly (Schedule | undefined)[];
  /** [nRows]: for each step of the schedule, its step of the mapping, from 0. */
  readonly mappedSteps: readonly (readonly number[])[];
  readonly problems: readonly RowProblem[];
}

export interface SchedulesFromTableOptions {
  /** A row that makes no sound schedule: "throw" after all rows were looked at, or "record" it. @defaultValue "throw" */
  readonly onError?: "throw" | "record" | undefined;
}

/**
 * One schedule per row of a table.
 *
 * A missing value leaves its field out; where a step cannot do without it, that is a problem, unless the mapping says
 * that the step is optional and none of its columns has a value: then the row has no such step. Each row is checked as
 * `createSchedule` checks.
 *
 * @throws DataError if columns are missing, of the wrong kind, or without a unit that converts: all of them
 * @throws FormatError listing rows, columns and steps, unless they are recorded
 * @example
 * const { schedules } = schedulesFromTable(table, readScheduleMapping(JSON.parse(text)));
 */
export function schedulesFromTable(
  table: Table,
  mapping: ScheduleMapping,
  { onError = "throw" }: SchedulesFromTableOptions = {},
): RowSchedules {
  const source = mappedColumns(table, mapping);
  const schedules: (Schedule | undefined)[] = [];
  const mappedSteps: number[][] = [];
  const problems: RowProblem[] = [];
  for (let i = 0; i < table.nRows; i++) {
    const steps: Readonly<Record<string, unknown>>[] = [];
    const indices: number[] = [];
    const before = problems.length;
    const row = table.rowNumber(i);
    for (const [k, step] of mapping.steps.entries()) {
      const values = stepOfRow(source.steps[k] as StepSource, i, (field, message) => {
        problems.push({ row, column: columnOf(step, field)?.column, step: k + 1, field, message });
      });
      if (values === undefined) continue;
      steps.push(values);
      indices.push(k);
    }
    const startTemperatureC = source.start(i);
    const start = typeof startTemperatureC === "number" ? { startTemperatureC } : {};
    if (steps.length === 0 && problems.length === before) {
      const message = "the row has no value of any step, and all are optional; leave the row out";
      problems.push({ row, column: undefined, step: undefined, field: undefined, message });
    }
    const checked = problems.length > before ? undefined : checkSchedule({ version: 1, ...start, steps });
    for (const problem of checked?.problems ?? []) problems.push(inTable(problem, row, mapping, indices));
    schedules.push(checked?.schedule);
    mappedSteps.push(indices);
  }
  if (onError === "throw") {
    const list = new ProblemList(table.source);
    for (const { row, column, ...problem } of problems) list.add(placedMessage(problem), { row, column });
    list.throwIfAny();
  }
  return { schedules, mappedSteps, problems };
}

/** A problem of a row's schedule, by column and step of the mapping. */
function inTable(
  { step, field, message }: ScheduleProblem,
  row: number,
  mapping: ScheduleMapping,
  indices: readonly number[],
): RowProblem {
  const k = step === undefined ? undefined : indices[step - 1];
  const mapped = k === undefined ? undefined : mapping.steps[k];
  if (k === undefined || mapped === undefined || field === undefined) {
    const from = field === "startTemperatureC" ? mapping.startTemperatureC : undefined;
    const column = typeof from === "object" ? from.column : undefined;
    return { row, column, step: k === undefined ? undefined : k + 1, field, message };
  }
  const column = columnOf(mapped, field)?.column;
  const isLabel = column !== undefined && fieldsOf(mapped.kind)[field]?.type === "choice";
  const remedy = isLabel ? '; say what labels mean with values: { "label": "choice" }' : "";
  return { row, column, step: k + 1, field, message: message + remedy };
}

type Value = (row: number) => number | string | undefined;

interface StepSource {
  readonly step: MappedStep;
  /** Values of the fields that come from columns. */
  readonly columns: ReadonlyMap<string, Value>;
}

/** The columns that a mapping names, ready to be read. */
function mappedColumns(
  table: Table,
  mapping: ScheduleMapping,
): { readonly steps: readonly StepSource[]; readonly start: Value } {
  const wrong: string[] = [];
  const open = (field: StepField, from: ColumnField, where: string): Value => {
    try {
      return columnValues(table, field, from);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      wrong.push(`${where}: ${error.message.replace(`${table.source}: `, "")}`);
      return () => undefined;
    }
  };
  const steps = mapping.steps.map((step, k): StepSource => {
    const columns = Object.keys(step.fields).flatMap((name): [string, Value][] => {
      const from = columnOf(step, name);
      const field = fieldsOf(step.kind)[name];
      return from === undefined || field === undefined ? [] : [[name, open(field, from, `step ${k + 1}, ${name}`)]];
    });
    return { step, columns: new Map(columns) };
  });
  const { startTemperatureC } = mapping;
  const start: Value =
    typeof startTemperatureC === "object"
      ? open(STEP_FIELDS.heat.temperatureC, startTemperatureC, "startTemperatureC")
      : () => startTemperatureC;
  if (wrong.length > 0) {
    const text = wrong.length === 1 ? wrong[0] : `${wrong.length} problems\n  ${wrong.join("\n  ")}`;
    throw new DataError(`the mapping does not fit the table: ${text}`, { location: { file: table.source } });
  }
  return { steps, start };
}

function columnValues(table: Table, field: StepField, from: ColumnField): Value {
  const column = resolveColumn(table, from.column);
  if (field.type === "number") return numberValues(column, field.unit, from.unit);
  const texts = columnTexts(column);
  const { values } = from;
  return (row) => {
    const text = texts[row];
    return text === undefined || values === undefined ? text : (values[text] ?? text);
  };
}

function numberValues(column: Column, fieldUnit: string, givenUnit: string | undefined): Value {
  if (column.kind !== "number") {
    const first = columnTexts(column).find((text) => text !== undefined);
    if (first === undefined) return () => undefined;
    throw new DataError(`column "${column.name}" holds text such as "${first}"; numbers are expected`);
  }
  const to = fieldUnit === "" ? "fraction" : fieldUnit;
  const stated = statedUnit(column, givenUnit);
  const from = stated === "" && to === "fraction" ? "fraction" : stated;
  if (from === "") {
    throw new DataError(`column "${column.name}" has no unit; write { column, unit: "${to}" } or the one it is in`);
  }
  if (!isConvertible(from, to)) {
    throw new DataError(`column "${column.name}" is in ${from}, which is not convertible to ${to}`);
  }
  const values = convertUnit(column.values, from, to);
  return (row) => (column.valid[row] === 0 ? undefined : values[row]);
}

/** Fields of the step in this row; undefined if the row does not have the step. */
function stepOfRow(
  { step, columns }: StepSource,
  row: number,
  add: (field: string, message: string) => void,
): Readonly<Record<string, unknown>> | undefined {
  const out: Record<string, unknown> = { kind: step.kind };
  for (const [name, value] of Object.entries(step.fields)) if (typeof value !== "object") out[name] = value;
  const missing: string[] = [];
  for (const [name, value] of columns) {
    const found = value(row);
    if (found === undefined) missing.push(name);
    else out[name] = found;
  }
  if (step.optional && missing.length === columns.size) return undefined;
  for (const name of missing) {
    if (fieldsOf(step.kind)[name]?.required !== true) continue;
    const hint = step.optional ? "other columns of the step have values" : 'fill it in, or say "optional": true';
    add(name, `no value, but a ${step.kind} step needs one; ${hint}`);
  }
  return out;
}
