import type { NumberColumn, Table } from "@materiome/core";
import { validValues } from "./columnValues.ts";
import { commonDivisor } from "./commonDivisor.ts";
import type { FixedInput, SumConstraint } from "./searchSpace.ts";
import { snap, type Variable } from "./variable.ts";

/**
 * Composition columns whose amounts add up to one total (within 2 %: shares rounded to two decimals) in every training row
 * that holds all of them, at least three: shares of a mixture, which must not be turned one by one. Tolerance: the largest
 * deviation seen, or half a step of each free column whose grid does not hold the values seen.
 */
export function findSums(
  table: Table,
  variables: readonly Variable[],
  fixed: readonly FixedInput[],
): readonly SumConstraint[] {
  const free = variables
    .filter((v) => v.kind === "continuous" || v.kind === "integer")
    .filter((v) => v.role === "composition" && v.unit === table.column(v.name).unit);
  const given = fixed.filter((f) => f.role === "composition" && f.columnKind === "number");
  const columns = [...free, ...given].map((input) => input.name);
  if (free.length < 1 || columns.length < 2) return [];
  const sum = sumOver(table, columns);
  if (sum === undefined) return [];
  const { total, deviation } = sum;
  const rounding = free.reduce((sum, v) => {
    const isOnGrid = (value: number): boolean => Math.abs(snap(v, value) - value) <= 1e-9 * Math.abs(value);
    const isSet = validValues(table.number(v.name)).every((x) => x < v.min || x > v.max || isOnGrid(x));
    return sum + (isSet ? 0 : (v.kind === "integer" ? 1 : (v.step ?? 0)) / 2);
  }, 0);
  return [
    {
      columns,
      total,
      tolerance: Math.max(deviation, rounding, 1e-6 * total),
    },
  ];
}

/**
 * The total of columns in all rows that hold all of them, and how far it is missed at most.
 *
 * @returns undefined for fewer than three such rows, a total that is not above 0, or one that is missed by more than 2 %
 */
export function sumOver(
  table: Table,
  columns: readonly string[],
): { readonly total: number; readonly deviation: number } | undefined {
  const numbers = columns.map((name) => table.number(name));
  const sums = Array.from({ length: table.nRows }, (_, row) => rowSum(numbers, row)).filter(Number.isFinite);
  if (sums.length < 3) return undefined;
  const mean = sums.reduce((a, b) => a + b, 0) / sums.length;
  const round = Number(mean.toPrecision(2));
  const isRound = Math.abs(round - mean) <= 0.001 * Math.abs(mean);
  const total = isRound ? round : Number(mean.toPrecision(9));
  const deviation = sums.reduce((worst, sum) => Math.max(worst, Math.abs(sum - total)), 0);
  return total > 0 && deviation <= 0.02 * total ? { total, deviation } : undefined;
}

/** NaN where one of them is missing. */
function rowSum(columns: readonly NumberColumn[], row: number): number {
  return columns.reduce(
    (sum, { values, valid }) => sum + (valid[row] === 1 ? (values[row] ?? Number.NaN) : Number.NaN),
    0,
  );
}

/**
 * Gives the free columns of a sum one common step, so that what one gains another can give: the greatest common divisor
 * of their steps. Steps that were asked for (`kept`) stay.
 */
export function alignSteps(
  variables: readonly Variable[],
  sums: readonly SumConstraint[],
  kept: ReadonlySet<string>,
): readonly Variable[] {
  return sums.reduce<readonly Variable[]>((aligned, sum) => {
    const steps = aligned.flatMap((v) =>
      v.kind === "continuous" && v.step !== undefined && sum.columns.includes(v.name) ? [v.step] : [],
    );
    const common = commonDivisor(steps);
    if (common === undefined) return aligned;
    return aligned.map((v) =>
      v.kind === "continuous" && v.step !== undefined && sum.columns.includes(v.name) && !kept.has(v.name)
        ? { ...v, step: common }
        : v,
    );
  }, variables);
}
