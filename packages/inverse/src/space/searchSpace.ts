import type { ColumnKind, ColumnRole } from "@materiome/core";
import type { Constraint } from "./constraint.ts";
import type { Variable } from "./variable.ts";

/** An input that the search leaves alone. `why`: asked for, taken from a named training row, or the same in every row. */
export interface FixedInput {
  readonly name: string;
  readonly role: ColumnRole;
  readonly unit: string;
  readonly columnKind: ColumnKind;
  readonly value: number | string;
  readonly why: "fixed" | "context" | "constant";
}

/** Amounts that always add up: the sum over `columns` (variables and fixed inputs) is `total` ± `tolerance`. */
export interface SumConstraint {
  readonly columns: readonly string[];
  readonly total: number;
  readonly tolerance: number;
}

/**
 * What may be turned (`variables`), what is given (`fixed`), and which amounts add up (`sums`). Together variables and
 * fixed inputs are all inputs of the model.
 */
export interface SearchSpace {
  readonly variables: readonly Variable[];
  readonly fixed: readonly FixedInput[];
  readonly sums: readonly SumConstraint[];
  /** What may not be set together. @defaultValue none */
  readonly constraints?: readonly Constraint[] | undefined;
}

/** One input of a suggestion, in the unit of the model. */
export interface Setting {
  readonly name: string;
  readonly value: number | string;
  readonly unit: string;
}
