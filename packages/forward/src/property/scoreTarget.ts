import {
  createRandom,
  type Regressor,
  type RunContext,
  type Table,
  type Targets,
  takeTableRows,
} from "@materiome/core";
import type { TableEncoder } from "@materiome/core/features";
import { type CrossValidation, validateFolds } from "../validation/crossValidate.ts";
import { type FoldResult, type FoldRows, fitFolds } from "../validation/fitFold.ts";
import type { Splitter } from "../validation/splitter.ts";
import { takeTargets } from "../validation/takeTargets.ts";

/** Rows of a table where one target is measured. */
export interface TargetRows {
  /** Where they stand in the table they were taken from. */
  readonly rows: Int32Array;
  readonly table: Table;
  readonly targets: Targets;
}

export interface ScoreTargetOptions {
  readonly splitter: Splitter;
  readonly repeats: number;
  readonly level: number;
  /** Input columns whose importance is wanted. */
  readonly inputs: readonly string[];
  readonly run: RunContext;
}

export interface ScoredTarget {
  readonly validation: CrossValidation;
  /** Falling. */
  readonly importances: readonly { readonly column: string; readonly maeIncrease: number }[];
}

/** Cross-validates featurizer and learner together: both see the training rows of a fold only. */
export async function scoreTarget(
  { table, targets }: TargetRows,
  learner: Regressor,
  fitFeatures: (rows: Table, run: RunContext) => Promise<TableEncoder>,
  options: ScoreTargetOptions,
): Promise<ScoredTarget> {
  const { splitter, repeats, level, inputs, run } = options;
  const y = targets.values.data;
  const increase = new Float64Array(inputs.length);
  const given = { nRows: y.length, target: y, groups: targets.groups };
  const validation = await validateFolds(given, splitter, run, { repeats, level }, async (folds) => {
    const rows: FoldRows[] = [];
    for (const { train, test, repeat, key } of folds) {
      const trainTable = takeTableRows(table, train);
      const encoder = await fitFeatures(trainTable, { ...run, random: createRandom(key).fork("features") });
      const encoded = encoder.encode(takeTableRows(table, test));
      const sets = inputs.map((column) =>
        Array.from(encoder.outputs.keys()).filter((f) => encoder.outputs[f]?.source.includes(column)),
      );
      rows.push({
        train: encoder.encode(trainTable),
        targets: takeTargets(targets, train),
        test: encoded,
        key,
        level,
        // The first repeat scores every row once, which is enough for importances.
        permute: repeat === 0 && inputs.length > 0 ? sets : undefined,
        actual: takeNumbers(y, test),
      });
    }
    const results = await fitFolds(learner, rows, run);
    for (const [at, result] of results.entries()) addIncrease(increase, result, rows[at]?.actual);
    return results;
  });
  const importances = inputs
    .map((column, k) => ({ column, maeIncrease: (increase[k] ?? 0) / y.length }))
    .sort((a, b) => b.maeIncrease - a.maeIncrease);
  return { validation, importances };
}

/** Adds by how much the absolute errors of the fold grew with each input permuted. */
function addIncrease(increase: Float64Array, result: FoldResult, actual: Float64Array | undefined): void {
  if (actual === undefined || result.permutedErrors === undefined) return;
  let errors = 0;
  for (const [i, y] of actual.entries()) errors += Math.abs(y - (result.predicted[i] as number)); // one per test row
  for (const [k, permuted] of result.permutedErrors.entries()) {
    increase[k] = (increase[k] as number) + permuted - errors; // one per input
  }
}

function takeNumbers(values: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (i) => values[i] as number); // rows of the same table
}
