import {
  createRandom,
  type FeatureMatrix,
  type Learner,
  type Prediction,
  readTableFile,
  type Targets,
  takeTableRows,
} from "@materiome/core";
import { tableFeaturizer } from "@materiome/core/features";
import { findDatasetFile } from "@materiome/datasets";
import { type ForwardModel, groupKFold, kFold } from "@materiome/forward";
import { mean } from "./averages.ts";
import { groupsOf, measuredRows, TABLE_SETS, type TableSet } from "./tableSets.ts";

export interface TableFoldsOptions {
  /** Folds, of whole groups where the set has any. */
  readonly folds: number;
  readonly seed: number;
  readonly threads: number;
  /** One of the folds, counted from 1; 0: all. */
  readonly only?: number | undefined;
}

/** Training rows of one fold, and how a learner does on its other rows. */
export interface TableFold {
  readonly x: FeatureMatrix;
  readonly y: Targets;
  /** Fits to the training rows and predicts the others; `key` beside seed and fold decides what is drawn. */
  score(learner: Learner<FeatureMatrix, Targets, ForwardModel>, key?: string): Promise<FoldScore>;
}

export interface FoldScore {
  readonly mae: number;
  readonly rmse: number;
  /** Of the processor, for the fit. */
  readonly seconds: number;
  readonly report: unknown;
}

/** @throws Error for a set that there is not */
export function tableSet(name: string): TableSet {
  const set = TABLE_SETS[name];
  if (set === undefined) throw new Error(`--set ${name}: expected ${Object.keys(TABLE_SETS).join(", ")}`);
  return set;
}

/** The folds of a set; features are learned from the training rows of each. */
export async function* tableFolds(
  set: TableSet,
  { folds, seed, threads, only = 0 }: TableFoldsOptions,
): AsyncGenerator<TableFold> {
  const table = measuredRows(await readTableFile(await findDatasetFile(set.dataset, set.file)), set);
  const target = table.number(set.target).values;
  const groups = groupsOf(table, set.groups);
  const isGrouped = set.groups.length > 0;
  const splitter = isGrouped ? groupKFold(folds) : kFold(folds);
  const fold = splitter.assign(table.nRows, groups, createRandom(`${seed} folds`));
  const rowsWhere = (isWanted: (k: number) => boolean): Int32Array =>
    Int32Array.from({ length: table.nRows }, (_, i) => i).filter((i) => isWanted(fold[i] as number)); // i < rows
  for (let k = 0; k < folds; k++) {
    if (only > 0 && k + 1 !== only) continue;
    const [train, test] = [rowsWhere((of) => of !== k), rowsWhere((of) => of === k)];
    const known = takeTableRows(table, train);
    const encoder = await tableFeaturizer({
      inputs: set.inputs,
      targets: [set.target],
      unknownCategory: "other",
      ...(set.features === undefined ? {} : { features: set.features }),
    }).fit(known, { random: createRandom(`${seed} features ${k}`), threads });
    const [x, unseen] = [encoder.encode(known), encoder.encode(takeTableRows(table, test))];
    const y: Targets = {
      kind: "regression",
      values: { data: Float64Array.from(train, (i) => target[i] as number), rows: train.length, columns: 1 }, // rows of the table
      units: [set.unit],
      groups: isGrouped ? Int32Array.from(train, (i) => groups[i] as number) : undefined,
    };
    yield {
      x,
      y,
      async score(learner, key = "learner") {
        const begun = process.cpuUsage().user;
        const model = await learner.fit(x, y, { random: createRandom(`${seed} ${key} ${k}`), threads });
        const seconds = (process.cpuUsage().user - begun) / 1e6;
        const { mean: predicted }: Prediction = await model.predict(unseen, { threads });
        const errors = Array.from(test, (i, r) => (predicted.data[r] as number) - (target[i] as number)); // rows of both
        const rmse = Math.sqrt(mean(errors.map((error) => error * error)));
        return { mae: mean(errors.map(Math.abs)), rmse, seconds, report: model.report };
      },
    };
  }
}
