import {
  type FeatureMatrix,
  type Json,
  type LearnerCapability,
  type RunContext,
  type Targets,
  takeRows,
} from "@materiome/core";
import { checkDivisible, checkTraining, type TrainingSet } from "../learner/checkTraining.ts";
import { optionCheck } from "../learner/classifier.ts";
import { heldOutByFolds, innerFolds } from "../learner/heldOutByFolds.ts";
import type { Predictor } from "../learner/predictor.ts";
import { createForwardModel, type ForwardModel, type HeldOut } from "../learner/regressionModel.ts";
import { checkFoldsAndLevel, type ForwardLearner } from "../learner/regressor.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { takeTargets } from "../validation/takeTargets.ts";
import { fitLaw } from "./fitLaw.ts";
import { type Law, readLaw } from "./law.ts";
import { lawValues, residualPredictor } from "./residualPredictor.ts";

/** A constant of the law that is fitted. */
export interface StartParameter {
  /** Where the fit starts, in `unit`; any number will do where the law is linear in its parameters. */
  readonly start: number;
  /** @defaultValue "": a plain number */
  readonly unit?: string | undefined;
}

export interface ResidualLearnerOptions {
  /**
   * What physics says, as an expression of features (by name, `` `grain size` `` with spaces; units are theirs) and parameters:
   * "sigma0 + k / sqrt(`grain size`)". Its unit must convert to that of the target.
   */
  readonly law: string;
  /** Constants of the law to be fitted, by name. @defaultValue none: the law stands as it is */
  readonly parameters?: Readonly<Record<string, StartParameter>> | undefined;
  /** Learns what the law leaves; of this package, so that it can be stored. */
  readonly learner: ForwardLearner;
  /** Folds that are held out where they must be; fewer where there are fewer rows or groups. @defaultValue 5 */
  readonly folds?: number | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

const WHO = "residual learner";
const CAPABILITIES: readonly LearnerCapability[] = ["weights", "missing", "noiseVariance"];

/**
 * "Grey box": a physical law as the mean, and a learner for what it leaves. Parameters of the law are fitted first, by least
 * squares, to the target itself. Far from the training rows, where most learners fall back to a constant, the law goes on.
 *
 * Held-out predictions come from folds of whole groups in which law and learner are both fitted again; a law without
 * parameters has seen no row, so that the learner's own held-out predictions serve. Supports what the learner does; features in
 * the law must not be missing.
 *
 * @throws DomainError for options outside their range; `fit` throws FormatError, DataError or UnitError for a law that cannot be
 * read, names what is not there, or has another unit than the target, and DomainError for rows where it has no value
 * @see Psichogios & Ungar, AIChE J. 38, 1499 (1992), doi:10.1002/aic.690381003
 * @example
 * const learner = createResidualLearner({
 *   law: "sigma0 + k / sqrt(`grain size`)",
 *   parameters: { sigma0: { start: 100, unit: "MPa" }, k: { start: 500, unit: "MPa um^0.5" } },
 *   learner: createRandomForest(),
 * });
 */
export function createResidualLearner(options: ResidualLearnerOptions): ForwardLearner {
  const { law, parameters = {}, learner, folds = 5, level = 0.9 } = options;
  const check = optionCheck("createResidualLearner");
  check("law", law, typeof law === "string" && law.trim() !== "", "an expression");
  const list = Object.entries(parameters).map(([name, { start, unit = "" }]) => {
    check(`parameter ${name}`, start, Number.isFinite(start), "a finite number to start from");
    return { name, unit, start };
  });
  checkFoldsAndLevel(check, folds, level);
  const supports: ReadonlySet<LearnerCapability> = new Set(CAPABILITIES.filter((c) => learner.supports.has(c)));
  return {
    supports,
    module: import.meta.url,
    async fit(x, y, run) {
      run.signal?.throwIfAborted();
      const usesNoiseVariance = supports.has("noiseVariance");
      const rows = checkTraining(WHO, x, y, supports.has("missing"), { usesNoiseVariance });
      const read = readLaw(law, x.features, list, rows.unit);
      return fitResiduals(
        { law: read, start: Float64Array.from(list, (p) => p.start), learner, folds, level },
        rows,
        y,
        run,
      );
    },
    toJSON: () => ({
      type: "materiome/residual-learner",
      version: 1,
      params: {
        law,
        parameters: Object.fromEntries(list.map(({ name, start, unit }) => [name, { start, unit }])),
        learner: { ...learner.toJSON() },
        folds,
        level,
      },
      state: null,
    }),
  };
}

interface Parts {
  readonly law: Law;
  readonly start: Float64Array;
  readonly learner: ForwardLearner;
  readonly folds: number;
  readonly level: number;
}

interface Fitted {
  readonly parameters: Float64Array;
  /** Of the training rows. */
  readonly base: Float64Array;
  readonly rest: ForwardModel;
  readonly predictor: Predictor;
}

async function fitResiduals(parts: Parts, rows: TrainingSet, y: Targets, run: RunContext): Promise<ForwardModel> {
  const { law, start, learner } = parts;
  const { x } = rows;
  const fit = async (inputs: FeatureMatrix, targets: Targets, inner: RunContext): Promise<Fitted> => {
    const values = targets.values.data;
    const parameters = fitLaw(WHO, law, inputs, values, targets.weights, start);
    const base = lawValues(WHO, law, inputs, parameters);
    const left = { ...targets.values, data: values.map((value, i) => value - (base[i] as number)) }; // one per row
    const rest = await learner.fit(inputs, { ...targets, values: left }, inner);
    return { parameters, base, rest, predictor: residualPredictor(law, parameters, rest.predictor) };
  };
  const all = await fit(x, y, { ...run, random: run.random.fork("final") });
  const own = start.length === 0 ? all.rest.heldOut : undefined;
  if (own === undefined) checkDivisible(WHO, rows);
  const heldOut: HeldOut =
    own !== undefined
      ? { mean: own.mean.map((value, i) => value + (all.base[i] as number)), variance: own.variance }
      : await heldOutByFolds(
          x,
          innerFolds(rows, parts.folds, run.random.fork("inner split")),
          async (train, k) => {
            const inner = { ...run, random: run.random.fork("inner").fork(k), onProgress: undefined };
            return (await fit(takeRows(x, train), takeTargets(y, train), inner)).predictor;
          },
          run.signal,
        );
  return createForwardModel({
    predictor: all.predictor,
    features: x.features,
    unit: rows.unit,
    level: parts.level,
    calibration: calibrate(rows.y, heldOut.mean, heldOut.variance),
    heldOut,
    report: reportOf(parts, rows, all, heldOut),
  });
}

function reportOf({ law, learner }: Parts, rows: TrainingSet, all: Fitted, heldOut: HeldOut): Json {
  const rmse = (predicted: Float64Array): number => {
    let sum = 0;
    let n = 0;
    for (const [i, value] of predicted.entries()) {
      if (Number.isNaN(value)) continue;
      sum += ((rows.y[i] as number) - value) ** 2; // one per row
      n++;
    }
    return Math.sqrt(sum / n);
  };
  return {
    law: law.text,
    parameters: law.parameters.map(({ name, unit }, p) => ({ name, unit, value: all.parameters[p] as number })),
    learner: learner.toJSON().type,
    /** Of the law alone, on the rows it was fitted to. */
    lawRmse: rmse(all.base),
    rmse: rmse(heldOut.mean),
  };
}
