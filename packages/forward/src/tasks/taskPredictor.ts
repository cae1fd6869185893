import { createMatrix, FormatError, type Json, type Matrix, type Random } from "@materiome/core";
import { taskOf } from "../gaussianProcess/coregionalTasks.ts";
import { isProcessPredictor, type Predictor, type ProcessPredictor } from "../learner/predictor.ts";

/** A process whose target is standardised for each task apart. */
export interface TaskProcess {
  readonly process: ProcessPredictor;
  /**
   * Where a row's task is told: by 0/1 columns of the rows; or all rows are of one task, for which the process takes a 0/1 column
   * for each task behind their own.
   */
  readonly told: { readonly columns: readonly number[] } | { readonly task: number; readonly nTasks: number };
  /** By task. */
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

export function taskPredictor(parts: TaskProcess): ProcessPredictor {
  const { process, told, mean: means, scale: scales } = parts;
  const asked = (x: Matrix): Matrix => ("task" in told ? withTask(x, told.task, told.nTasks) : x);
  const taskAt = (x: Matrix, i: number): number =>
    "task" in told ? told.task : Math.min(means.length - 1, taskOf(told.columns, x.data, i * x.columns));
  const centre = (x: Matrix, i: number): number => means[taskAt(x, i)] as number; // one for each task
  const scale = (x: Matrix, i: number): number => scales[taskAt(x, i)] as number;
  const meansOf = (x: Matrix, values: Float64Array): Float64Array =>
    values.map((value, i) => centre(x, i) + scale(x, i) * value);
  const variancesOf = (x: Matrix, values: Float64Array): Float64Array =>
    values.map((value, i) => scale(x, i) ** 2 * value);
  return {
    kind: "task",
    allowsMissing: false,
    estimate(x) {
      const { mean, variance } = process.estimate(asked(x));
      return { mean: meansOf(x, mean), variance: variancesOf(x, variance) };
    },
    posterior(x) {
      const { mean, covariance } = process.posterior(asked(x));
      const n = x.rows;
      const data = covariance.data.map((value, at) => value * scale(x, Math.floor(at / n)) * scale(x, at % n));
      return { mean: meansOf(x, mean), covariance: { ...covariance, data } };
    },
    samplePosterior(x: Matrix, nSamples: number, random: Random): Matrix {
      const samples = process.samplePosterior(asked(x), nSamples, random);
      const data = samples.data.map((value, at) => centre(x, at % x.rows) + scale(x, at % x.rows) * value);
      return { ...samples, data };
    },
    meanVarianceGradient(x) {
      const slopes = process.meanVarianceGradient(asked(x));
      const rowsOf = ({ columns, data }: Matrix, factor: (i: number) => number): Matrix => {
        const out = createMatrix(x.rows, x.columns);
        for (let i = 0; i < x.rows; i++) {
          const own = data.subarray(i * columns, i * columns + x.columns);
          out.data.set(
            own.map((value) => factor(i) * value),
            i * x.columns,
          );
        }
        return out;
      };
      return {
        mean: meansOf(x, slopes.mean),
        variance: variancesOf(x, slopes.variance),
        dMean: rowsOf(slopes.dMean, (i) => scale(x, i)),
        dVariance: rowsOf(slopes.dVariance, (i) => scale(x, i) ** 2),
      };
    },
    condition(x, y) {
      const standardised = y.map((value, i) => (value - centre(x, i)) / scale(x, i));
      return taskPredictor({ ...parts, process: process.condition(asked(x), standardised) });
    },
    encode(): { [key: string]: Json } {
      return { kind: "task", told, mean: means, scale: scales, process: process.encode() };
    },
  };
}

/** Rows with a 0/1 feature for each task behind their own features. */
function withTask(x: Matrix, task: number, nTasks: number): Matrix {
  const d = x.columns;
  const out = createMatrix(x.rows, d + nTasks);
  for (let i = 0; i < x.rows; i++) {
    out.data.set(x.data.subarray(i * d, (i + 1) * d), i * (d + nTasks));
    out.data[i * (d + nTasks) + d + task] = 1;
  }
  return out;
}

/** @throws FormatError for a damaged file */
export function decodeTask(
  data: { readonly [key: string]: unknown },
  nFeatures: number,
  read: (process: unknown, nFeatures: number) => Predictor,
): Predictor {
  const { mean, scale } = data;
  const { columns, task, nTasks } = (data["told"] ?? {}) as Record<string, unknown>;
  const isIndex = (value: unknown, n: number): value is number =>
    typeof value === "number" && Number.isInteger(value) && value >= 0 && value < n;
  const isOneTask = isIndex(nTasks, 1e6) && isIndex(task, nTasks);
  const areColumns = Array.isArray(columns) && columns.length > 0 && columns.every((f) => isIndex(f, nFeatures));
  const areNumbers = (list: unknown): list is number[] =>
    Array.isArray(list) && list.length > 1 && list.every((value) => typeof value === "number");
  if (!(isOneTask || areColumns) || !areNumbers(mean) || !areNumbers(scale) || mean.length !== scale.length) {
    throw new FormatError("tasks: the stored tasks are damaged, train again");
  }
  const process = read(data["process"], isOneTask ? nFeatures + nTasks : nFeatures);
  if (!isProcessPredictor(process)) throw new FormatError("tasks: the stored process is damaged, train again");
  return taskPredictor({ process, told: isOneTask ? { task, nTasks } : { columns: columns as number[] }, mean, scale });
}
