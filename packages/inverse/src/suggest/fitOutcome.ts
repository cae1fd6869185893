import { createMatrix, DataError, type FeatureMatrix, type RunContext, takeRows } from "@materiome/core";
import { normalQuantile, quantileSorted } from "@materiome/core/numerics";
import { moments } from "../surrogate/moments.ts";
import type { SurrogateLearner, SurrogateModel } from "../surrogate/surrogate.ts";
import type { ExpectedOutcome, Observations } from "./suggestion.ts";

/** The surrogate of one outcome, turned so that more is better. */
export interface FittedOutcome {
  readonly name: string;
  readonly unit: string;
  /** −1 where the outcome is to be small: the model is of its negative. */
  readonly sign: 1 | -1;
  readonly model: SurrogateModel;
  /** Features of the rows it learned from, and which rows of the observations they are. */
  readonly x: FeatureMatrix;
  readonly rows: readonly number[];
  /** Values it learned from (with `sign`). */
  readonly y: Float64Array;
  /** Standard deviation of a measurement around the function; undefined where the learner gives no total uncertainty. */
  readonly noiseStd: number | undefined;
}

/** Rows of the observations that hold a measured value of the outcome and did not fail. */
export function measuredRows(observations: Observations, name: string): number[] {
  const column = observations.outcomes.indexOf(name);
  const { data, columns } = observations.values;
  return observations.points.flatMap((_, i) =>
    Number.isFinite(data[i * columns + column]) && observations.failed?.[i] !== 1 ? [i] : [],
  );
}

/** The measured values of an outcome, in the order of {@link measuredRows}. */
export function measuredValues(observations: Observations, name: string): number[] {
  const { data, columns } = observations.values;
  const column = observations.outcomes.indexOf(name);
  return measuredRows(observations, name).map((row) => data[row * columns + column] as number);
}

/**
 * Learns one outcome from the rows where it was measured.
 *
 * @param encoded - features of all points of the observations
 */
export async function fitOutcome(
  outcome: { readonly name: string; readonly unit: string; readonly sign: 1 | -1 },
  encoded: FeatureMatrix,
  observations: Observations,
  learner: SurrogateLearner,
  run: RunContext,
): Promise<FittedOutcome> {
  const { name, unit, sign } = outcome;
  const column = observations.outcomes.indexOf(name);
  const rows = measuredRows(observations, name);
  if (rows.length < 2) {
    throw new DataError(`suggest: outcome "${name}" was measured ${rows.length} times; a surrogate needs at least 2`);
  }
  const { columns, data } = observations.values;
  const y = Float64Array.from(rows, (i) => sign * (data[i * columns + column] as number));
  const given = observations.noiseVariance?.data;
  const noiseVariance = given && Float64Array.from(rows, (i) => given[i * columns + column] ?? 0);
  const x = takeRows(encoded, rows);
  const model = await learner.fit(
    x,
    { kind: "regression", values: createMatrix(rows.length, 1, y), units: [unit], noiseVariance },
    run,
  );
  return { name, unit, sign, model, x, rows, y, noiseStd: await noiseOf(model, x) };
}

/** Median over the training rows of what the total uncertainty holds beyond that of the function. */
async function noiseOf(model: SurrogateModel, x: FeatureMatrix): Promise<number | undefined> {
  const { std, uncertainty } = await model.predict(x);
  if (std === undefined || uncertainty !== "total") return undefined;
  const { variance } = moments(model, x);
  const excess = std.data.map((s, i) => Math.max(0, s * s - (variance[i] as number))).sort();
  return Math.sqrt(quantileSorted(excess, 0.5));
}

/** What the surrogate expects at each point, in the unit of the outcome. */
export async function expectedAt(outcome: FittedOutcome, x: FeatureMatrix, level: number): Promise<ExpectedOutcome[]> {
  const { model, name, unit, sign } = outcome;
  const { mean, variance } = moments(model, x);
  const prediction = await model.predict(x);
  const tail = (1 - level) / 2;
  return Array.from({ length: x.rows }, (_, i) => {
    const middle = mean[i] as number; // i < rows
    const bound = (p: number): number =>
      prediction.distribution?.quantile(i, 0, p) ?? middle + normalQuantile(p) * (prediction.std?.data[i] ?? 0);
    const [a, b] = [sign * bound(tail), sign * bound(1 - tail)];
    return {
      name,
      unit,
      mean: sign * middle,
      std: Math.sqrt(variance[i] as number),
      lower: Math.min(a, b),
      upper: Math.max(a, b),
    };
  });
}
