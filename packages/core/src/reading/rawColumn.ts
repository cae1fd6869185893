/** Text cells of a column by distinct text: cell i holds `labels[codes[i]]`, −1 is empty. */
export interface LabelCells {
  readonly plan: "labels";
  readonly codes: Int32Array;
  /** Distinct trimmed texts in the order of their first appearance. */
  readonly labels: readonly string[];
  readonly counts: ArrayLike<number>;
}

/** Cells of a column that were read as numbers under one decimal sign; what is no number is kept by row and text. */
export interface NumberCells {
  readonly plan: "numbers";
  readonly values: Float64Array;
  readonly valid: Uint8Array;
  readonly nNumbers: number;
  /** Numbers written with a decimal sign, and the first of them. */
  readonly nWithSign: number;
  readonly firstWithSign: { readonly text: string; readonly row: number } | undefined;
  /** True if all of these may be thousands, as `1,234` read with a decimal comma. */
  readonly isThousands: boolean;
  /** True if a whole number looks like a code: begins with a zero, as `0012`, or has more than fifteen digits. */
  readonly hasCodes: boolean;
  readonly others: SparseLabels;
}

/** Texts at a few rows. */
export interface SparseLabels {
  readonly rows: readonly number[];
  readonly codes: readonly number[];
  readonly labels: readonly string[];
  readonly counts: readonly number[];
}

/** A column as it stands in the file, before it has a kind. */
export type RawColumn = LabelCells | NumberCells;

export const NO_LABELS: SparseLabels = { rows: [], codes: [], labels: [], counts: [] };

/** Distinct texts of a column that are not already numbers, with how often they occur. */
export function textsOf(column: RawColumn): { readonly labels: readonly string[]; readonly counts: ArrayLike<number> } {
  return column.plan === "labels" ? column : column.others;
}

/** Index of the first row that holds label `code`. */
export function firstRowOf(column: RawColumn, code: number): number {
  if (column.plan === "labels") return column.codes.indexOf(code);
  return column.others.rows[column.others.codes.indexOf(code)] ?? -1;
}

/** Calls `visit` for every row that holds a text, in order of rows. */
export function forEachText(column: RawColumn, visit: (row: number, code: number) => void): void {
  if (column.plan === "numbers") {
    for (const [k, row] of column.others.rows.entries()) visit(row, column.others.codes[k] ?? -1);
    return;
  }
  for (const [row, code] of column.codes.entries()) if (code >= 0) visit(row, code);
}

/** Label cells of texts; undefined and blank are empty. */
export function labelCells(texts: readonly (string | undefined)[]): LabelCells {
  const index = new Map<string, number>();
  const counts: number[] = [];
  const codes = Int32Array.from(texts, (cell) => {
    const text = cell?.trim() ?? "";
    if (text === "") return -1;
    let code = index.get(text);
    if (code === undefined) {
      code = index.size;
      index.set(text, code);
      counts.push(0);
    }
    counts[code] = (counts[code] ?? 0) + 1;
    return code;
  });
  return { plan: "labels", codes, labels: [...index.keys()], counts };
}
