import type { ColumnInfo } from "../table/column.ts";
import type { CompositionsFromColumnsOptions } from "../table/compositionsFromColumns.ts";

/** What a formula column is turned into: atomic fractions of the elements, Magpie statistics of element properties. */
export type FormulaFeatures = "fractions" | "magpie";

export interface TableEncoderOptions {
  /** Features of formula columns. @defaultValue both */
  readonly features: readonly FormulaFeatures[];
  /** Element without a value of some property: NaN, or the mean over all elements. @defaultValue "none": NaN */
  readonly magpieImpute: "none" | "mean";
  /**
   * A label that was not met while fitting: refuse (`error`), treat as missing (`missing`: NaN in all features of the
   * column), or as none of the known labels (`other`: 0 in all). @defaultValue "error"
   */
  readonly unknownCategory: "error" | "missing" | "other";
  /**
   * Adds the Magpie statistics of the alloy that the element columns (`C wt%`, `Mn wt%`, …) describe together; says which
   * element makes up the rest and, where the headers do not, the unit. @defaultValue undefined: they only pass through
   */
  readonly elementColumns?: CompositionsFromColumnsOptions | undefined;
}

/** One input column as it was fitted. */
export type EncodedInput = Omit<ColumnInfo, "roleFrom" | "describes"> &
  (
    | { readonly kind: "number" }
    | { readonly kind: "category"; readonly labels: readonly string[] }
    | { readonly kind: "formula"; readonly elements: readonly string[] }
  );
