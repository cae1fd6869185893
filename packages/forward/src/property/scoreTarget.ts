import {
  createRandom,
  type Regressor,
  type RunContext,
  type Table,
  type Targets,
  takeTableRows,
} from "@materiome/core";
import type { TableEncoder } from "@materiome/core/features";
import { type ErrorIncrease, errorIncrease } from "../explain/errorIncrease.ts";
import { type CrossValidation, validateFolds } from "../validation/crossValidate.ts";
import { type FoldRows, fitFolds } from "../validation/fitFold.ts";
import type { Splitter } from "../validation/splitter.ts";
import { takeTargets } from "../validation/takeTargets.ts";
import { fitInTurns, type KeptSearch } from "./fitInTurns.ts";
import { createFoldDomains, type FoldDomains } from "./foldDomains.ts";

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
  /** Input columns whose importance is wanted, those that go along with each other together. */
  readonly inputs: readonly (readonly string[])[];
  /** Also asks of each row held out whether the fold's training rows know such rows, and predicts by the nearest. */
  readonly describe: boolean;
  /** In place of the learner, where it has to keep to a time. */
  readonly kept?: KeptSearch | undefined;
  readonly run: RunContext;
}

export interface ScoredTarget {
  readonly validation: CrossValidation;
  /** Falling. */
  readonly importances: readonly (ErrorIncrease & { readonly columns: readonly string[] })[];
  /** Of the first repeat; undefined where it was not asked for. */
  readonly domain: FoldDomains | undefined;
}

/** Cross-validates featurizer and learner together: both see the training rows of a fold only. */
export async function scoreTarget(
  { table, targets }: TargetRows,
  learner: Regressor,
  fitFeatures: (rows: Table, run: RunContext) => Promise<TableEncoder>,
  options: ScoreTargetOptions,
): Promise<ScoredTarget> {
  const { splitter, repeats, level, inputs, describe, kept, run } = options;
  const y = targets.values.data;
  const errors: number[] = [];
  const groups: number[] = [];
  const shuffled = inputs.map(() => ({ absolute: [] as number[], square: [] as number[] }));
  const domains = describe ? createFoldDomains(y.length) : undefined;
  const given = { nRows: y.length, target: y, groups: targets.groups };
  const validation = await validateFolds(given, splitter, run, { repeats, level }, async (folds) => {
    const rows: FoldRows[] = [];
    for (const { train, test, repeat, key } of folds) {
      const trainTable = takeTableRows(table, train);
      const encoder = await fitFeatures(trainTable, { ...run, random: createRandom(key).fork("features") });
      const testTable = takeTableRows(table, test);
      const [known, encoded] = [encoder.encode(trainTable), encoder.encode(testTable)];
      if (repeat === 0) {
        domains?.add({ encoder, train, test, known, encoded, groups: targets.groups, trainTable, testTable });
      }
      const sets = inputs.map((columns) =>
        Array.from(encoder.outputs.keys()).filter((f) =>
          encoder.outputs[f]?.source.some((column) => columns.includes(column)),
        ),
      );
      rows.push({
        train: known,
        targets: takeTargets(targets, train),
        test: encoded,
        key,
        level,
        neighbour: describe,
        // The first repeat scores every row once, which is enough for importances.
        permute: repeat === 0 && inputs.length > 0 ? sets : undefined,
        actual: takeNumbers(y, test),
      });
    }
    const results = kept === undefined ? await fitFolds(learner, rows, run) : await fitInTurns(kept, rows, run);
    for (const [at, result] of results.entries()) {
      const test = folds[at]?.test;
      if (result.shuffled === undefined || test === undefined) continue;
      errors.push(...Array.from(test, (row, i) => (result.predicted[i] as number) - (y[row] as number))); // one per test row
      groups.push(...Array.from(test, (row) => targets.groups?.[row] ?? row));
      for (const [s, set] of result.shuffled.entries()) {
        shuffled[s]?.absolute.push(...set.absolute);
        shuffled[s]?.square.push(...set.square);
      }
    }
    return results;
  });
  const importances = inputs
    .map((columns, s) => {
      const { absolute = [], square = [] } = shuffled[s] ?? {};
      const increase = errorIncrease(
        Float64Array.from(errors),
        { absolute: Float64Array.from(absolute), square: Float64Array.from(square) },
        Int32Array.from(groups),
      );
      return { columns, ...increase };
    })
    .sort((a, b) => b.maeIncrease - a.maeIncrease);
  return { validation, importances, domain: domains };
}

function takeNumbers(values: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (i) => values[i] as number); // rows of the same table
}
