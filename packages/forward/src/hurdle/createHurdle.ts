import {
  type Classes,
  DataError,
  type FeatureMatrix,
  type RunContext,
  type Serialized,
  type Targets,
  takeRows,
} from "@materiome/core";
import { checkTraining, type TrainingSet } from "../learner/checkTraining.ts";
import type { ClassificationModel } from "../learner/classificationModel.ts";
import { type Classifier, optionCheck } from "../learner/classifier.ts";
import { heldOutByFolds, innerFolds } from "../learner/heldOutByFolds.ts";
import { createForwardModel, type ForwardModel, type HeldOut } from "../learner/regressionModel.ts";
import type { ForwardLearner } from "../learner/regressor.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { residualDistribution } from "../uncertainty/residualDistribution.ts";
import { takeTargets } from "../validation/takeTargets.ts";
import { type HurdleFit, type HurdleStatistic, hurdlePredictor, mixEstimates } from "./hurdlePredictor.ts";
import { sharedValue } from "./sharedValue.ts";

export interface HurdleOptions {
  /** Tells the rows of the shared value from the others. */
  readonly classifier: Classifier;
  /** Learns the others. It must hold rows out, as forests, boosting and Gaussian processes do. */
  readonly learner: ForwardLearner;
  /** The value that many rows share, such as the band gap 0 of metals. @defaultValue the one that most training rows share */
  readonly value?: number | undefined;
  /** What is predicted: the median has the least absolute error, the mean the least squared one. @defaultValue "mean" */
  readonly statistic?: HurdleStatistic | undefined;
  /** Folds for the held-out predictions, fewer where there are fewer rows or groups. @defaultValue 5 */
  readonly folds?: number | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

/** Rows of the shared value, and rows of others, without which there is nothing to tell apart. */
const FEWEST = 3;

/**
 * A target that many rows share one exact value of, such as the band gap of metals, the porosity of sound castings or a rate below what can be
 * measured: a classifier gives the probability p of that value, a regressor learns the other rows, and their mixture is predicted.
 * A single regression bends between the two and predicts small values that no row has.
 *
 * The mean is p a + (1 − p) μ, the variance p (1 − p)(μ − a)² + (1 − p) σ²; the median is taken over the value with probability p and
 * the distribution that the regressor's held-out residuals give the other rows. Held-out predictions come from folds, or, where rows
 * are not grouped and the classifier and the learner each hold rows out themselves, from those. Missing values are refused.
 *
 * @throws DomainError for options outside their range; `fit` throws DataError where fewer than 3 rows have the value, or another
 * @see J. G. Cragg, Econometrica 39, 829 (1971), doi:10.2307/1909582 (hurdle models)
 * @example
 * const gap = createHurdle({ classifier: createRandomForestClassifier(), learner: createRandomForest(), statistic: "median" });
 */
export function createHurdle(options: HurdleOptions): ForwardLearner {
  const { classifier, learner, value, statistic = "mean", folds = 5, level = 0.9 } = options;
  const check = optionCheck("createHurdle");
  check("value", value, value === undefined || Number.isFinite(value), "a finite number");
  check("statistic", statistic, statistic === "mean" || statistic === "median", '"mean" or "median"');
  check("folds", folds, Number.isInteger(folds) && folds >= 2, "a whole number of at least 2");
  check("level", level, level > 0 && level < 1, "between 0 and 1");
  const takesWeights = learner.supports.has("weights") && classifier.supports.has("weights");
  return {
    supports: new Set(takesWeights ? (["weights"] as const) : []),
    module: import.meta.url,
    async fit(x: FeatureMatrix, y: Targets, run: RunContext): Promise<ForwardModel> {
      const rows = checkTraining("hurdle", x, y, false);
      const at = value ?? sharedValue(rows.y).value;
      const data = { x, y, rows };
      const all = Int32Array.from(rows.y.keys());
      const parts = await fitParts(all, data, at, options, run);
      const fit = { ...parts, value: at, statistic };
      const held =
        heldOutOfParts(fit, parts.model, data) ??
        (await heldOutByFolds(
          x,
          innerFolds(rows, folds, run.random.fork("hurdle folds")),
          async (train, k) => {
            const inner = await fitParts(train, data, at, options, { ...run, random: run.random.fork(k) });
            return hurdlePredictor({ ...inner, value: at, statistic });
          },
          run.signal,
        ));
      return createForwardModel({
        predictor: hurdlePredictor(fit),
        features: x.features,
        unit: rows.unit,
        level,
        calibration: calibrate(rows.y, held.mean, held.variance),
        heldOut: held,
        report: {
          value: at,
          rows: rows.y.filter((v) => v === at).length,
          otherRows: rows.y.filter((v) => v !== at).length,
          statistic,
          learner: parts.model.report,
        },
      });
    },
    toJSON(): Serialized {
      return {
        type: "materiome/hurdle-learner",
        version: 1,
        params: {
          ...{ classifier: { ...classifier.toJSON() }, learner: { ...learner.toJSON() } },
          ...{ value: value ?? null, statistic, folds, level },
        },
        state: null,
      };
    },
  };
}

interface HurdleRows {
  readonly x: FeatureMatrix;
  readonly y: Targets;
  readonly rows: TrainingSet;
}

interface HurdleParts extends Pick<HurdleFit, "gate" | "rest" | "calibration"> {
  readonly model: ForwardModel;
}

async function fitParts(
  train: Int32Array,
  { x, y, rows }: HurdleRows,
  value: number,
  { classifier, learner }: HurdleOptions,
  run: RunContext,
): Promise<HurdleParts> {
  const others = train.filter((i) => rows.y[i] !== value);
  const count = train.length - others.length;
  if (count < FEWEST || others.length < FEWEST) {
    throw new DataError(
      `hurdle: ${count} of ${train.length} rows have the value ${value} and ${others.length} another; at least ${FEWEST} of each are needed: use the learner without a hurdle`,
    );
  }
  const { random } = run;
  const part = { ...run, onProgress: undefined };
  const known = { ...takeRows(x, train), features: x.features };
  const gate = await classifier.fit(known, classesOf(train, rows, value), { ...part, random: random.fork("gate") });
  const rest = { ...takeRows(x, others), features: x.features };
  const model = await learner.fit(rest, takeTargets(y, others), { ...part, random: random.fork("rest") });
  if (model.heldOut === undefined) {
    throw new DataError("hurdle: the learner held no rows out, so their scatter is not known; use one that does");
  }
  const measured = Float64Array.from(others, (i) => rows.y[i] as number); // rows, here and below
  const calibration = calibrate(measured, model.heldOut.mean, model.heldOut.variance);
  return { gate, model, rest: model.predictor, calibration };
}

function classesOf(train: Int32Array, rows: TrainingSet, value: number): Classes {
  const { weights } = rows;
  return {
    kind: "classification",
    codes: train.map((i) => (rows.y[i] === value ? 1 : 0)),
    labels: ["other", "value"],
    weights: weights === undefined ? undefined : Float64Array.from(train, (i) => weights[i] as number),
    groups: rows.isGrouped ? train.map((i) => rows.groups[i] as number) : undefined,
  };
}

/**
 * Held-out predictions without further fits: the classifier's by trees that did not see the row; those of the learner for its
 * rows, and its predictions for the others, none of which it saw. Of grouped rows it may have seen mates, so there are none.
 */
function heldOutOfParts(fit: HurdleFit, model: ForwardModel, { x, rows }: HurdleRows): HeldOut | undefined {
  const outside = gateOutOfBag(fit.gate);
  if (rows.isGrouped || outside === undefined || model.heldOut === undefined) return undefined;
  const { mean, variance } = fit.rest.estimate(x);
  let at = 0;
  for (const [i, measured] of rows.y.entries()) {
    if (measured === fit.value) continue;
    mean[i] = model.heldOut.mean[at] as number; // one for each other row
    variance[i] = model.heldOut.variance[at++] as number;
  }
  const residuals = residualDistribution(fit.calibration.residuals, fit.calibration.units);
  return mixEstimates(outside, { mean, variance }, { ...fit, residuals });
}

function gateOutOfBag({ outOfBag }: ClassificationModel): Float64Array | undefined {
  if (outOfBag === undefined) return undefined;
  const { rows, data } = outOfBag.probabilities;
  return Float64Array.from({ length: rows }, (_, i) => data[2 * i + 1] as number); // two classes
}
