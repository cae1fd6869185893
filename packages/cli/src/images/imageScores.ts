import { createMatrix, type Matrix, type Prediction } from "@materiome/core";
import { wilsonInterval } from "@materiome/core/numerics";
import { classificationMetrics, regressionMetrics } from "@materiome/forward";

/** A score beside that of the network. */
export interface ClassBaseline {
  readonly name: string;
  readonly accuracy: number;
  readonly balancedAccuracy: number;
  /** Null: infinite, as a class was given probability 0. */
  readonly logLoss: number | null;
}

export interface ClassScores {
  readonly n: number;
  readonly accuracy: number;
  /** 95 %, images counted one by one. */
  readonly accuracyCi: readonly [number, number];
  readonly balancedAccuracy: number;
  readonly macroF1: number;
  readonly rocAuc: number | null;
  readonly logLoss: number | null;
  readonly ece: number;
  readonly classes: readonly {
    readonly name: string;
    readonly n: number;
    readonly recall: number | null;
    readonly precision: number | null;
    readonly rocAuc: number | null;
  }[];
  /** Row: true class; column: called class. */
  readonly confusion: readonly (readonly number[])[];
}

/** Scores of class probabilities. */
export function classScoresOf(probabilities: Matrix, codes: readonly number[], labels: readonly string[]): ClassScores {
  const { n, accuracy, balancedAccuracy, macroF1, rocAuc, logLoss, ece, classes, confusion } = classificationMetrics(
    probabilities,
    codes,
    labels,
  );
  const k = labels.length;
  return {
    ...{ n, accuracy, balancedAccuracy, macroF1, rocAuc, ece },
    accuracyCi: wilsonInterval(accuracy, n, 0.95),
    logLoss: Number.isFinite(logLoss) ? logLoss : null,
    classes: classes.map(({ label, n: own, recall, precision, rocAuc: area }) => ({
      name: label,
      n: own,
      recall,
      precision,
      rocAuc: area,
    })),
    confusion: labels.map((_, c) => [...confusion.data.subarray(c * k, (c + 1) * k)]),
  };
}

/** Of the shares that classes have among the images learned from. */
export function shareProbabilities(known: readonly number[], nClasses: number, n: number): Matrix {
  const shares = Array.from({ length: nClasses }, (_, c) => known.filter((code) => code === c).length / known.length);
  return createMatrix(n, nClasses, Float64Array.from(Array.from({ length: n }, () => shares).flat()));
}

export function classBaseline(
  name: string,
  probabilities: Matrix,
  codes: readonly number[],
  labels: readonly string[],
): ClassBaseline {
  const { accuracy, balancedAccuracy, logLoss } = classScoresOf(probabilities, codes, labels);
  return { name, accuracy, balancedAccuracy, logLoss };
}

export interface ValueScores {
  readonly name: string;
  readonly unit: string;
  readonly n: number;
  readonly mae: number;
  readonly rmse: number;
  readonly r2: number | null;
  /** Share of the images whose value lies in the interval; null without intervals. */
  readonly coverage: number | null;
  readonly level: number | null;
  readonly baselines: readonly { readonly name: string; readonly mae: number; readonly rmse: number }[];
}

/** Scores of column `c` of a prediction, on images whose value is known; null where there are none. */
export function valueScoresOf(
  target: { readonly name: string; readonly unit: string },
  prediction: Prediction,
  c: number,
  truth: readonly number[],
  baselines: readonly { readonly name: string; readonly values: ArrayLike<number> }[],
): ValueScores | null {
  const rows = truth.flatMap((value, i) => (Number.isNaN(value) ? [] : [i]));
  if (rows.length === 0) return null;
  const known = rows.map((i) => truth[i] as number); // rows of truth
  const of = (matrix: Matrix): number[] => rows.map((i) => matrix.data[i * matrix.columns + c] as number); // likewise
  const { n, mae, rmse, r2 } = regressionMetrics(known, of(prediction.mean));
  const { lower, upper, level } = prediction;
  const [low, high] = [lower && of(lower), upper && of(upper)];
  const inside = low && high && known.filter((value, i) => value >= (low[i] ?? 0) && value <= (high[i] ?? 0)).length;
  return {
    ...target,
    ...{ n, mae, rmse, r2 },
    coverage: inside === undefined ? null : inside / n,
    level: inside === undefined ? null : (level ?? null),
    baselines: baselines.map(({ name, values }) => {
      const scores = regressionMetrics(
        known,
        rows.map((i) => values[i] as number),
      ); // one an image
      return { name, mae: scores.mae, rmse: scores.rmse };
    }),
  };
}
