import type { NumberColumn, Table } from "@materiome/core";
import type { FixedInput, SumConstraint } from "./searchSpace.ts";
import type { Variable } from "./variable.ts";

/**
 * Composition columns whose amounts add up to one total in every training row (within 0.5 %): shares of a mixture,
 * which must not be turned one by one. Tolerance: the largest deviation seen, and half a step of each free column.
 */
export function findSums(
  table: Table,
  variables: readonly Variable[],
  fixed: readonly FixedInput[],
): readonly SumConstraint[] {
  const free = variables.filter((v) => v.role === "composition" && v.kind !== "category");
  const given = fixed.filter((f) => f.role === "composition" && f.columnKind === "number");
  const columns = [...free, ...given].map((input) => input.name);
  if (free.length < 1 || columns.length < 2 || table.nRows < 3) return [];
  const numbers = columns.map((name) => table.number(name));
  const sums = Array.from({ length: table.nRows }, (_, row) => rowSum(numbers, row));
  const total = sums.reduce((a, b) => a + b, 0) / sums.length;
  const deviation = sums.reduce((worst, sum) => Math.max(worst, Math.abs(sum - total)), 0);
  if (!(total > 0 && deviation <= 0.005 * total)) return [];
  const rounding = free.reduce((sum, v) => sum + (v.kind === "continuous" ? (v.step ?? 0) / 2 : 0.5), 0);
  const grids = free.every((v) => v.kind === "continuous" && v.origin !== 0);
  return [
    {
      columns,
      total: Number(total.toPrecision(9)),
      tolerance: Math.max(deviation, grids ? 0 : rounding, 1e-6 * total),
    },
  ];
}

function rowSum(columns: readonly NumberColumn[], row: number): number {
  return columns.reduce((sum, column) => sum + (column.values[row] ?? Number.NaN), 0);
}
