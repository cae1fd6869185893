import {
  type FeatureMatrix,
  IncompatibleError,
  type Json,
  type Learner,
  type LearnerCapability,
  type RunContext,
  type Targets,
} from "@materiome/core";
import { checkTraining, type TrainingSet } from "./checkTraining.ts";
import type { CheckOption } from "./classifier.ts";
import type { ForwardModel } from "./regressionModel.ts";
import { storedSettings } from "./storedSettings.ts";

/** A learner of one target, as all of this package are. */
export type ForwardLearner = Learner<FeatureMatrix, Targets, ForwardModel>;

export interface RegressorParts<S extends { readonly [key: string]: Json | undefined }> {
  /** Stands at the head of messages: "elastic net". */
  readonly name: string;
  /** Of the stored learner. */
  readonly type: string;
  readonly module: string;
  readonly settings: S;
  readonly fit: (settings: S, rows: TrainingSet, run: RunContext) => Promise<ForwardModel> | ForwardModel;
}

/** A learner that takes neither weights nor missing values: checks what it is given and stores its settings. */
export function createRegressor<S extends { readonly [key: string]: Json | undefined }>(
  parts: RegressorParts<S>,
): ForwardLearner {
  const { name, type, module, settings } = parts;
  const supports: ReadonlySet<LearnerCapability> = new Set();
  return {
    supports,
    module,
    async fit(x, y, run) {
      run.signal?.throwIfAborted();
      if (y.weights !== undefined) {
        throw new IncompatibleError(`${name}: weights are not used by this learner; leave them out or use a forest`);
      }
      return parts.fit(settings, checkTraining(name, x, y, false), run);
    },
    toJSON: () => ({ type, version: 1, params: storedSettings(settings), state: null }),
  };
}

/** Some of the training rows. */
export function takeTraining(rows: TrainingSet, kept: Int32Array, x: FeatureMatrix): TrainingSet {
  const groups = kept.map((i) => rows.groups[i] as number); // rows of the same set
  return {
    ...rows,
    x,
    y: Float64Array.from(kept, (i) => rows.y[i] as number),
    weights: rows.weights === undefined ? undefined : Float64Array.from(kept, (i) => rows.weights?.[i] as number),
    groups,
    nGroups: new Set(groups).size,
  };
}

/** Checks the options `folds` and `level`. */
export function checkFoldsAndLevel(check: CheckOption, folds: number, level: number): void {
  check("folds", folds, Number.isInteger(folds) && folds >= 2, "a whole number of at least 2");
  check("level", level, level > 0 && level < 1, "between 0 and 1");
}
