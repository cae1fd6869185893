import { quantileSorted } from "../statistics/quantile.ts";

/** How several numbers become one. `sem` is the standard error of the mean. */
export type NumberSummary = "mean" | "median" | "sum" | "min" | "max" | "std" | "sem" | "count" | "first";

export const NUMBER_SUMMARIES: readonly NumberSummary[] = [
  "mean",
  "median",
  "sum",
  "min",
  "max",
  "std",
  "sem",
  "count",
  "first",
];

/**
 * One number for the values that are present; NaN where there is none (`count`: 0), and for the scatter of a single value.
 *
 * `std` is the sample standard deviation (n − 1); `median` the type-7 quantile. With weights w, `mean` is Σwx/Σw, `std`²
 * is Σw(x − mean)² / (V₁ − V₂/V₁) with V₁ = Σw, V₂ = Σw² (unbiased for weights that state reliability; n − 1 for equal
 * ones), and `sem` is std·√V₂/V₁; the other summaries take no notice of weights.
 *
 * @param values - without missing ones
 * @param weights - one per value, positive; none for equal weights
 */
export function summarize(summary: NumberSummary, values: readonly number[], weights?: readonly number[]): number {
  const n = values.length;
  if (summary === "count") return n;
  if (n === 0) return Number.NaN;
  switch (summary) {
    case "first":
      return values[0] as number; // n ≥ 1
    case "sum":
      return sum(values);
    case "min":
      return values.reduce((least, value) => Math.min(least, value));
    case "max":
      return values.reduce((most, value) => Math.max(most, value));
    case "median":
      return quantileSorted(Float64Array.from(values).sort(), 0.5);
    case "mean":
      return mean(values, weights);
    case "std":
      return scatter(values, weights);
    case "sem": {
      if (weights === undefined) return scatter(values, weights) / Math.sqrt(n);
      return (scatter(values, weights) * Math.sqrt(sum(weights.map((w) => w * w)))) / sum(weights);
    }
  }
}

/** Shifted by the first value, so that equal values have exactly themselves as mean and no scatter. */
function mean(values: readonly number[], weights: readonly number[] | undefined): number {
  const origin = values[0] ?? Number.NaN;
  let shifts = 0;
  for (let i = 0; i < values.length; i++) shifts += ((values[i] ?? Number.NaN) - origin) * (weights?.[i] ?? 1);
  return origin + shifts / (weights === undefined ? values.length : sum(weights));
}

function scatter(values: readonly number[], weights: readonly number[] | undefined): number {
  if (values.length < 2) return Number.NaN;
  const centre = mean(values, weights);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (weights?.[i] ?? 1) * ((values[i] ?? Number.NaN) - centre) ** 2;
  if (weights === undefined) return Math.sqrt(squares / (values.length - 1));
  const v1 = sum(weights);
  return Math.sqrt(squares / (v1 - sum(weights.map((w) => w * w)) / v1));
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
