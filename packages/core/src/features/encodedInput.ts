import type { Json } from "../learner/portable.ts";
import type { ColumnInfo } from "../table/column.ts";
import type { CompositionKind } from "../table/compositionOfText.ts";
import type { CompositionsFromColumnsOptions } from "../table/compositionsFromColumns.ts";

/**
 * What a formula column is turned into: `"fractions"` (atomic fractions of the elements met while fitting), or a composition
 * featurizer by its name (`"magpie"`, `"stoichiometry"`, …: see `compositionFeaturizers`), by name and preset
 * (`"magpie:matminer"`), or with options.
 */
export type FormulaFeatures =
  | string
  | { readonly name: string; readonly options?: { readonly [key: string]: Json } | undefined };

/**
 * How a category becomes numbers: one 0/1 feature per label; the share of the training rows that have the label; or its place
 * (0, 1, …) in an order that you state, as in `["soft", "medium", "hard"]`. None of them looks at the target.
 */
export type CategoryEncoding = "one-hot" | "frequency" | readonly string[];

export interface ElementColumnsOptions extends Omit<CompositionsFromColumnsOptions, "oxides"> {
  /** Composition featurizers of the alloy. @defaultValue those of `features` but the fractions; magpie if that leaves none */
  readonly features?: readonly FormulaFeatures[] | undefined;
}

export interface TableEncoderOptions {
  /** Features of formula columns. @defaultValue fractions and magpie */
  readonly features: readonly FormulaFeatures[];
  /** Element without a value of some Magpie property: NaN, or the mean over all elements. @defaultValue "none": NaN */
  readonly magpieImpute: "none" | "mean";
  /**
   * A label that was not met while fitting: refuse (`error`), treat as missing (`missing`: NaN in all features of the
   * column), or as none of the known labels (`other`: 0 in all; NaN for a stated order, which has no place for it).
   * @defaultValue "error"
   */
  readonly unknownCategory: "error" | "missing" | "other";
  /**
   * Adds composition features of the alloy that the element columns (`C wt%`, `Mn wt%`, …) describe together; says which
   * element makes up the rest and, where the headers do not, the unit. @defaultValue undefined: they only pass through
   */
  readonly elementColumns?: ElementColumnsOptions | undefined;
}

/** One input column as it was fitted. */
export type EncodedInput = Omit<ColumnInfo, "roleFrom" | "describes"> &
  (
    | { readonly kind: "number" }
    | {
        readonly kind: "category";
        readonly labels: readonly string[];
        /** @defaultValue "one-hot" */
        readonly encoding?: "one-hot" | "ordinal" | "frequency" | undefined;
        /** Share of the training rows per label, where that is the encoding. */
        readonly frequencies?: readonly number[] | undefined;
      }
    | { readonly kind: CompositionKind; readonly elements: readonly string[] }
  );

export function encodedInputJson(input: EncodedInput): Json {
  const { name, role, unit, kind, header } = input;
  return {
    name,
    role,
    unit,
    kind,
    ...(header === undefined ? {} : { header }),
    ...(input.kind === "category" ? { labels: [...input.labels] } : {}),
    ...(input.kind === "category" && input.encoding !== undefined ? { encoding: input.encoding } : {}),
    ...(input.kind === "category" && input.frequencies !== undefined ? { frequencies: [...input.frequencies] } : {}),
    ...("elements" in input ? { elements: [...input.elements] } : {}),
  };
}
