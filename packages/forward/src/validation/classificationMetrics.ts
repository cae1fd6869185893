import { DataError, DomainError, type Matrix, ShapeError } from "@materiome/core";
import { midRanks } from "./midRanks.ts";

/** Scores of one class against all others. */
export interface ClassMetrics {
  readonly label: string;
  /** Rows of the class. */
  readonly n: number;
  /** Share of its rows found; null where it has none. */
  readonly recall: number | null;
  /** Share right of the rows called so; null where none is. */
  readonly precision: number | null;
  /** 2 TP / (2 TP + FP + FN); null for a class that neither occurs nor is called. */
  readonly f1: number | null;
  /** Probability that a row of the class is ranked above one of another, ties half; null where either has no rows. */
  readonly rocAuc: number | null;
}

export interface ClassificationMetrics {
  readonly n: number;
  readonly accuracy: number;
  /** Mean recall of the classes that occur. */
  readonly balancedAccuracy: number;
  /** Mean over the classes that occur or are called. */
  readonly macroF1: number;
  /** Mean of one-vs-rest over the classes that have it; null where none does. */
  readonly rocAuc: number | null;
  /** Mean −ln of the probability of the true class, nats; ∞ where one was given probability 0. */
  readonly logLoss: number;
  /** Mean over rows of Σ (probability − truth)² over classes, 0 … 2. */
  readonly brier: number;
  /** Expected calibration error: |accuracy − confidence| in ten bins of the highest probability, weighted by rows. */
  readonly ece: number;
  readonly classes: readonly ClassMetrics[];
  /** Row: true class; column: called class. */
  readonly confusion: Matrix;
}

/**
 * Scores of class probabilities. A row is called what is most probable, the first of equals.
 *
 * @param probabilities - [nRows, nClasses], rows sum to 1
 * @param codes - true class of each row, an index into `labels`
 * @throws ShapeError for sizes that differ; DataError for no rows; DomainError for codes without a label or rows that are
 * no probabilities
 * @see Guo et al., ICML 2017, arXiv:1706.04599 (expected calibration error)
 * @example
 * const p = createMatrix(2, 2, Float64Array.of(0.8, 0.2, 0.4, 0.6));
 * classificationMetrics(p, [0, 1], ["fcc", "bcc"]).accuracy; // 1
 */
export function classificationMetrics(
  probabilities: Matrix,
  codes: ArrayLike<number>,
  labels: readonly string[],
): ClassificationMetrics {
  const { rows: n, columns: k, data } = probabilities;
  check(probabilities, codes, labels);
  const truth = Int32Array.from(codes);
  const called = Int32Array.from(truth, (_, i) => firstLargest(data, i * k, k));
  const confusion = new Float64Array(k * k);
  const bins = Array.from({ length: 10 }, () => ({ confidence: 0, right: 0 }));
  let [right, loss, brier] = [0, 0, 0];
  for (const [i, code] of truth.entries()) {
    const choice = called[i] as number; // one per row
    const cell = code * k + choice;
    confusion[cell] = (confusion[cell] as number) + 1;
    if (code === choice) right++;
    loss -= Math.log(data[i * k + code] as number); // code < k
    for (let c = 0; c < k; c++) brier += ((data[i * k + c] as number) - (c === code ? 1 : 0)) ** 2;
    const confidence = data[i * k + choice] as number;
    // Bins are open below and closed above.
    const bin = bins[Math.min(9, Math.max(0, Math.ceil(confidence * 10) - 1))] as (typeof bins)[number];
    bin.confidence += confidence;
    bin.right += code === choice ? 1 : 0;
  }
  const classes = labels.map((label, c): ClassMetrics => {
    const column = Float64Array.from({ length: n }, (_, i) => data[i * k + c] as number); // c < k
    const [tp, own, calledSo] = [confusion[c * k + c] as number, countOf(truth, c), countOf(called, c)];
    return {
      label,
      n: own,
      recall: own === 0 ? null : tp / own,
      precision: calledSo === 0 ? null : tp / calledSo,
      f1: own + calledSo === 0 ? null : (2 * tp) / (own + calledSo),
      rocAuc: areaUnderRoc(
        column,
        truth.map((code) => (code === c ? 1 : 0)),
      ),
    };
  });
  const mean = (values: readonly (number | null)[]): number | null => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  return {
    n,
    accuracy: right / n,
    balancedAccuracy: mean(classes.map(({ recall }) => recall)) ?? Number.NaN, // some class occurs
    macroF1: mean(classes.map(({ f1 }) => f1)) ?? Number.NaN,
    rocAuc: mean(classes.map(({ rocAuc }) => rocAuc)),
    logLoss: loss / n,
    brier: brier / n,
    ece: bins.reduce((sum, bin) => sum + Math.abs(bin.right - bin.confidence), 0) / n,
    classes,
    confusion: { rows: k, columns: k, data: confusion },
  };
}

/**
 * Area under the ROC curve: the share of pairs in which the row marked 1 has the higher score, ties counting half. Null
 * where all marks are equal.
 *
 * @throws ShapeError if scores and marks differ in number; DomainError for a score that is no number
 * @see Hanley & McNeil, Radiology 143, 29 (1982), doi:10.1148/radiology.143.1.7063747
 * @example
 * areaUnderRoc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]); // 0.75
 */
export function areaUnderRoc(scores: ArrayLike<number>, marks: ArrayLike<number>): number | null {
  if (scores.length !== marks.length) {
    throw new ShapeError(`areaUnderRoc: ${scores.length} scores but ${marks.length} marks; give one for each row`);
  }
  const ranks = midRanks(scores);
  const missing = ranks.findIndex(Number.isNaN);
  if (missing >= 0) throw new DomainError(`areaUnderRoc: score of row ${missing} is no number; leave such rows out`);
  let [positive, sum] = [0, 0];
  for (const [i, rank] of ranks.entries()) {
    if (marks[i] !== 1) continue;
    positive++;
    sum += rank;
  }
  const negative = ranks.length - positive;
  if (positive === 0 || negative === 0) return null;
  return (sum - (positive * (positive + 1)) / 2) / (positive * negative);
}

function check({ rows: n, columns: k, data }: Matrix, codes: ArrayLike<number>, labels: readonly string[]): void {
  const who = "classificationMetrics";
  if (codes.length !== n || labels.length !== k) {
    throw new ShapeError(
      `${who}: probabilities are ${n} × ${k}, but there are ${codes.length} codes and ${labels.length} labels`,
    );
  }
  if (n === 0) throw new DataError(`${who}: expected at least one row, got none`);
  for (let i = 0; i < n; i++) {
    const code = codes[i] as number; // i < n
    if (!(Number.isInteger(code) && code >= 0 && code < k)) {
      throw new DomainError(`${who}: class of row ${i} is ${code}, but there are labels 0 … ${k - 1}`);
    }
    let sum = 0;
    for (let c = 0; c < k; c++) {
      const p = data[i * k + c] as number; // c < k
      if (!(p >= 0 && p <= 1 + 1e-9)) throw new DomainError(`${who}: probability ${p} in row ${i} is outside 0 … 1`);
      sum += p;
    }
    if (Math.abs(sum - 1) > 1e-6) {
      throw new DomainError(`${who}: probabilities of row ${i} sum to ${sum}, expected 1; normalise them first`);
    }
  }
}

function firstLargest(data: Float64Array, from: number, k: number): number {
  let best = 0;
  for (let c = 1; c < k; c++) if ((data[from + c] as number) > (data[from + best] as number)) best = c; // c < k
  return best;
}

function countOf(codes: Int32Array, code: number): number {
  return codes.reduce((count, value) => count + (value === code ? 1 : 0), 0);
}
