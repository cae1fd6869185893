/**
 * What a column is for.
 * `id` names a row; `group` marks related rows (heat, lot, DOI, specimen); `composition` and `process` may be inputs and
 * may be turned by inverse design; `condition` (test temperature, method) is an input but never a knob; `structure` is
 * an input reached only through process; `property` is aimed at; `uncertainty` is σ of another column; `censor` marks
 * run-outs and `<` values of another column; `note` is ignored.
 */
export type ColumnRole =
  | "id"
  | "group"
  | "composition"
  | "process"
  | "condition"
  | "structure"
  | "property"
  | "uncertainty"
  | "censor"
  | "note";

export const COLUMN_ROLES: readonly ColumnRole[] = [
  "id",
  "group",
  "composition",
  "process",
  "condition",
  "structure",
  "property",
  "uncertainty",
  "censor",
  "note",
];

export type ColumnKind = "number" | "category" | "formula" | "grade" | "text";

/** What a role was inferred from; `default` means that nothing spoke for it (see `inferRoles`). */
export type RoleSource = "name" | "values" | "unit" | "default";

/** Name, role and unit of a column. `unit` is "" where there is none. */
export interface ColumnInfo {
  readonly name: string;
  readonly role: ColumnRole;
  readonly unit: string;
  /** Column that an `uncertainty` or `censor` column speaks of. */
  readonly describes?: string | undefined;
  /** Header as it stood in the file, where it differs from `name`. */
  readonly header?: string | undefined;
  /** Unit before a conversion, where there was one; values in it are what the file says. */
  readonly originalUnit?: string | undefined;
  /** True for temperatures that are differences: they convert without the offset of the scale. */
  readonly isDifference?: boolean | undefined;
  /** How a role that was inferred came about; absent where a schema or code declared it. */
  readonly roleFrom?: RoleSource | undefined;
  /** What the cells held besides plain numbers; absent where they held nothing else. */
  readonly notation?: CellNotation | undefined;
}

/** How many cells of a column were read from which notation. Absent counts are 0. */
export interface CellNotation {
  /** `<0.005`, `>45`: the limit, marked in a column of role `censor`. */
  readonly censored?: number | undefined;
  /** `0.2–0.3`: the middle, σ = half width / √3 in a column of role `uncertainty`. */
  readonly range?: number | undefined;
  /** `12±1`: σ = 1 / `coverageFactor`. */
  readonly plusMinus?: number | undefined;
  /** `5.431(2)`: σ = 0.002. */
  readonly concise?: number | undefined;
  /** `~12`: the number; how uncertain it is nobody said. */
  readonly approximate?: number | undefined;
  /** `650 °C`. */
  readonly withUnit?: number | undefined;
  /** Cells that stated another unit than the column's and were converted. */
  readonly converted?: number | undefined;
  /** What ± was taken to be in standard uncertainties. */
  readonly coverageFactor?: number | undefined;
}

/** Numbers; missing ones are NaN with `valid[i] = 0`. */
export interface NumberColumn extends ColumnInfo {
  readonly kind: "number";
  readonly values: Float64Array;
  readonly valid: Uint8Array;
}

/** Dictionary-coded strings: `labels[codes[i]]`, −1 is missing. */
export interface CategoryColumn extends ColumnInfo {
  readonly kind: "category";
  readonly codes: Int32Array;
  readonly labels: readonly string[];
}

/** Chemical formulas, names of alloy grades (`316L`) or free text, kept as written; undefined is missing. */
export interface TextColumn extends ColumnInfo {
  readonly kind: "formula" | "grade" | "text";
  readonly texts: readonly (string | undefined)[];
}

export type Column = NumberColumn | CategoryColumn | TextColumn;

export function columnLength(column: Column): number {
  switch (column.kind) {
    case "number":
      return column.values.length;
    case "category":
      return column.codes.length;
    case "formula":
    case "grade":
    case "text":
      return column.texts.length;
  }
}
