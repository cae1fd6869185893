import {
  DataError,
  type DerivedGroups,
  resolveColumn,
  type Table,
  type TargetInfo,
  type Targets,
  takeTableRows,
} from "@materiome/core";
import { takeTargets } from "../validation/takeTargets.ts";
import type { TargetRows } from "./scoreTarget.ts";

/**
 * Target columns with their units.
 *
 * @throws DataError for none, one named twice, or one that has no value, one value, or the same value in all rows
 */
export function targetsOf(table: Table, names: readonly string[]): TargetInfo[] {
  if (names.length === 0) throw new DataError("trainPropertyModel: no target; name at least one column");
  const columns = names.map((text) => resolveColumn(table, text).name);
  const twice = columns.find((name, k) => columns.indexOf(name) < k);
  if (twice !== undefined) {
    throw new DataError("the target is named twice; name each once", {
      location: { file: table.source, column: twice },
    });
  }
  return columns.map((column) => {
    const { name, unit, values, valid } = table.number(column);
    const measured = values.filter((_, i) => valid[i] !== 0);
    const location = { file: table.source, column: name };
    if (measured.length === 0) throw new DataError("the target column has no values", { location });
    if (measured.length === 1) {
      throw new DataError(
        "only one row has a value of the target; there is nothing to learn from one, give more rows",
        {
          location,
        },
      );
    }
    if (measured.every((value) => value === measured[0])) {
      throw new DataError(
        `the target is constant (${measured[0]} in all ${measured.length} rows); there is nothing to learn`,
        {
          location,
        },
      );
    }
    return { name, unit };
  });
}

/** What was measured in these rows, NaN where it was not. */
export function targetsIn(rows: Table, targets: readonly TargetInfo[]): Targets {
  const columns = targets.map(({ name }) => rows.number(name));
  const data = new Float64Array(rows.nRows * targets.length);
  for (const [t, { values, valid }] of columns.entries()) {
    for (const [i, value] of values.entries()) data[i * targets.length + t] = valid[i] === 0 ? Number.NaN : value;
  }
  return {
    kind: "regression",
    values: { data, rows: rows.nRows, columns: targets.length },
    units: targets.map(({ unit }) => unit),
  };
}

/** The rows where one target is measured. */
export function rowsOf(table: Table, target: TargetInfo, grouping: DerivedGroups): TargetRows {
  const column = table.number(target.name);
  const rows = Int32Array.from(column.values.keys()).filter((i) => column.valid[i] !== 0);
  const all = {
    kind: "regression",
    values: { rows: table.nRows, columns: 1, data: column.values },
    units: [target.unit],
    groups: grouping.kind === "none" ? undefined : grouping.codes,
  } as const;
  return { rows, table: takeTableRows(table, rows), targets: takeTargets(all, rows) };
}
