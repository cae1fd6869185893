import { DataError } from "../errors/errors.ts";
import type { Column } from "../table/column.ts";
import { createCategoryColumn, createNumberColumn } from "../table/columns.ts";
import { Table } from "../table/table.ts";
import type { Schedule } from "./schedule.ts";
import { resolvePath, valuesByPath } from "./schedulePaths.ts";

/**
 * Schedules with the same kinds of steps as a table: one row each, one column of role `process` per field, named by its
 * path (`steps[1].temperatureC`) and with its unit. A field that a schedule does not have is missing. The names are those
 * of the variables of `scheduleVariables`, so a model trained on this table can be searched over them.
 *
 * @throws DataError unless there are schedules and all have the same kinds of steps
 * @example
 * scheduleTable(schedules).number("steps[0].temperatureC").values;
 */
export function scheduleTable(schedules: readonly Schedule[], source?: string): Table {
  const [first] = schedules;
  if (first === undefined) throw new DataError("scheduleTable: needs at least one schedule, got none");
  const kinds = (schedule: Schedule): string => schedule.steps.map(({ kind }) => kind).join(" → ");
  const odd = schedules.findIndex((schedule) => kinds(schedule) !== kinds(first));
  if (odd >= 0) {
    const other = schedules[odd] as Schedule; // findIndex
    throw new DataError(
      `scheduleTable: schedule ${odd + 1} is ${kinds(other)}, schedule 1 is ${kinds(first)}; a table takes one form`,
    );
  }
  const values = schedules.map(valuesByPath);
  const paths = new Set(values.flatMap((map) => [...map.keys()]));
  const columns = [...paths].map((path): Column => {
    const { field } = resolvePath(first, path);
    if (field.type === "number") {
      const numbers = values.map((map) => Number(map.get(path) ?? Number.NaN));
      return createNumberColumn(path, numbers, { role: "process", unit: field.unit });
    }
    const texts = values.map((map) => map.get(path)?.toString());
    return createCategoryColumn(path, texts, { role: "process" });
  });
  return new Table(columns, source);
}
