import type { Table } from "../table/table.ts";
import type { DuplicateRows, OutputConflict } from "./findDuplicateRows.ts";

const MOST_LINES = 10;

/** The findings as a person reads them: what may be dropped, what contradicts, what is suspiciously near. */
export function duplicateReportText(table: Table, found: Omit<DuplicateRows, "text">): string {
  const { equal, surplus, near, nNear, isComplete, inputs, outputs } = found;
  const lines = [
    `${table.source ?? "table"}: ${table.nRows} rows compared in ${listed(inputs)}; measured: ${outputs.length === 0 ? "nothing" : listed(outputs)}`,
  ];
  const isSurplus = new Set(surplus);
  const identical = equal.filter(({ indices }) => indices.some((row) => isSurplus.has(row)));
  lines.push(
    surplus.length === 0
      ? "No row repeats another one in all inputs and outputs."
      : `${count(surplus.length, "row repeats", "rows repeat")} an earlier one in all inputs and outputs:`,
  );
  lines.push(
    ...cut(
      identical.map(
        ({ rows, indices, conflicts }) =>
        conflicts.length === 0
          ? `  rows ${rows.join(" = ")}`
          : `  among rows ${rows.join(", ")}: ${indices.filter((row) => isSurplus.has(row)).map((row) => table.rowNumber(row)).join(", ")}`, // biome-ignore format: one line
      ),
    ),
  );
  const differing = equal
    .filter(({ conflicts }) => conflicts.length > 0)
    .sort((a, b) => widest(b.conflicts) - widest(a.conflicts));
  lines.push(
    differing.length === 0
      ? "No two rows agree in all inputs and differ in what was measured."
      : `${count(differing.length, "group of rows agrees", "groups of rows agree")} in all inputs and ${differing.length === 1 ? "differs" : "differ"} in what was measured (replicates, or an input that the table lacks), widest first:`,
  );
  lines.push(...cut(differing.map(({ rows, conflicts }) => `  rows ${shortRows(rows)}: ${conflictText(conflicts)}`)));
  const crossing = equal.filter(({ crosses }) => crosses.length > 0);
  if (crossing.length > 0) {
    const groups = [...new Set(crossing.flatMap(({ crosses }) => crosses))].join(", ");
    lines.push(
      `${count(crossing.length, "group of rows with equal inputs stands", "groups of rows with equal inputs stand")} under different ${groups}, so folds by it would not keep them together:`,
      ...cut(crossing.map(({ rows }) => `  rows ${shortRows(rows)}`)),
    );
  }
  const total = `${isComplete ? "" : "at least "}${nNear}`;
  lines.push(
    nNear === 0
      ? "No two rows are near without being equal."
      : `${total} ${nNear === 1 ? "pair of rows is" : "pairs of rows are"} near without being equal${isComplete ? "" : "; the tolerance is too wide for these data"}:`,
  );
  lines.push(
    ...cut(
      near.map(({ rows, differences, conflicts }) => {
        const what = differences.map(({ column, values }) => `${column} ${values.map(clipped).join(" / ")}`).join(", ");
        return `  rows ${rows.join(" and ")}: ${what}${conflicts.length === 0 ? "" : `; measured ${conflictText(conflicts)}`}`;
      }),
      nNear,
    ),
  );
  return `${lines.join("\n")}\n`;
}

function conflictText(conflicts: readonly OutputConflict[]): string {
  return [...conflicts]
    .sort((a, b) => widest([b]) - widest([a]))
    .slice(0, 3)
    .map(({ column, unit, min, max, relativeSpread, values }) =>
      Number.isNaN(min)
        ? `${column} ${values.join(" / ")}`
        : `${column} ${short(min)} … ${short(max)}${unit === "" ? "" : ` ${unit}`} (${short(relativeSpread, 2)} σ)`,
    )
    .join("; ");
}

function widest(conflicts: readonly OutputConflict[]): number {
  return Math.max(...conflicts.map(({ relativeSpread }) => (Number.isNaN(relativeSpread) ? 0 : relativeSpread)));
}

function clipped(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

function short(value: number, digits = 5): string {
  return String(Number(value.toPrecision(digits)));
}

function shortRows(rows: readonly number[]): string {
  return rows.length <= 8 ? rows.join(", ") : `${rows.slice(0, 8).join(", ")}, … (${rows.length} rows)`;
}

function listed(names: readonly string[]): string {
  return names.length <= 6 ? names.join(", ") : `${names.slice(0, 5).join(", ")} and ${names.length - 5} more columns`;
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

function cut(lines: readonly string[], total: number = lines.length): readonly string[] {
  const shown = lines.slice(0, MOST_LINES);
  return total <= shown.length ? shown : [...shown, `  … and ${total - shown.length} more`];
}
