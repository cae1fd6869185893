import type { Matrix } from "@materiome/core";

/**
 * Probabilities of a row mixed with the shares of the classes: p′ = (1 − share) · p + share · prior, which sums to 1 as p does. Trees that agree
 * give a probability of exactly 0, which no number of trees can vouch for and which costs infinite log loss where the class does come.
 */
export interface ClassBlend {
  /** Above 0 to 1. */
  readonly share: number;
  /** (n + ½) / Σ (n + ½) over the classes, n being the rows of each; they sum to 1, and none is 0. */
  readonly prior: readonly number[];
}

/** Shares tried: none of them lets a class have the probability 0. */
const SHARES = [0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 1];

/**
 * The share with the least log loss on held-out rows: of 0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4 and 1, the smallest of equals. Each row counts
 * once, whatever its weight in training.
 *
 * @param probabilities - of held-out rows, [n, nClasses]
 * @param codes - class of each row
 * @param rows - which of them to learn the share from
 * @param known - rows whose classes `prior` counts, `rows` if not given
 */
export function fitBlend(
  { columns, data }: Matrix,
  codes: Int32Array,
  rows: Int32Array,
  known: Int32Array = rows,
): ClassBlend {
  const counts = new Float64Array(columns).fill(0.5);
  for (const i of known) counts[codes[i] as number] = (counts[codes[i] as number] as number) + 1; // codes < columns
  const total = counts.reduce((sum, count) => sum + count, 0);
  const prior = Array.from(counts, (count) => count / total);
  let best = SHARES[0] as number;
  let least = Number.POSITIVE_INFINITY;
  for (const share of SHARES) {
    let loss = 0;
    for (const i of rows) {
      const c = codes[i] as number; // one per row
      loss -= Math.log((1 - share) * (data[i * columns + c] as number) + share * (prior[c] as number));
    }
    if (loss < least) [least, best] = [loss, share];
  }
  return { share: best, prior };
}

/**
 * Probabilities as they would be were a row of each class, against the others, as likely as not: o / (1 + o) with the odds
 * o = p / (1 − p) · (1 − prior) / prior. Models of two folds differ in the shares of the classes they learnt from; where the features
 * say little, that is most of what their probabilities differ by. The order of rows of one model stays as it is.
 *
 * @see Saerens, Latinne & Decaestecker, Neural Comput. 14, 21 (2002), doi:10.1162/089976602753284446: other a priori probabilities
 */
export function againstPrior({ prior }: ClassBlend, probabilities: Matrix): Matrix {
  const { columns } = probabilities;
  const data = probabilities.data.map((p, at) => {
    const own = prior[at % columns] as number; // % columns; between 0 and 1, as 0.5 is counted more of each class
    const [of, others] = [p / own, (1 - p) / (1 - own)];
    return of / (of + others);
  });
  return { ...probabilities, data };
}

/** The mixed probabilities. */
export function applyBlend({ share, prior }: ClassBlend, probabilities: Matrix): Matrix {
  const { columns } = probabilities;
  const data = probabilities.data.map((p, at) => (1 - share) * p + share * (prior[at % columns] as number)); // % columns
  return { ...probabilities, data };
}
