import {
  type Column,
  columnTexts,
  convertUnit,
  countPresent,
  displayUnit,
  groupRows,
  isPresent,
  type RunContext,
  resolveColumn,
  type Table,
} from "@materiome/core";
import type { ColumnDrift } from "./driftCheck.ts";
import { medianOf } from "./scores.ts";
import { shortNumber } from "./shortNumber.ts";
import { compareLabels, kolmogorovSmirnov } from "./twoSample.ts";

type Found = Pick<ColumnDrift, "statistic" | "p" | "text">;

/** Rows that count as one: groups, or each row alone. */
export interface Side {
  readonly codes: Int32Array;
  readonly units: readonly (readonly number[])[];
  /** Of each row, whether it names its group; false in all rows without groups. */
  readonly isNamed: readonly boolean[];
}

export function sideOf(table: Table, groups: readonly string[] = []): Side {
  const columns = groups.map((name) => resolveColumn(table, name));
  const { codes: named, nGroups } = groupRows(table, groups);
  // Not knowing its heat makes a row a heat of its own, not one with all others of unknown heats.
  const isNamed = Array.from(named, (_, i) => columns.some((column) => isPresent(column, i)));
  const codes = named.map((code, i) => (isNamed[i] === true ? code : nGroups + i));
  const units = new Map<number, number[]>();
  for (const [i, code] of codes.entries()) units.set(code, [...(units.get(code) ?? []), i]);
  return { codes, units: [...units.values()], isNamed };
}

/**
 * Test of the share of units without a value; none where every unit has one. Where no unit that has a name lacks it (as where it is what rows
 * are grouped by), the test is of the share of rows: rows of named groups fall together into fewer units the more rows a table has, and
 * single ones do not, so that the larger table would look as if it lacked more.
 */
export function compareMissing(
  own: Column,
  other: Column,
  [first, second]: readonly [Side, Side],
  random: RunContext["random"],
): (Found & Pick<ColumnDrift, "nMissing">) | undefined {
  const isOfUnnamed = (column: Column, { isNamed }: Side): boolean =>
    isNamed.every((named, i) => !named || isPresent(column, i));
  const isByRow = isOfUnnamed(own, first) && isOfUnnamed(other, second);
  const marks = (column: Column, { units, codes }: Side): string[] =>
    (isByRow ? Array.from(codes, (_, i) => [i]) : units).map((rows) =>
      rows.some((i) => isPresent(column, i)) ? "some" : "none",
    );
  const [a, b] = [marks(own, first), marks(other, second)];
  if (![...a, ...b].includes("none")) return undefined;
  const [nOwn, nOther] = [first.codes.length, second.codes.length];
  const nMissing = { training: nOwn - countPresent(own), fresh: nOther - countPresent(other) };
  return {
    ...compareLabels(a, b, random),
    text: `missing in ${nMissing.fresh} of ${nOther} new rows, in ${nMissing.training} of ${nOwn} training rows`,
    nMissing,
  };
}

/** Test of one column, or why there is none. */
export function compareValues(
  own: Column,
  other: Column,
  [first, second]: readonly [Side, Side],
  random: RunContext["random"],
): Found | string {
  for (const [column, which] of [
    [own, "training"],
    [other, "new"],
  ] as const) {
    if (countPresent(column) === 0) return `no values in the ${which} rows`; // of any kind: nothing tells it
  }
  if (own.kind === "number") {
    if (other.kind !== "number") return `numbers in the training table, ${other.kind} in the new one`;
    const there = convertUnit(other.values, other.unit, own.unit);
    const [a, b] = [unitMedians(own, own.values, first), unitMedians(other, there, second)];
    const unit = own.unit === "" ? "" : ` ${displayUnit(own.unit)}`;
    return {
      ...kolmogorovSmirnov(a, b),
      text: `median ${shortNumber(medianOf(b))}${unit} of the new, ${shortNumber(medianOf(a))}${unit} of the training ones`,
    };
  }
  if (own.kind === "category" && other.kind === "category") {
    const [a, b] = [unitLabels(own, first), unitLabels(other, second)];
    const unknown = [...new Set(b)].filter((label) => !a.includes(label));
    const text =
      unknown.length === 0 ? "other shares of the same labels" : `labels of no training row: ${unknown.join(", ")}`;
    return { ...compareLabels(a, b, random), text };
  }
  return `a column of kind ${own.kind} is looked at by the classifier only`;
}

function unitMedians(column: Column, values: Float64Array, { units }: Side): Float64Array {
  const medians = units.map((rows) => rows.filter((i) => isPresent(column, i)).map((i) => values[i] as number)); // rows of the table
  return Float64Array.from(medians.filter((own) => own.length > 0).map((own) => medianOf(Float64Array.from(own))));
}

/** The most frequent label of each unit, the first of equals. */
function unitLabels(column: Column, { units }: Side): string[] {
  const texts = columnTexts(column);
  return units.flatMap((rows) => {
    const counts = new Map<string, number>();
    for (const i of rows) {
      const text = texts[i];
      if (text !== undefined) counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    const most = Math.max(...counts.values());
    const label = [...counts.keys()].find((text) => counts.get(text) === most);
    return label === undefined ? [] : [label];
  });
}
