import { DataError } from "../errors/errors.ts";
import { rowsOfGroups } from "../table/aggregateRows.ts";
import type { Column } from "../table/column.ts";
import { columnTexts, isPresent } from "../table/columnTexts.ts";
import { codesOf } from "../table/groupRows.ts";
import { inputColumnsFor } from "../table/inputColumns.ts";
import { resolveColumn } from "../table/resolveColumn.ts";
import { summarize } from "../table/summarize.ts";
import type { Table } from "../table/table.ts";
import { takeTableRows } from "../table/takeTableRows.ts";
import { type ColumnTolerance, comparedColumns } from "./comparedColumns.ts";
import { duplicateReportText } from "./duplicateReportText.ts";
import { findNearPairs } from "./findNearPairs.ts";
import { replicateGroups } from "./replicateGroups.ts";

export interface FindDuplicateRowsOptions {
  /** Columns that make an experiment (names or headers). @defaultValue composition, process, condition and structure */
  readonly inputs?: readonly string[] | undefined;
  /** Columns that were measured. @defaultValue role property, numbers and categories */
  readonly outputs?: readonly string[] | undefined;
  /** Difference at which numbers are near, as a share of the range of their column; 0 looks for equal rows only. @defaultValue 0.002 */
  readonly tolerance?: number | undefined;
  /** Tolerances of single columns, in their unit; of formulas as a share of the amount of each element (0.01 else). @defaultValue none */
  readonly tolerances?: Readonly<Record<string, number>> | undefined;
  /** Near pairs to list, nearest first. @defaultValue 1000 */
  readonly maxPairs?: number | undefined;
}

/** An output that differs between rows of equal or near inputs. */
export interface OutputConflict {
  readonly column: string;
  readonly unit: string;
  /** Smallest and largest number; NaN for categories. */
  readonly min: number;
  readonly max: number;
  /** (max − min) over the standard deviation of the whole column; NaN for categories. */
  readonly relativeSpread: number;
  /** The different values as texts. */
  readonly values: readonly string[];
}

/** Rows that are equal in all inputs. */
export interface EqualRows {
  /** 0-based, ascending. */
  readonly indices: readonly number[];
  /** As the file counts them. */
  readonly rows: readonly number[];
  /** What was measured differently; empty if all is equal. */
  readonly conflicts: readonly OutputConflict[];
  /** Columns of role `group` in which the rows differ: folds by such a group put equal rows on both sides. */
  readonly crosses: readonly string[];
}

/** Two rows (the first ones of their groups of equal rows) that are near in all inputs but not equal. */
export interface NearRows {
  readonly indices: readonly [number, number];
  readonly rows: readonly [number, number];
  /** Largest difference over the tolerance of its column: 0 … 1. */
  readonly distance: number;
  readonly differences: readonly { readonly column: string; readonly values: readonly [string, string] }[];
  readonly conflicts: readonly OutputConflict[];
}

export interface DuplicateRows {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Groups of at least two rows with equal inputs, in the order of the table. */
  readonly equal: readonly EqualRows[];
  /** 0-based rows that repeat an earlier row in all inputs and outputs: what may be dropped without loss. */
  readonly surplus: readonly number[];
  readonly near: readonly NearRows[];
  /** How many near pairs there are; if `isComplete` is false, at least that many. */
  readonly nNear: number;
  readonly isComplete: boolean;
  readonly tolerances: Readonly<Record<string, ColumnTolerance>>;
  readonly text: string;
}

const MOST_PAIRS = 1_000_000;

/**
 * Rows that describe the same experiment: equal in all inputs (identical, or in conflict where something else was
 * measured), and near in all inputs, as they come about by rounding, conversion of units and typing.
 *
 * Formulas are compared by what they mean (`Fe2O3` = `O3Fe2`), categories and texts by their text. Missing is equal to
 * missing and near to nothing else; rows without any input are equal to none. Near formulas have the same elements. For near rows see the options; a row is near
 * another only if it is so in *every* column.
 *
 * @throws DataError if a column does not exist or there are no inputs
 * @throws DomainError for a tolerance that is negative or no number
 * @example
 * const { equal, surplus, text } = findDuplicateRows(table);
 * const cleaned = filterRows(table, (i) => !surplus.includes(i));
 */
export function findDuplicateRows(table: Table, options: FindDuplicateRowsOptions = {}): DuplicateRows {
  const outputs =
    options.outputs?.map((name) => resolveColumn(table, name)) ??
    table.withRole("property").filter((column) => column.kind === "number" || column.kind === "category");
  const inputs = (options.inputs?.map((name) => resolveColumn(table, name)) ?? inputColumnsFor(table, [])).filter(
    (column) => !outputs.includes(column),
  );
  if (inputs.length === 0) {
    throw new DataError("there are no input columns to compare rows by; name them, or declare roles in a schema", {
      location: { file: table.source },
    });
  }
  const names = inputs.map((column) => column.name);
  const { groups } = replicateGroups(table, names);
  const members = rowsOfGroups(groups);
  const spread = outputs.map((column) => spreadOf(column));
  const outputTexts = outputs.map((column) => columnTexts(column));
  const outputCodes = outputs.map((column) => codesOf(column));
  const conflictsOf = (rows: readonly number[]): OutputConflict[] =>
    outputs.flatMap((column, k) => {
      const present = rows.filter((row) => isPresent(column, row));
      const codes = outputCodes[k];
      if (new Set(present.map((row) => codes?.[row])).size < 2) return [];
      const values = column.kind === "number" ? present.map((row) => column.values[row] ?? Number.NaN) : [Number.NaN];
      const min = Math.min(...values);
      const max = Math.max(...values);
      const texts = [...new Set(present.map((row) => outputTexts[k]?.[row] ?? ""))];
      const { name, unit } = column;
      return [{ column: name, unit, min, max, relativeSpread: (max - min) / (spread[k] ?? Number.NaN), values: texts }];
    });

  const declared = table.withRole("group").map((column) => ({ name: column.name, codes: codesOf(column) }));
  const crossedBy = (rows: readonly number[]): string[] =>
    declared.filter(({ codes }) => new Set(rows.map((row) => codes[row])).size > 1).map(({ name }) => name);

  const surplus: number[] = [];
  const equal = members
    .filter((rows) => rows.length > 1)
    .map((indices): EqualRows => {
      const seen = new Set<string>();
      for (const row of indices) {
        const key = outputCodes.map((codes) => codes[row]).join(" ");
        if (seen.has(key)) surplus.push(row);
        seen.add(key);
      }
      return {
        indices,
        rows: indices.map((row) => table.rowNumber(row)),
        conflicts: conflictsOf(indices),
        crosses: crossedBy(indices),
      };
    });
  surplus.sort((a, b) => a - b);

  const tolerance = options.tolerance ?? 0.002;
  const compared = comparedColumns(table, inputs, tolerance, options.tolerances ?? {});
  const firsts = Int32Array.from(
    members.flatMap((rows) => rows.slice(0, 1)).filter((row) => inputs.some((column) => isPresent(column, row))),
  );
  const search =
    tolerance === 0 && options.tolerances === undefined ? NOTHING : findNearPairs(compared, firsts, MOST_PAIRS);
  const near = search.pairs.slice(0, options.maxPairs ?? 1000).map(({ i, j, distance }): NearRows => {
    const both = takeTableRows(table, [i, j]);
    const differences = names.flatMap((name) => {
      const column = both.column(name);
      const [a, b] = codesOf(column);
      if (a === b) return [];
      const [x = "", y = ""] = columnTexts(column);
      return [{ column: name, values: [x, y] as const }];
    });
    const rows = [table.rowNumber(i), table.rowNumber(j)] as const;
    return { indices: [i, j], rows, distance, differences, conflicts: conflictsOf([i, j]) };
  });
  const found: Omit<DuplicateRows, "text"> = {
    inputs: names,
    outputs: outputs.map((column) => column.name),
    equal,
    surplus,
    near,
    nNear: search.pairs.length,
    isComplete: search.isComplete,
    tolerances: compared.tolerances,
  };
  return { ...found, text: duplicateReportText(table, found) };
}

const NOTHING = { pairs: [], isComplete: true } as const;

function spreadOf(column: Column): number {
  if (column.kind !== "number") return Number.NaN;
  return summarize(
    "std",
    Array.from(column.values).filter((value, i) => column.valid[i] !== 0 && Number.isFinite(value)),
  );
}
