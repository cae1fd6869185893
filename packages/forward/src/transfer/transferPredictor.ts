import { decodeArray, encodeArray, FormatError, type Json, type Matrix } from "@materiome/core";
import { pickColumns } from "../auto/columnsPredictor.ts";
import type { Estimates, Predictor } from "../learner/predictor.ts";

/** How a prediction of another model enters this one. */
export interface TransferFit {
  /** Predicts from the features `columns` of the rows. */
  readonly source: Predictor;
  readonly columns: Int32Array;
  /** mean = intercept + slope · source (+ rest) */
  readonly intercept: number;
  readonly slope: number;
  /** Variance of the line at the mean of the source, and by squared distance from it. */
  readonly centre: number;
  readonly variance: number;
  readonly slopeVariance: number;
  /** What learnt the remainder; undefined where there is nothing but the line. */
  readonly rest: Predictor | undefined;
  /** The source's prediction is the last feature of `rest`. */
  readonly isFeature: boolean;
}

/** No line: the source's prediction is but a feature. */
export const NO_LINE = { intercept: 0, slope: 0, centre: 0, variance: 0, slopeVariance: 0 } as const;

export function transferPredictor(fit: TransferFit): Predictor {
  const { source, columns, intercept, slope, rest, isFeature } = fit;
  return {
    kind: "transfer",
    allowsMissing: source.allowsMissing && (rest?.allowsMissing ?? true),
    estimate(x: Matrix): Estimates {
      const told = sourceValues(source, columns, x);
      const left = rest?.estimate(isFeature ? withColumn(x, told) : x);
      return {
        mean: told.map((value, i) => intercept + slope * value + (left?.mean[i] ?? 0)),
        variance: told.map(
          (value, i) => fit.variance + fit.slopeVariance * (value - fit.centre) ** 2 + (left?.variance[i] ?? 0),
        ),
      };
    },
    encode: (): { [key: string]: Json } => ({
      kind: "transfer",
      source: source.encode(),
      columns: encodeArray(columns),
      line: encodeArray(Float64Array.of(intercept, slope, fit.centre, fit.variance, fit.slopeVariance)),
      rest: rest?.encode() ?? null,
      isFeature,
    }),
  };
}

/** Predictions of the source in rows of more features. */
export function sourceValues(source: Predictor, columns: Int32Array, x: Matrix): Float64Array {
  return source.estimate(pickColumns(x, columns)).mean;
}

/** A matrix with one more column. */
export function withColumn<M extends Matrix>(x: M, column: Float64Array): M {
  const columns = x.columns + 1;
  const data = new Float64Array(x.rows * columns);
  for (let i = 0; i < x.rows; i++) {
    data.set(x.data.subarray(i * x.columns, (i + 1) * x.columns), i * columns);
    data[i * columns + x.columns] = column[i] as number; // one per row
  }
  return { ...x, columns, data };
}

/** @throws FormatError for a damaged file */
export function decodeTransfer(
  data: { readonly [key: string]: unknown },
  nFeatures: number,
  read: (stored: unknown, nFeatures: number) => Predictor,
): Predictor {
  const columns = decodeArray(data["columns"], "i32");
  const line = decodeArray(data["line"], "f64");
  const { isFeature, rest } = data;
  const isWhole = line.length === 5 && typeof isFeature === "boolean" && columns.every((f) => f >= 0 && f < nFeatures);
  if (!isWhole) throw new FormatError("transfer: the stored model is inconsistent; the file is damaged, train again");
  const [intercept, slope, centre, variance, slopeVariance] = line as unknown as [
    number,
    number,
    number,
    number,
    number,
  ];
  return transferPredictor({
    source: read(data["source"], columns.length),
    columns,
    intercept,
    slope,
    centre,
    variance,
    slopeVariance,
    rest: rest === null ? undefined : read(rest, nFeatures + (isFeature ? 1 : 0)),
    isFeature,
  });
}
