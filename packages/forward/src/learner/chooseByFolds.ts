import { type AbortLike, DataError, type FeatureMatrix, type Json, takeRows } from "@materiome/core";
import { calibrate } from "../uncertainty/calibration.ts";
import type { TrainingSet } from "./checkTraining.ts";
import { type InnerFolds, rowsOf, rowsOutside, scatter } from "./heldOutByFolds.ts";
import type { Predictor } from "./predictor.ts";
import { createForwardModel, type ForwardModel, type HeldOut } from "./regressionModel.ts";
import { takeTraining } from "./regressor.ts";

/** Fits of several candidate settings to the same rows. */
export interface FitPath {
  /** Predictions by each candidate, [nCandidates] arrays of one number per row. */
  means(x: FeatureMatrix): readonly Float64Array[];
  predictor(candidate: number): Predictor;
}

export interface ChooseOptions {
  /** Name of the learner, for messages. */
  readonly name: string;
  /** Settings to choose from; with one, nothing is chosen. Simpler ones come first within a block. */
  readonly nCandidates: number;
  /** Candidates a block. @defaultValue all */
  readonly blockSize?: number | undefined;
  /** The best mean loss, or the simplest of its block within one standard error of it. @defaultValue "least" */
  readonly rule?: ChoiceRule | undefined;
  readonly signal?: AbortLike | undefined;
}

export type ChoiceRule = "least" | "oneStandardError";

export interface Choice<P extends FitPath = FitPath> {
  readonly candidate: number;
  /** Fits to all rows. */
  readonly path: P;
  /** Predictions of each fold by the candidate that the other folds chose. */
  readonly heldOut: HeldOut;
  /** Mean held-out loss of each candidate. */
  readonly losses: Float64Array;
}

/** What {@link nestedChoice} asks of the learner. */
export interface NestedFits<P> {
  /** Fits all candidates to the rows outside the folds `left` (none left out: to all rows). */
  fitWithout(left: readonly number[]): P;
  /** Sum of the losses of each candidate over rows that the fits have not seen. */
  lossesOn(fits: P, rows: Int32Array): readonly number[];
  /** Keeps the predictions of held-out rows by the candidate chosen for them. */
  keep(fits: P, candidate: number, rows: Int32Array): void;
}

/**
 * Chooses a candidate by folds, and predicts each fold by what the others chose and fitted.
 *
 * The candidate for fold k is chosen by the other folds alone: each fold j ≠ k is predicted by a fit that has seen neither j
 * nor k. That fit serves both ways, so K folds take K (K + 1) / 2 + 1 fits of all candidates.
 *
 * @throws DataError for fewer than 3 folds, where nothing is left to choose by
 */
export function nestedChoice<P>(
  folds: InnerFolds,
  { fitWithout, lossesOn, keep }: NestedFits<P>,
  options: ChooseOptions,
): { readonly candidate: number; readonly fits: P; readonly losses: Float64Array } {
  const { name, nCandidates, signal } = options;
  const { nFolds } = folds;
  const isChoice = nCandidates > 1;
  if (isChoice && nFolds < 3) {
    throw new DataError(
      `${name}: ${nFolds} groups of rows are too few to choose the settings with one left out; give 3 groups or more, or fix the settings`,
    );
  }
  const tests = Array.from({ length: nFolds }, (_, k) => rowsOf(folds, k));
  /** For each fold the losses by which its candidate is chosen; the last table is for all rows. */
  const tables = Array.from({ length: nFolds + 1 }, () => new LossTable(nCandidates, nFolds));
  const score = (fits: P, test: number, by: number): void => {
    const rows = tests[test] as Int32Array; // test < nFolds
    for (const [c, sum] of lossesOn(fits, rows).entries()) tables[by]?.add(c, test, sum, rows.length);
  };
  for (let k = 0; isChoice && k < nFolds; k++) {
    for (let j = 0; j < k; j++) {
      signal?.throwIfAborted();
      const fits = fitWithout([j, k]);
      score(fits, j, k);
      score(fits, k, j);
    }
  }
  for (let k = 0; k < nFolds; k++) {
    signal?.throwIfAborted();
    const fits = fitWithout([k]);
    score(fits, k, nFolds);
    keep(fits, tables[k]?.choose(options) ?? 0, tests[k] as Int32Array); // k < nFolds
  }
  const all = tables[nFolds] as LossTable; // the last
  signal?.throwIfAborted();
  return { candidate: all.choose(options), fits: fitWithout([]), losses: all.means() };
}

/** {@link nestedChoice} for a regression. */
export function chooseByFolds<P extends FitPath>(
  rows: TrainingSet,
  folds: InnerFolds,
  fitPath: (rows: TrainingSet) => P,
  options: ChooseOptions & {
    /** Loss of a held-out residual. @defaultValue its square */ readonly loss?: (residual: number) => number;
  },
): Choice<P> {
  const { loss = (residual: number) => residual * residual } = options;
  const { x } = rows;
  const heldOut: HeldOut = { mean: new Float64Array(x.rows), variance: new Float64Array(x.rows) };
  const { candidate, fits, losses } = nestedChoice<P>(
    folds,
    {
      fitWithout(left) {
        if (left.length === 0) return fitPath(rows);
        const kept = rowsOutside(folds, left);
        return fitPath(takeTraining(rows, kept, takeRows(x, kept)));
      },
      lossesOn: (path, test) =>
        path.means(takeRows(x, test)).map((means) => {
          let sum = 0;
          for (const [r, i] of test.entries()) sum += loss((rows.y[i] as number) - (means[r] as number)); // one per row
          return sum;
        }),
      keep: (path, chosen, test) => scatter(path.predictor(chosen), x, test, heldOut),
    },
    options,
  );
  return { candidate, path: fits, heldOut, losses };
}

/** Model of the choice, its intervals calibrated with the held-out rows. */
export function modelOfChoice(rows: TrainingSet, choice: Choice, level: number, report: Json): ForwardModel {
  const { heldOut, path, candidate } = choice;
  return createForwardModel({
    predictor: path.predictor(candidate),
    features: rows.x.features,
    unit: rows.unit,
    level,
    calibration: calibrate(rows.y, heldOut.mean, heldOut.variance),
    heldOut,
    report,
  });
}

/** Sums of losses by candidate and fold. */
class LossTable {
  private readonly sums: Float64Array;
  private readonly counts: Float64Array;
  private readonly nCandidates: number;

  constructor(nCandidates: number, nFolds: number) {
    this.nCandidates = nCandidates;
    this.sums = new Float64Array(nCandidates * nFolds);
    this.counts = new Float64Array(nFolds);
  }

  add(candidate: number, fold: number, sum: number, nRows: number): void {
    this.sums[candidate * this.counts.length + fold] = sum;
    this.counts[fold] = nRows;
  }

  private losses(candidate: number): Float64Array {
    return this.sums.subarray(candidate * this.counts.length, (candidate + 1) * this.counts.length);
  }

  private mean(candidate: number): number {
    return total(this.losses(candidate)) / total(this.counts);
  }

  means(): Float64Array {
    return Float64Array.from({ length: this.nCandidates }, (_, c) => this.mean(c));
  }

  /** Standard error of the mean over folds, each counting by its rows. */
  private standardError(candidate: number): number {
    const mean = this.mean(candidate);
    const losses = this.losses(candidate);
    let sum = 0;
    let nFolds = 0;
    for (const [k, count] of this.counts.entries()) {
      if (count === 0) continue;
      nFolds++;
      sum += count * ((losses[k] as number) / count - mean) ** 2; // one per fold
    }
    return nFolds < 2 ? 0 : Math.sqrt(sum / total(this.counts) / (nFolds - 1));
  }

  choose({ rule = "least", blockSize = this.nCandidates }: ChooseOptions): number {
    if (this.nCandidates === 1) return 0;
    const means = this.means();
    let best = 0;
    // A tie, but for rounding, goes to the simpler one.
    for (const [c, mean] of means.entries()) if (mean < (means[best] as number) * (1 - 1e-12)) best = c;
    if (rule === "least") return best;
    const limit = (means[best] as number) + this.standardError(best);
    for (let c = best - (best % blockSize); c < best; c++) if ((means[c] as number) <= limit) return c;
    return best;
  }
}

function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
