import type { Json } from "@materiome/core";

/** A constant of a law. */
export interface LawConstant {
  readonly name: string;
  readonly value: number;
  /** For the form of the law as given: what choosing the form costs is not in it. */
  readonly standardError: number;
  readonly unit: string;
}

/** A law that was found in data, as `model.report` of `createSymbolicLaw` holds it. */
export interface SymbolicLaw {
  /** For people: `72 MPa + 620 MPa·µm^½ / √d`. */
  readonly text: string;
  /** In the language of expressions, constants by name: what `createResidualLearner` takes as its law. */
  readonly expression: string;
  readonly constants: readonly LawConstant[];
  /** Its terms without coefficients. */
  readonly terms: readonly string[];
  /** Share of the variance in the training rows; optimistic, as the law was chosen by them. */
  readonly rSquared: number;
  /** Of held-out rows, each predicted by the law that the rows of other folds gave. */
  readonly rmse: number;
  /** The same of their mean. */
  readonly constantRmse: number;
  /** Held-out rows that the law of the other folds does not hold for; `rmse` is without them. */
  readonly outside: number;
  readonly stability: {
    /** Folds that gave the same law, constants apart, with the fold left out. */
    readonly folds: { readonly same: number; readonly of: number };
    /** Resamples of the rows (of whole groups) with replacement that gave the same law at its complexity. */
    readonly resamples: { readonly same: number; readonly of: number };
    /** Share of the resamples whose law has the term. */
    readonly terms: readonly { readonly term: string; readonly share: number }[];
    /** Laws that resamples gave instead, most frequent first. */
    readonly others: readonly { readonly terms: readonly string[]; readonly count: number }[];
  };
  /** The best law of each complexity, simplest first, with its error on inner folds. */
  readonly path: readonly {
    readonly nTerms: number;
    readonly level: number;
    readonly terms: readonly string[];
    readonly rmse: number | null;
    readonly isChosen: boolean;
  }[];
}

/**
 * The law in the report of a model, undefined for a model of another learner. Never throws, whatever the report holds.
 *
 * @example
 * console.log(symbolicLawOf(model.report)?.text); // "72 MPa + 620 MPa·µm^½ / √d"
 */
export function symbolicLawOf(report: Json): SymbolicLaw | undefined {
  const law = (report as { readonly law?: unknown } | null)?.law as Partial<SymbolicLaw> | undefined;
  return typeof law?.text === "string" && Array.isArray(law.constants) ? (law as SymbolicLaw) : undefined;
}
