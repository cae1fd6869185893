import { DomainError, type FeatureMatrix, type RunContext, type Serialized, type Targets } from "@materiome/core";
import { checkTraining, membersOf, type TrainingSet } from "../learner/checkTraining.ts";
import { createForwardModel, type ForwardModel } from "../learner/regressionModel.ts";
import type { ForwardLearner } from "../learner/regressor.ts";
import { stackPredictor } from "../stack/stackPredictor.ts";
import { calibrate } from "../uncertainty/calibration.ts";

export interface ConstantOptions {
  /** Of the training targets; the median is the constant of least absolute error. @defaultValue "mean" */
  readonly statistic?: "mean" | "median" | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

/**
 * Predicts the mean or the median of the training targets whatever the features are: what a model has to beat. Weights count for
 * the mean and are refused for the median. The held-out predictions are those of the other groups of rows, and intervals come from their residuals.
 *
 * @throws DomainError for options outside their range; `fit` throws it for a median of weighted rows
 * @example
 * const learners = { forest: createRandomForest(), median: createConstant({ statistic: "median" }) };
 */
export function createConstant(options: ConstantOptions = {}): ForwardLearner {
  const { statistic = "mean", level = 0.9 } = options;
  if (statistic !== "mean" && statistic !== "median") {
    throw new DomainError(`createConstant: statistic must be "mean" or "median", got ${String(statistic)}`);
  }
  if (!(level > 0 && level < 1)) throw new DomainError(`createConstant: level must be between 0 and 1, got ${level}`);
  return {
    supports: new Set(["weights", "missing"]),
    module: import.meta.url,
    async fit(x: FeatureMatrix, y: Targets, run: RunContext): Promise<ForwardModel> {
      run.signal?.throwIfAborted();
      const rows = checkTraining("constant", x, y, true);
      if (statistic === "median" && rows.weights !== undefined) {
        throw new DomainError("constant: rows are weighted, and the median takes no weights; use the mean");
      }
      const { centre, heldOut } = statistic === "mean" ? means(rows) : medians(rows);
      const estimates = { mean: heldOut, variance: new Float64Array(heldOut.length) };
      return createForwardModel({
        predictor: stackPredictor({ members: [], weights: new Float64Array(0), centre }),
        features: x.features,
        unit: rows.unit,
        level,
        calibration: calibrate(rows.y, estimates.mean, estimates.variance),
        heldOut: estimates,
        report: { statistic, value: centre },
      });
    },
    toJSON(): Serialized {
      return { type: "materiome/constant-learner", version: 1, params: { statistic, level }, state: null };
    },
  };
}

interface Centres {
  readonly centre: number;
  /** Of the rows of all other groups. */
  readonly heldOut: Float64Array;
}

function means(rows: TrainingSet): Centres {
  const { y, weights } = rows;
  const weightOf = (i: number): number => weights?.[i] ?? 1;
  const average = (members: Iterable<number>): { sum: number; weight: number } => {
    let [sum, weight] = [0, 0];
    for (const i of members) {
      sum += weightOf(i) * (y[i] as number); // a row
      weight += weightOf(i);
    }
    return { sum, weight };
  };
  const all = average(y.keys());
  const heldOut = new Float64Array(y.length);
  for (const members of membersOf(rows)) {
    const own = average(members);
    const rest = all.weight - own.weight;
    for (const i of members) heldOut[i] = rest > 0 ? (all.sum - own.sum) / rest : all.sum / all.weight;
  }
  return { centre: all.sum / all.weight, heldOut };
}

function medians(rows: TrainingSet): Centres {
  const { y, groups } = rows;
  const order = Int32Array.from(y.keys()).sort((a, b) => (y[a] as number) - (y[b] as number)); // rows
  const heldOut = new Float64Array(y.length);
  for (const [g, members] of membersOf(rows).entries()) {
    const middle = medianOfOthers(y, order, y.length - members.length, (i) => groups[i] === g);
    for (const i of members) heldOut[i] = middle;
  }
  return { centre: medianOfOthers(y, order, y.length, () => false), heldOut };
}

/** Median of the `count` rows that are not left out, in ascending order of the target. */
function medianOfOthers(
  y: Float64Array,
  order: Int32Array,
  count: number,
  isLeftOut: (row: number) => boolean,
): number {
  let seen = 0;
  let below = Number.NaN;
  for (const i of order) {
    if (isLeftOut(i)) continue;
    seen++;
    const value = y[i] as number; // a row
    if (2 * seen === count) below = value;
    if (2 * seen > count) return count % 2 === 1 ? value : (below + value) / 2;
  }
  return Number.NaN; // not reached: at least one row stays
}
