import {
  type Classes,
  type ClassPrediction,
  createMatrix,
  createRandom,
  DataError,
  DomainError,
  type FeatureMatrix,
  type Learner,
  type Matrix,
  type Model,
  type RunContext,
  takeRows,
} from "@materiome/core";
import { createNeighbourSearch } from "@materiome/core/numerics";
import { type ClassificationMetrics, classificationMetrics } from "./classificationMetrics.ts";
import { clusterBootstrap } from "./clusterBootstrap.ts";
import type { HeldOutFold } from "./crossValidate.ts";
import type { HoldOut, Splitter } from "./splitter.ts";
import { standardiseFeatures } from "./standardise.ts";

/** Anything that learns classes and gives their probabilities. */
export type ClassLearner = Learner<FeatureMatrix, Classes, Model<FeatureMatrix, ClassPrediction>>;

export interface ClassValidation {
  /** Over all held-out rows of all repeats. */
  readonly metrics: ClassificationMetrics;
  /** 95 % bootstrap interval of the accuracy, whole groups drawn. */
  readonly accuracyCi: readonly [number, number];
  readonly baselines: {
    /** The shares of the classes among the training rows, so that the most frequent one is called. */
    readonly frequencies: ClassificationMetrics;
    /** The class of the nearest training row, with probability 1. */
    readonly neighbour: ClassificationMetrics;
  };
  /** Held-out rows in the order of the folds. */
  readonly row: Int32Array;
  /** Of those rows, [n, nClasses]. */
  readonly probabilities: Matrix;
  readonly folds: readonly HeldOutFold[];
  readonly remarks: readonly string[];
}

/**
 * Cross-validates a learner of classes: every row held out gets its class probabilities from a model that did not see it.
 *
 * @throws DataError for fewer than two classes; DomainError for fewer than one repeat; what splitter and learner throw
 * @example
 * const splitter = stratifiedKFold(5, { by: "classes" });
 * const { metrics } = await crossValidateClassifier(createRandomForestClassifier(), x, y, splitter, { random: createRandom(1) });
 */
export async function crossValidateClassifier(
  learner: ClassLearner,
  x: FeatureMatrix,
  y: Classes,
  splitter: Splitter,
  run: RunContext,
  options: { readonly repeats?: number | undefined } = {},
): Promise<ClassValidation> {
  const { repeats = 1 } = options;
  if (!(Number.isInteger(repeats) && repeats >= 1)) {
    throw new DomainError(`crossValidateClassifier: repeats must be a whole number of at least 1, got ${repeats}`);
  }
  if (new Set(y.codes).size < 2) {
    throw new DataError("crossValidateClassifier: all rows are of one class; there is nothing to learn");
  }
  const plans = Array.from({ length: repeats }, (_, r) =>
    splitter.plan(
      { nRows: x.rows, x, groups: y.groups, target: y.codes },
      run.random.fork("repeat").fork(r).fork("split"),
    ),
  );
  const k = y.labels.length;
  const rows: number[] = [];
  const folds: HeldOutFold[] = [];
  const parts = { model: [] as number[], frequencies: [] as number[], neighbour: [] as number[] };
  const total = plans.reduce((sum, plan) => sum + plan.holdOuts.length, 0);
  let nDone = 0;
  for (const { holdOuts } of plans) {
    let most = -1;
    for (const [f, holdOut] of holdOuts.entries()) {
      run.signal?.throwIfAborted();
      const { train, test } = holdOut;
      const trained = takeClasses(y, train);
      const random = createRandom(run.random.fork("fold").fork(folds.length).key);
      const quiet = { ...run, onProgress: undefined };
      const model = await learner.fit(takeRows(x, train), trained, { ...quiet, random });
      const { probabilities } = await model.predict(takeRows(x, test), quiet);
      for (const p of probabilities.data) parts.model.push(p);
      addBaselines(parts, x, holdOut, trained);
      rows.push(...test);
      most = Math.max(most, holdOut.repeat);
      const { heldOut } = holdOut;
      folds.push({ repeat: nDone + holdOut.repeat, fold: f, nTrain: train.length, nTest: test.length, heldOut });
      run.onProgress?.({ stage: "folds", done: folds.length, total });
    }
    nDone += most + 1;
  }
  const row = Int32Array.from(rows);
  const codes = row.map((i) => y.codes[i] as number); // a row of y
  const matrix = (values: readonly number[]): Matrix => createMatrix(row.length, k, Float64Array.from(values));
  const probabilities = matrix(parts.model);
  const right = Float64Array.from(codes, (code, i) => {
    const own = probabilities.data.subarray(i * k, (i + 1) * k);
    return own.indexOf(own.reduce((largest, p) => Math.max(largest, p), 0)) === code ? 1 : 0;
  });
  return {
    metrics: classificationMetrics(probabilities, codes, y.labels),
    accuracyCi: clusterBootstrap([right], (sums, count) => (sums[0] as number) / count, {
      groups: row.map((i) => y.groups?.[i] ?? i),
      random: run.random.fork("bootstrap"),
    }),
    baselines: {
      frequencies: classificationMetrics(matrix(parts.frequencies), codes, y.labels),
      neighbour: classificationMetrics(matrix(parts.neighbour), codes, y.labels),
    },
    row,
    probabilities,
    folds,
    remarks: [...new Set(plans.flatMap(({ remarks }) => remarks))],
  };
}

function takeClasses(y: Classes, rows: Int32Array): Classes {
  const { weights, groups } = y;
  return {
    kind: "classification",
    codes: rows.map((i) => y.codes[i] as number), // rows of one table, here and below
    labels: y.labels,
    weights: weights === undefined ? undefined : Float64Array.from(rows, (i) => weights[i] as number),
    groups: groups === undefined ? undefined : rows.map((i) => groups[i] as number),
  };
}

function addBaselines(
  parts: { readonly frequencies: number[]; readonly neighbour: number[] },
  x: FeatureMatrix,
  { train, test }: HoldOut,
  trained: Classes,
): void {
  const shares = trained.labels.map((_, c) => trained.codes.filter((code) => code === c).length / train.length);
  const known = takeRows(x, train);
  const scale = standardiseFeatures(known);
  const nearest = createNeighbourSearch(scale(known))(scale(takeRows(x, test)), 1).rows;
  for (const at of nearest) {
    parts.frequencies.push(...shares);
    parts.neighbour.push(...shares.map((_, c) => (trained.codes[at] === c ? 1 : 0)));
  }
}
