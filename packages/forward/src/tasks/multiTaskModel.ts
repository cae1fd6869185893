import {
  createMatrix,
  type Feature,
  type FeatureMatrix,
  FormatError,
  type Json,
  type Matrix,
  type ModelReader,
  type Prediction,
  type PredictiveDistribution,
  type RegressionModel,
  type RunContext,
  type Serialized,
  type SyncPredict,
} from "@materiome/core";
import { type ForwardModel, readForwardModel } from "../learner/regressionModel.ts";
import { openStored } from "../learner/storedModel.ts";

const TYPE = "materiome/multi-task";
const VERSION = 1;

/** Several targets predicted together: each as a model of its own, and all side by side, [nSamples, nTargets]. */
export interface MultiTaskModel extends RegressionModel, SyncPredict<Prediction> {
  readonly features: readonly Feature[];
  readonly units: readonly string[];
  /** One model for each target, in their order, that works alone wherever a model of one target does. */
  readonly targets: readonly ForwardModel[];
  /** What the targets have in common: the correlations of their functions, [nTargets, nTargets], within −1 … 1. */
  readonly correlation: Matrix;
  readonly report: Json;
}

export interface MultiTaskParts {
  readonly targets: readonly ForwardModel[];
  readonly correlation: Matrix;
  readonly report: Json;
}

export function createMultiTaskModel({ targets, correlation, report }: MultiTaskParts): MultiTaskModel {
  const first = targets[0] as ForwardModel; // at least one target
  const predictSync = (x: Matrix): Prediction => sideBySide(targets.map((model) => model.predictSync(x)));
  return {
    features: first.features,
    units: targets.map(({ unit }) => unit),
    targets,
    correlation,
    report,
    module: import.meta.url,
    predictSync,
    async predict(x: FeatureMatrix, run?: Omit<RunContext, "random">): Promise<Prediction> {
      run?.signal?.throwIfAborted();
      return predictSync(x);
    },
    toJSON(): Serialized {
      // All targets share one process, which is stored once.
      const stored = targets.map((model) => JSON.parse(JSON.stringify(model)) as StoredTarget);
      const { process } = (stored[0] as StoredTarget).state.predictor;
      for (const { state } of stored) state.predictor.process = null;
      return {
        type: TYPE,
        version: VERSION,
        params: { nTargets: targets.length },
        state: { process, targets: stored as unknown as Json, correlation: Array.from(correlation.data), report },
      };
    },
  };
}

interface StoredTarget {
  readonly state: { readonly predictor: { process: Json } };
}

function sideBySide(predictions: readonly Prediction[]): Prediction {
  const join = (pick: (prediction: Prediction) => Matrix | undefined): Matrix | undefined => {
    const columns = predictions.map(pick);
    const n = columns[0]?.rows ?? 0;
    if (columns.some((column) => column === undefined)) return undefined;
    const out = createMatrix(n, columns.length);
    for (const [t, column] of columns.entries()) {
      for (let i = 0; i < n; i++) out.data[i * columns.length + t] = column?.data[i] as number; // i < n
    }
    return out;
  };
  const first = predictions[0] as Prediction; // at least one target
  const distribution: PredictiveDistribution = {
    cdf: (row, target, value) => distributionOf(predictions, target).cdf(row, 0, value),
    quantile: (row, target, p) => distributionOf(predictions, target).quantile(row, 0, p),
  };
  return {
    kind: "regression",
    mean: join(({ mean }) => mean) as Matrix, // always there
    std: join(({ std }) => std),
    lower: join(({ lower }) => lower),
    upper: join(({ upper }) => upper),
    level: first.level,
    uncertainty: first.uncertainty,
    distribution,
  };
}

function distributionOf(predictions: readonly Prediction[], target: number): PredictiveDistribution {
  const distribution = predictions[target]?.distribution;
  if (distribution === undefined) {
    throw new RangeError(`distribution: target ${target} of a prediction of ${predictions.length}`);
  }
  return distribution;
}

/** Reads what {@link createMultiTaskModel} wrote. */
export const reader: ModelReader = {
  types: [TYPE],
  async read(data: unknown): Promise<MultiTaskModel> {
    const { state } = openStored(data, TYPE, VERSION);
    const { process, targets, correlation, report } = state;
    const isWhole =
      Array.isArray(targets) &&
      targets.length >= 1 &&
      Array.isArray(correlation) &&
      correlation.length === targets.length ** 2 &&
      correlation.every((value) => typeof value === "number");
    if (!isWhole) throw new FormatError("model: targets or correlations are missing; the file is damaged, train again");
    return createMultiTaskModel({
      targets: (targets as readonly StoredTarget[]).map((stored) => readForwardModel(withProcess(stored, process))),
      correlation: createMatrix(targets.length, targets.length, Float64Array.from(correlation)),
      report: (report ?? null) as Json,
    });
  },
};

function withProcess(stored: StoredTarget, process: unknown): unknown {
  return { ...stored, state: { ...stored.state, predictor: { ...stored.state?.predictor, process } } };
}
