import {
  type Column,
  convertDifference,
  DataError,
  isPresent,
  type LearnerCapability,
  type Table,
  type TargetInfo,
  UnitError,
} from "@materiome/core";
import { learnerByName, MODEL_NAMES } from "./learnerByName.ts";
import type { TargetRows } from "./scoreTarget.ts";

/** A column of standard deviations of a target, and whether the model weighs its rows by them. */
export interface TargetUncertainty {
  readonly target: string;
  readonly columns: readonly string[];
  /** True where the squares are the measurement variances of the rows that the learner was fitted to. */
  readonly isUsed: boolean;
  /** Rows with a value of the target and none of its standard deviation. */
  readonly nMissing: number;
  /** Median standard deviation in the target's unit; null where they are not used. */
  readonly median: number | null;
}

type Able = { readonly supports: ReadonlySet<LearnerCapability> };

/**
 * Rows of a target with the squares of their standard deviations as measurement variances, for a learner that uses such.
 * Unchanged for other learners, where no column of role `uncertainty` describes the target, where several do (which of
 * them holds would be a guess), and where some cells of the target alone state one (`210 ± 5`), of which no column says what the others have.
 *
 * @param table - where the rows were taken from, for their numbers in the file
 * @throws DataError for a row whose standard deviation is missing, negative or infinite
 * @throws UnitError for a column of another kind of unit than the target
 */
export function withTargetNoise(table: Table, target: TargetInfo, given: TargetRows, learner: Able): TargetRows {
  const [column, other] = uncertaintiesOf(table, target);
  if (column === undefined || other !== undefined || !learner.supports.has("noiseVariance")) return given;
  if (column.roleFrom === "values" && missingIn(column, given.rows) > 0) return given;
  const deviations = deviationsIn(table, column, target, given.rows);
  return { ...given, targets: { ...given.targets, noiseVariance: deviations.map((deviation) => deviation ** 2) } };
}

/** What became of the standard deviations of these targets; nothing for targets that have none. */
export function targetUncertainties(
  table: Table,
  aims: readonly { readonly target: TargetInfo; readonly rows: TargetRows }[],
): TargetUncertainty[] {
  return aims.flatMap(({ target, rows }) => {
    const found = uncertaintiesOf(table, target);
    if (found.length === 0) return [];
    const { noiseVariance } = rows.targets;
    const what = { isUsed: noiseVariance !== undefined, median: medianOf(noiseVariance) };
    const nMissing = Math.max(...found.map((column) => missingIn(column, rows.rows)));
    return [{ target: target.name, columns: found.map(({ name }) => name), ...what, nMissing }];
  });
}

/** A warning for each column of standard deviations that a training passes over. */
export function unusedUncertainties(found: readonly TargetUncertainty[]): string[] {
  const able = MODEL_NAMES.filter((name) => learnerByName(name, 0.9).supports.has("noiseVariance"));
  return found.flatMap(({ target, columns, isUsed, nMissing }) => {
    if (isUsed) return [];
    const names = columns.map((name) => `"${name}"`).join(" and ");
    const some = nMissing === 0 ? "" : `, missing in ${nMissing} ${nMissing === 1 ? "row" : "rows"},`;
    return [
      columns.length > 1
        ? `${target}: ${names} ${columns.length === 2 ? "both" : "all"} say how uncertain it is, and none is used: all rows count alike; give the role note to all but one in a schema`
        : `${target}: the standard deviations in ${names}${some} are not used by this model, all rows count alike; ${able.join(", ")} takes them as known noise of each row${some === "" ? "" : " where every row has one"}`,
    ];
  });
}

function uncertaintiesOf(table: Table, { name }: TargetInfo): readonly Column[] {
  return table.withRole("uncertainty").filter(({ describes }) => describes === name);
}

function missingIn(column: Column, rows: Int32Array): number {
  return rows.filter((i) => !isPresent(column, i)).length;
}

/** Standard deviations in the target's unit. A column without a unit is in that of its target. */
function deviationsIn(table: Table, column: Column, target: TargetInfo, rows: Int32Array): Float64Array {
  const { name, unit, values, valid } = table.number(column.name);
  const location = { file: table.source, column: name };
  const own = Float64Array.from(rows, (i) => {
    const value = valid[i] === 0 ? Number.NaN : (values[i] as number); // rows of this table
    if (value >= 0 && Number.isFinite(value)) return value;
    const found = Number.isNaN(value) ? "is missing" : `is ${value}`;
    throw new DataError(
      `the standard deviation of "${target.name}" ${found}, expected a finite number of at least 0 beside every value; fill it in, leave the row out, or give the column the role note in a schema: then all rows count alike`,
      { location: { ...location, row: table.rowNumber(i) } },
    );
  });
  if (unit === "" || unit === target.unit) return own;
  try {
    return convertDifference(own, unit, target.unit);
  } catch (cause) {
    if (!(cause instanceof UnitError)) throw cause;
    throw new UnitError(
      `the standard deviation of "${target.name}": ${cause.message}; or give the column the role note in a schema: then all rows count alike`,
      { location, cause },
    );
  }
}

function medianOf(variances: Float64Array | undefined): number | null {
  if (variances === undefined) return null;
  const sorted = variances.slice().sort();
  const [low, high] = [sorted[(sorted.length - 1) >> 1] as number, sorted[sorted.length >> 1] as number]; // at least two rows
  return (Math.sqrt(low) + Math.sqrt(high)) / 2;
}
