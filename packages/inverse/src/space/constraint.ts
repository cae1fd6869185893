/** What may not be set together. All numbers are in the unit of their variable unless a unit is given. */
export type Constraint =
  | LinearConstraint
  | OrderConstraint
  | RatioConstraint
  | PresenceConstraint
  | ExpressionConstraint
  | ForbiddenCombination;

interface Labelled {
  /** Name for messages, such as "furnace limit". @defaultValue the constraint as a formula */
  readonly label?: string | undefined;
}

/** One term of a sum: `coefficient` times the number of variable or fixed input `name` in `unit`. */
export interface LinearTerm {
  readonly name: string;
  readonly coefficient: number;
  /** @defaultValue unit of the variable */
  readonly unit?: string | undefined;
}

/** min ≤ Σ c_i x_i ≤ max. An inactive variable counts as 0. Equal limits make it an equation. */
export interface LinearConstraint extends Labelled {
  readonly kind: "linear";
  readonly terms: readonly LinearTerm[];
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Unit of the sum, for messages. */
  readonly unit?: string | undefined;
}

/**
 * below + gap < above, or ≤ with `orEqual`; each a variable, a fixed input or a number (in the unit of the other side). The form of
 * the orders of a heat treatment in `scheduleVariables`. Does not apply while one of them is inactive.
 */
export interface OrderConstraint extends Labelled {
  readonly kind: "order";
  readonly below: string | number;
  readonly above: string | number;
  /** Least distance, in the unit of `above`. @defaultValue 0 */
  readonly gap?: number | undefined;
  /** @defaultValue false */
  readonly orEqual?: boolean | undefined;
}

/**
 * min ≤ numerator / denominator ≤ max of two amounts that are never negative, compared as min · denominator ≤ numerator ≤ max ·
 * denominator: where the denominator is 0, a `max` asks for a numerator of 0. Does not apply while one of them is inactive.
 */
export interface RatioConstraint extends Labelled {
  readonly kind: "ratio";
  readonly numerator: string;
  readonly denominator: string;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** From `min` to `max` of these amounts are not zero, and those that are not are at least `least`: an alloy of at most five elements. */
export interface PresenceConstraint extends Labelled {
  readonly kind: "presence";
  readonly names: readonly string[];
  /** @defaultValue 0 */
  readonly min?: number | undefined;
  /** @defaultValue all */
  readonly max?: number | undefined;
  /** @defaultValue any amount above 0 */
  readonly least?: number | undefined;
}

/**
 * A condition over variables and fixed inputs in the notation of `expression` (`@materiome/core/features`), units checked: `P / (v *
 * h * t) <= quantity(80, "J/mm3")`; or a number with limits in `unit`. Does not apply while a variable that it uses is inactive.
 */
export interface ExpressionConstraint extends Labelled {
  readonly kind: "expression";
  readonly text: string;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Unit of the limits. @defaultValue the one that follows from the variables */
  readonly unit?: string | undefined;
}

/** Not all of these at once. A clause about an inactive variable does not match. */
export interface ForbiddenCombination extends Labelled {
  readonly kind: "forbidden";
  readonly when: readonly Clause[];
}

/** The value of `name` is one of `in`, or lies between `min` and `max`, both included. */
export interface Clause {
  readonly name: string;
  readonly in?: readonly (string | number)[] | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}
