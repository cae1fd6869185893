import {
  type AnyModel,
  DomainError,
  type Feature,
  type FeatureMatrix,
  FormatError,
  type Json,
  type Learner,
  type LearnerCapability,
  type ModelReader,
  type Prediction,
  type RegressionModel,
  type RunContext,
  type Serialized,
  ShapeError,
  type Targets,
  takeRows,
} from "@materiome/core";
import { columnsPredictor, pickColumns } from "../auto/columnsPredictor.ts";
import { checkDivisible, checkRows, checkTraining, type TrainingRows } from "../learner/checkTraining.ts";
import { optionCheck } from "../learner/classifier.ts";
import { innerFolds, rowsOf, rowsOutside } from "../learner/heldOutByFolds.ts";
import type { Predictor } from "../learner/predictor.ts";
import { createForwardModel, type ForwardModel, type HeldOut, readForwardModel } from "../learner/regressionModel.ts";
import { checkFoldsAndLevel, type ForwardLearner } from "../learner/regressor.ts";
import { openStored } from "../learner/storedModel.ts";
import { joinPredictions } from "../property/propertyModel.ts";
import { fitStack } from "../stack/createStack.ts";
import { memberModel } from "../transfer/sourceMembers.ts";
import { NO_LINE, transferPredictor, withColumn } from "../transfer/transferPredictor.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { takeTargets } from "../validation/takeTargets.ts";

const TYPE = "materiome/stacked-targets";
const VERSION = 1;
const WHO = "stacked targets";

/** A regression of several targets; predictions are [nSamples, nTargets]. */
export interface StackedTargetsModel extends RegressionModel {
  readonly features: readonly Feature[];
  /** One model for each target, in their order, that works alone wherever a model of one target does. */
  readonly targets: readonly ForwardModel[];
  /** Per target: its rows, the weight of the fit that borrows from the other targets, and the errors on inner folds. */
  readonly report: Json;
}

/** Learns several targets at once, of which any may be missing (NaN) in a row. */
export type StackedTargets = Learner<FeatureMatrix, Targets, StackedTargetsModel>;

export interface StackedTargetsOptions {
  /** Of one target; of this package, so that its models can be stored. */
  readonly learner: ForwardLearner;
  /**
   * Lets each target use what is predicted of the others, as far as inner folds say that it helps; without, targets are learnt
   * one by one. @defaultValue true
   */
  readonly borrows?: boolean | undefined;
  /** Inner folds; fewer where there are fewer rows or groups. @defaultValue 5 */
  readonly folds?: number | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

/**
 * Several targets on the `Learner` protocol, measured in all rows or each in some: hardness in most, strength in few.
 *
 * Each target is learnt twice, from the features alone, and from the features with predictions of the other targets (stacked
 * single targets), which a row gets from folds without its group. The two are averaged with weights of at least 0
 * learnt on inner folds of whole groups, so that targets which have nothing to do with each other do each other no harm. A target
 * borrows most where it was measured in fewer rows than others.
 *
 * Any learner will do: one that takes missing values, weights or categories, or more rows than the Gaussian process of `createMultiTask`,
 * which says how targets go together. Here intervals are of each target by itself.
 *
 * @throws DomainError for options outside their range; `fit` throws ShapeError for no target, DataError for a target measured in fewer
 * than 2 rows or groups, and what the learner throws
 * @see Spyromitros-Xioufis et al., Mach. Learn. 104, 55 (2016), doi:10.1007/s10994-016-5546-z
 * @example
 * const model = await createStackedTargets({ learner: createRandomForest() }).fit(x, y, { random: createRandom(1) });
 * const { mean } = await model.predict(x); // [nSamples, nTargets]
 */
export function createStackedTargets(options: StackedTargetsOptions): StackedTargets {
  const { learner, borrows = true, folds = 5, level = 0.9 } = options;
  const check = optionCheck("createStackedTargets");
  check("borrows", borrows, typeof borrows === "boolean", "true or false");
  checkFoldsAndLevel(check, folds, level);
  const kept: readonly LearnerCapability[] = ["weights", "missing"];
  const supports: ReadonlySet<LearnerCapability> = new Set([
    "multiTarget" as const,
    ...kept.filter((capability) => learner.supports.has(capability)),
  ]);
  return {
    supports,
    module: import.meta.url,
    async fit(x, y, run) {
      run.signal?.throwIfAborted();
      const rows = checkTargets(x, y, supports);
      return fitTargets({ learner, borrows, folds, level }, rows, x, y, run);
    },
    toJSON: () => ({
      type: "materiome/stacked-targets-learner",
      version: 1,
      params: { learner: { ...learner.toJSON() }, borrows, folds, level },
      state: null,
    }),
  };
}

function checkTargets(x: FeatureMatrix, y: Targets, supports: ReadonlySet<LearnerCapability>): TrainingRows {
  const { values, units } = y;
  if (values.columns === 0) throw new ShapeError(`${WHO}: expected at least one target, got none`);
  if (units.length !== values.columns) {
    throw new ShapeError(`${WHO}: ${values.columns} targets but ${units.length} units; give one for each`);
  }
  const at = values.data.findIndex((value) => !Number.isFinite(value) && !Number.isNaN(value));
  if (at >= 0) {
    throw new DomainError(
      `${WHO}: target ${at % values.columns} of row ${Math.floor(at / values.columns)} is ${values.data[at]}; expected a number, or NaN where it was not measured`,
    );
  }
  return checkRows(WHO, x, y, values.rows, supports.has("missing"));
}

interface Settings {
  readonly learner: ForwardLearner;
  readonly borrows: boolean;
  readonly folds: number;
  readonly level: number;
}

async function fitTargets(
  settings: Settings,
  rows: TrainingRows,
  x: FeatureMatrix,
  y: Targets,
  run: RunContext,
): Promise<StackedTargetsModel> {
  const { learner } = settings;
  const nTargets = y.values.columns;
  const measured = Array.from({ length: nTargets }, (_, t) =>
    Int32Array.from({ length: x.rows }, (_, i) => i).filter((i) => !Number.isNaN(y.values.data[i * nTargets + t])),
  );
  const targetOf = (t: number, kept: Int32Array): Targets => {
    const data = Float64Array.from({ length: x.rows }, (_, i) => y.values.data[i * nTargets + t] as number); // t < nTargets
    return takeTargets({ ...y, values: { rows: x.rows, columns: 1, data }, units: [y.units[t] ?? ""] }, kept);
  };
  const fitOne = (t: number, kept: Int32Array, key: string | number): Promise<ForwardModel> =>
    learner.fit(takeRows(x, kept), targetOf(t, kept), {
      ...run,
      random: run.random.fork("target").fork(t).fork(key),
      onProgress: undefined,
    });
  const alone: ForwardModel[] = [];
  for (const [t, kept] of measured.entries()) alone.push(await fitOne(t, kept, "all"));
  if (!settings.borrows || nTargets === 1) return stackedTargetsModel(x.features, alone, null);

  // What is predicted of each target in each row by fits that have not seen the row's group.
  const folds = innerFolds(rows, settings.folds, run.random.fork("outer split"));
  const told = alone.map(() => new Float64Array(x.rows));
  for (let k = 0; k < folds.nFolds; k++) {
    run.signal?.throwIfAborted();
    const [outside, test] = [rowsOutside(folds, [k]), rowsOf(folds, k)];
    const isOutside = new Set(outside);
    for (const [t, kept] of measured.entries()) {
      const model = await fitOne(
        t,
        kept.filter((i) => isOutside.has(i)),
        k,
      );
      const { mean } = model.predictor.estimate(takeRows(x, test));
      for (const [r, i] of test.entries()) (told[t] as Float64Array)[i] = mean[r] as number; // one per row
    }
    run.onProgress?.({ stage: "targets", done: k + 1, total: folds.nFolds + nTargets });
  }
  const models: ForwardModel[] = [];
  for (const [t, kept] of measured.entries()) {
    const others = alone.flatMap((_, u) => (u === t ? [] : [u]));
    const own = targetOf(t, kept);
    const wide = others.reduce(
      (matrix, u) => ({
        ...withColumn(
          matrix,
          Float64Array.from(kept, (i) => (told[u] as Float64Array)[i] as number),
        ),
        features: [...matrix.features, { name: `prediction of target ${u}`, unit: y.units[u] ?? "", source: [] }],
      }),
      takeRows(x, kept),
    );
    const stack = {
      learners: [withoutLast(learner, others.length), learner],
      sumsToOne: true,
      prefersFirst: true,
      folds: settings.folds,
      level: settings.level,
    };
    const set = checkTraining(WHO, wide, own, learner.supports.has("missing"));
    checkDivisible(WHO, set);
    const random = run.random.fork("stack").fork(t);
    const { predictor, heldOut, report } = await fitStack(
      stack,
      set,
      wide,
      own,
      { ...run, random, onProgress: undefined },
      ({ members, rmse }): Json => ({
        nRows: kept.length,
        borrowed: members[1]?.weight ?? 0,
        rmseAlone: members[0]?.rmse ?? null,
        rmseBorrowing: members[1]?.rmse ?? null,
        rmse,
      }),
    );
    const held = heldOut as HeldOut; // of every stack
    models.push(
      createForwardModel({
        predictor: toldBy(
          others.map((u) => (alone[u] as ForwardModel).predictor),
          predictor,
          x.columns,
        ),
        features: x.features,
        unit: set.unit,
        level: settings.level,
        calibration: calibrate(set.y, held.mean, held.variance),
        heldOut: held,
        report,
      }),
    );
    run.onProgress?.({ stage: "targets", done: folds.nFolds + t + 1, total: folds.nFolds + nTargets });
  }
  return stackedTargetsModel(
    x.features,
    models,
    models.map(({ report }) => report),
  );
}

/** The learner on all but the last columns. */
function withoutLast(learner: ForwardLearner, count: number): ForwardLearner {
  return {
    ...learner,
    async fit(x, y, run) {
      const columns = Int32Array.from({ length: x.columns - count }, (_, f) => f);
      const own = { ...pickColumns(x, columns), features: x.features.slice(0, columns.length) };
      const { predictor } = await learner.fit(own, y, run);
      return memberModel(columnsPredictor(predictor, columns, x.columns), x, y);
    },
  };
}

/** A predictor whose last features are what others predict from the features before. */
function toldBy(others: readonly Predictor[], predictor: Predictor, nFeatures: number): Predictor {
  const columns = Int32Array.from({ length: nFeatures }, (_, f) => f);
  return others.reduceRight(
    (rest, source) => transferPredictor({ source, columns, ...NO_LINE, rest, isFeature: true }),
    predictor,
  );
}

export function stackedTargetsModel(
  features: readonly Feature[],
  models: readonly ForwardModel[],
  report: Json,
): StackedTargetsModel {
  return {
    features,
    targets: models,
    report,
    module: import.meta.url,
    async predict(x: FeatureMatrix, run?: Omit<RunContext, "random">): Promise<Prediction> {
      const predictions: Prediction[] = [];
      for (const model of models) predictions.push(await model.predict(x, run));
      return joinPredictions(predictions);
    },
    toJSON: (): Serialized => ({
      type: TYPE,
      version: VERSION,
      params: { nTargets: models.length },
      state: { targets: models.map((model) => ({ ...model.toJSON() })), report },
    }),
  };
}

/** Reads models of several targets. */
export const reader: ModelReader = {
  types: [TYPE],
  async read(data: unknown): Promise<AnyModel> {
    const { targets, report } = openStored(data, TYPE, VERSION).state;
    if (!Array.isArray(targets) || targets.length === 0) {
      throw new FormatError("model: the models of the targets are missing; the file is damaged, train again");
    }
    const read = targets.map(readForwardModel);
    return stackedTargetsModel((read[0] as ForwardModel).features, read, (report ?? null) as Json);
  },
};
