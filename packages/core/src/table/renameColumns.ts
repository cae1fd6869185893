import { resolveColumn } from "./resolveColumn.ts";
import { Table } from "./table.ts";

/**
 * Gives columns other names; uncertainty and censor columns go on describing the column they did. The header of the file
 * stays with the column, for messages and for {@link resolveColumn}.
 *
 * @param names - new name per column name or header
 * @throws DataError if a column does not exist or two would share a name
 * @example
 * renameColumns(table, { "PROPERTY: HV": "hardness" });
 */
export function renameColumns(table: Table, names: Readonly<Record<string, string>>): Table {
  const renamed = new Map(Object.entries(names).map(([old, name]) => [resolveColumn(table, old).name, name]));
  const columns = table.columns.map((column) => {
    const name = renamed.get(column.name);
    const describes = column.describes === undefined ? undefined : renamed.get(column.describes);
    if (name === undefined && describes === undefined) return column;
    return {
      ...column,
      ...(name === undefined ? {} : { name, header: column.header ?? column.name }),
      ...(describes === undefined ? {} : { describes }),
    };
  });
  return new Table(columns, table.source, table.rowNumbers);
}
