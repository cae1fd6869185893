import { DomainError, type Feature, type Matrix } from "@materiome/core";

/** A sum of features, or the share that one sum has of itself and another. */
export interface Term {
  readonly name: string;
  /** Columns that are added up. */
  readonly over: readonly number[];
  /** Columns that the sum is compared with: the term is over / (over + under), which rises with over / under and stays within 0 … 1; none: the sum itself. */
  readonly under: readonly number[];
}

/** Σ over of one row of the features. */
export function sumAt(x: Matrix, i: number, columns: readonly number[]): number {
  let sum = 0;
  for (const f of columns) sum += x.data[i * x.columns + f] as number; // f < columns
  return sum;
}

/** The value of a term in row i; NaN where an amount is missing, or all of them are 0. */
export function termAt(x: Matrix, i: number, { over, under }: Term): number {
  const part = sumAt(x, i, over);
  return under.length === 0 ? part : part / (part + sumAt(x, i, under));
}

/**
 * The features with the terms behind them.
 *
 * @throws DomainError where a term has no value and `allowsMissing` is false
 */
export function withTerms(terms: readonly Term[], x: Matrix, allowsMissing: boolean): Matrix {
  const { rows, columns: d } = x;
  const wide = d + terms.length;
  const data = new Float64Array(rows * wide);
  for (let i = 0; i < rows; i++) {
    data.set(x.data.subarray(i * d, (i + 1) * d), i * wide);
    for (const [k, term] of terms.entries()) {
      const value = termAt(x, i, term);
      if (Number.isNaN(value) && !allowsMissing) {
        throw new DomainError(
          `quotients: ${term.name} has no value in row ${i}, whose amounts add up to 0; correct the row, or use a learner that takes missing values`,
        );
      }
      data[i * wide + d + k] = value;
    }
  }
  return { rows, columns: wide, data };
}

/** A sum in the unit of its columns, or a quotient without one. */
export function termFeature({ name, over, under }: Term, features: readonly Feature[]): Feature {
  const own = [...over, ...under].map((f) => features[f] as Feature); // columns of the features
  return {
    name,
    unit: under.length === 0 ? (own[0]?.unit ?? "") : "",
    source: [...new Set(own.flatMap(({ source }) => source))],
  };
}

/** "A + B", "A / B", "(A + B) / (C + D)". */
export function nameOf(over: readonly number[], under: readonly number[], features: readonly Feature[]): string {
  const sum = (columns: readonly number[]): string => {
    const text = columns.map((f) => features[f]?.name ?? "").join(" + ");
    return columns.length > 1 && under.length > 0 ? `(${text})` : text;
  };
  return under.length === 0 ? sum(over) : `${sum(over)} / ${sum(under)}`;
}
