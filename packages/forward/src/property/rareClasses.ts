import { columnTexts, DataError, type DerivedGroups, type Table } from "@materiome/core";

/**
 * Rows of the classes that have enough rows, or groups, to be both learnt and tested.
 *
 * @param least - classes with fewer are left out; undefined: fewer than 2 are an error
 * @throws DataError naming the classes, what is left without them, and what to do
 */
export function rareClasses(
  table: Table,
  target: string,
  { codes, kind }: DerivedGroups,
  least: number | undefined,
): {
  readonly kept: Int32Array;
  readonly dropped: readonly { readonly reason: string; readonly rows: readonly number[] }[];
} {
  const texts = columnTexts(table.column(target)) as readonly string[]; // rows with a class
  const what = kind === "none" ? "row" : "group";
  const units = new Map<string, Set<number>>();
  for (const [i, text] of texts.entries()) {
    units.set(text, (units.get(text) ?? new Set()).add(kind === "none" ? i : (codes[i] as number))); // one per row
  }
  const needed = Math.max(2, least ?? 2);
  const rare = [...units].filter(([, own]) => own.size < needed).map(([label, own]) => ({ label, n: own.size }));
  const out = new Set(rare.map(({ label }) => label));
  const kept = Int32Array.from(texts.keys()).filter((i) => !out.has(texts[i] ?? ""));
  const nLeft = units.size - rare.length;
  const location = { file: table.source, column: target };
  const shown = rare.slice(0, 8).map(({ label, n }) => `"${label}" (${n})`);
  const named = `${shown.join(", ")}${rare.length > 8 ? ` and ${rare.length - 8} more` : ""}`;
  if (nLeft < 2) {
    const has =
      units.size === 1
        ? `all rows are of one class, "${texts[0]}"`
        : `of ${units.size} classes ${nLeft === 0 ? "none has" : "only one has"} at least ${needed} ${what}s: ${named}`;
    throw new DataError(
      `${has}; a classifier needs 2 classes with at least ${needed} ${what}s each. If these are names or numbers, choose another target`,
      {
        location,
      },
    );
  }
  if (rare.length > 0 && least === undefined) {
    throw new DataError(
      `classes with a single ${what} cannot be both learnt and tested: ${named}; merge them with others, add rows, or leave them out (leastClass, --least-class 2): ${nLeft} classes with ${kept.length} of ${texts.length} rows would be left`,
      { location },
    );
  }
  return {
    kept,
    dropped: rare.map(({ label, n }) => ({
      reason: `class "${label}" has ${n} ${what}${n === 1 ? "" : "s"}, fewer than ${needed}`,
      rows: Array.from(texts.keys())
        .filter((i) => texts[i] === label)
        .map((i) => table.rowNumber(i)),
    })),
  };
}
