import type { Column, ColumnRole } from "./column.ts";
import { countPresent } from "./columnTexts.ts";
import { resolveColumn } from "./resolveColumn.ts";
import type { Table } from "./table.ts";

export interface InputColumnsOptions {
  /** Let measured properties other than the targets be inputs. @defaultValue false */
  readonly useProperties?: boolean | undefined;
}

const INPUT_ROLES: readonly ColumnRole[] = ["composition", "process", "condition", "structure"];

/**
 * Columns that may be inputs of a model for the targets: those of role composition, process, condition and structure, and
 * property only if asked for. Never the targets, id, group, note, uncertainty and censor columns, free text, or a column
 * without any value.
 *
 * @param targets - names or headers of the target columns
 * @throws DataError naming the nearest columns if a target does not exist
 * @example
 * inputColumnsFor(table, ["Hardness"]).map((column) => column.name);
 */
export function inputColumnsFor(
  table: Table,
  targets: readonly string[],
  options: InputColumnsOptions = {},
): readonly Column[] {
  const roles = options.useProperties === true ? [...INPUT_ROLES, "property"] : INPUT_ROLES;
  const aimed = new Set(targets.map((target) => resolveColumn(table, target).name));
  return table.columns.filter(
    (column) =>
      roles.includes(column.role) && !aimed.has(column.name) && column.kind !== "text" && countPresent(column) > 0,
  );
}
