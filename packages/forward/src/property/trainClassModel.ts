import {
  type Classes,
  type ClassPrediction,
  columnTexts,
  createMatrix,
  createRandom,
  deriveGroups,
  type FeatureMatrix,
  type Json,
  type Matrix,
  type Random,
  type RunContext,
  resolveColumn,
  selectColumns,
  type Table,
  takeTableRows,
} from "@materiome/core";
import { createNeighbourSearch } from "@materiome/core/numerics";
import { countClassTrials } from "../auto/countClassTrials.ts";
import { correlatedInputs } from "../explain/correlatedInputs.ts";
import { standardErrorOfMean } from "../explain/errorIncrease.ts";
import { againstPrior, applyBlend, fitBlend } from "../learner/classBlend.ts";
import type { ClassificationModel } from "../learner/classificationModel.ts";
import type { Classifier } from "../learner/classifier.ts";
import { calibrateClassSets, classSets } from "../uncertainty/classSets.ts";
import { standardiseFeatures } from "../validation/standardise.ts";
import { stratifiedGroupKFold, stratifiedKFold } from "../validation/stratifiedKFold.ts";
import { type ClassModelName, classLearnerByName } from "./classLearnerByName.ts";
import type { PropertyClassMetrics } from "./classMetrics.ts";
import { createPropertyClassModel, type PropertyClassModel } from "./classModel.ts";
import { fitDomain } from "./domain.ts";
import { createFoldDomains, type HeldOutDomain } from "./foldDomains.ts";
import { countSplitGroups, findLeakage } from "./leakage.ts";
import { rareClasses } from "./rareClasses.ts";
import { scoreClasses, weakClassWarnings } from "./scoreClasses.ts";
import { checkSearch, givenLimits, keepBudget, keptLimits, type SearchBudget } from "./searchBudget.ts";
import {
  type FeatureOptions,
  featureFitter,
  inputNames,
  measuredRows,
  numbersOrNone,
  trainingColumns,
} from "./trainingTable.ts";

export interface TrainClassModelOptions extends FeatureOptions {
  /** Column of classes, by name or header. */
  readonly target: string;
  /** Group columns. @defaultValue those of role group, else rows of one composition */
  readonly groups?: readonly string[] | undefined;
  /** @defaultValue 10, or the number of rows or groups where there are fewer */
  readonly folds?: number | undefined;
  /** @defaultValue "auto" */
  readonly model?: ClassModelName | undefined;
  /** Candidates that each search of `auto` tries. @defaultValue all */
  readonly trials?: number | undefined;
  /** Time for the whole training, instead of `trials`, as `trainPropertyModel` takes it. @defaultValue none */
  readonly budget?: SearchBudget | undefined;
  /** Rows (groups, where there are groups) that a class must have; classes with fewer are left out and listed. @defaultValue 2, and classes with fewer are an error */
  readonly leastClass?: number | undefined;
  /** Level of the prediction sets that are scored. @defaultValue 0.9 */
  readonly level?: number | undefined;
  /** Passed on to the metrics. */
  readonly seed?: number | string | undefined;
  readonly dataSha256?: string | undefined;
  readonly versions?: { readonly [name: string]: string } | undefined;
}

/** Held-out probabilities, and what the training rows of its fold say of each row. Rows count from 0 in the given table. */
export interface OutOfFoldClasses extends HeldOutDomain {
  readonly rows: Int32Array;
  readonly codes: Int32Array;
  readonly labels: readonly string[];
  /** [n, nClasses] */
  readonly probabilities: Matrix;
  /** Classes of the prediction set of each row. */
  readonly sets: readonly (readonly number[])[];
  readonly fold: Int32Array;
}

/** Growth of the Brier score when input columns take the values of random training rows. */
export interface ClassInputImportance {
  readonly columns: readonly string[];
  readonly brierIncrease: number;
  readonly brierStandardError: number;
}

export interface TrainedClassModel {
  readonly model: PropertyClassModel;
  readonly metrics: PropertyClassMetrics;
  readonly outOfFold: OutOfFoldClasses;
  /** Falling. */
  readonly importances: readonly ClassInputImportance[];
  /** What the learner says about itself (for `auto`: what was tried and chosen). */
  readonly report: Json;
}

const CORRELATED = 0.8;
const SHUFFLES = 3;

/**
 * Trains a model of classes on a table and says how good it is: the counterpart of `trainPropertyModel` for a column of text.
 *
 * Folds hold out whole groups and have nearly the same share of each class. Probabilities are mixed with the shares of the classes, by
 * as much as lowers the log loss of the other folds; prediction sets are calibrated, for probabilities set against the shares of the classes learnt from, class by class on held-out rows, and scored on folds
 * that did not calibrate them. Everything learnt is learnt inside the fold, also what stands in the gaps of rows that lack inputs.
 *
 * @throws DataError for a class with one row or one group (`leastClass` leaves such classes out), fewer than two classes, no
 * inputs
 * @example
 * const { model, metrics } = await trainClassModel(table, { target: "Phase" }, { random: createRandom(1) });
 */
export async function trainClassModel(
  table: Table,
  options: TrainClassModelOptions,
  run: RunContext,
): Promise<TrainedClassModel> {
  const { model: name = "auto", level = 0.9, budget } = options;
  checkSearch({ model: name, trials: options.trials, budget });
  const began = budget?.began ?? budget?.now() ?? 0;
  const column = resolveColumn(table, options.target);
  const target = { name: column.name, unit: "" };
  const measured = measuredRows(table, [target]);
  const measuredTable = takeTableRows(table, measured.rows);
  const rare = rareClasses(
    measuredTable,
    target.name,
    deriveGroups(measuredTable, { columns: options.groups }),
    options.leastClass,
  );
  const keptRows = rare.kept.map((i) => measured.rows[i] as number); // rows of the measured
  const kept = takeTableRows(table, keptRows);
  const grouping = deriveGroups(kept, { columns: options.groups });
  const isGrouped = grouping.kind !== "none";
  const texts = columnTexts(kept.column(target.name)) as readonly string[]; // all present
  const labels = [...new Set(texts)].sort();
  const codes = Int32Array.from(texts, (text) => labels.indexOf(text));
  const { inputs, empty } = inputNames(table, kept, [target], options);
  const fitFeatures = featureFitter(inputs, [target.name], options, () => undefined);
  const encoder = await fitFeatures(kept, { ...run, random: run.random.fork("features") });
  const x = encoder.encode(kept);
  const hasGaps = x.data.some(Number.isNaN);
  const learnerOf = (trials: number | undefined): Classifier =>
    classLearnerByName(name, { trials, hasGaps, blend: false }); // mixed below, by outer folds
  const nUnits = isGrouped ? grouping.nGroups : kept.nRows;
  const folds = options.folds ?? Math.min(10, nUnits);
  const groups = isGrouped ? grouping.codes : undefined;
  const splitter = isGrouped
    ? stratifiedGroupKFold(folds, { by: "classes" })
    : stratifiedKFold(folds, { by: "classes" });
  const fold = splitter.assign(kept.nRows, groups, run.random.fork("split"), codes);
  const together = correlatedInputs(
    inputs.map((input) => ({ values: numbersOrNone(kept.column(input)) })),
    Int32Array.from({ length: kept.nRows }, (_, i) => i),
    CORRELATED,
  ).map((group) => group.map((c) => inputs[c] as string)); // indices of inputs

  const k = labels.length;
  const raw = createMatrix(kept.nRows, k);
  const frequencies = createMatrix(kept.nRows, k);
  const neighbour = createMatrix(kept.nRows, k);
  const domains = createFoldDomains(kept.nRows);
  const growth = together.map(() => new Float64Array(kept.nRows));
  const yOf = (rows: Int32Array): Classes => ({
    kind: "classification",
    codes: rows.map((i) => codes[i] as number), // rows of kept, here and below
    labels,
    groups: groups === undefined ? undefined : rows.map((i) => groups[i] as number),
  });
  const all = Int32Array.from({ length: kept.nRows }, (_, i) => i);
  // Fold by fold, each search on all threads.
  const turn = 1 / Math.max(1, run.threads ?? 1);
  const within =
    budget === undefined
      ? undefined
      : await keepBudget({
          ...{ budget, began, threads: Math.max(1, run.threads ?? 1) },
          turns: turn * (folds + 1),
          curveTurns: 0,
          count: (given) =>
            countClassTrials(x, yOf(all), {}, { ...given, run: { ...run, random: run.random.fork("budget") } }),
        });
  const search = <T>(stage: string, work: (trials: number | undefined) => Promise<T>): Promise<T> =>
    within === undefined ? work(options.trials) : within.keeper.spend(stage, { turns: turn, searches: 1 }, work);
  // Before the scores, so that where time is short these are cut, not the model.
  let finalTrials = options.trials;
  const final = await search("model", (trials) => {
    finalTrials = trials;
    const random = run.random.fork("final");
    return learnerOf(trials).fit(x, yOf(all), { ...run, random, onProgress: undefined });
  });
  run.onProgress?.({ stage: "train", done: 1, total: folds + 1 });
  for (let f = 0; f < folds; f++) {
    run.signal?.throwIfAborted();
    const test = Int32Array.from(fold.keys()).filter((i) => fold[i] === f);
    const train = Int32Array.from(fold.keys()).filter((i) => fold[i] !== f);
    const random = createRandom(run.random.fork("fold").fork(f).key);
    const [trainTable, testTable] = [takeTableRows(kept, train), takeTableRows(kept, test)];
    const quiet = { ...run, onProgress: undefined };
    const own = await fitFeatures(trainTable, { ...quiet, random: random.fork("features") });
    const [known, encoded] = [own.encode(trainTable), own.encode(testTable)];
    domains.add({ encoder: own, train, test, known, encoded, groups, trainTable, testTable });
    const y = yOf(train);
    const model = await search("folds", (trials) => learnerOf(trials).fit(known, y, { ...quiet, random }));
    const { probabilities } = model.predictSync(encoded);
    place(probabilities, test, raw);
    place(nearestClasses(known, encoded, y), test, neighbour);
    place(shares(y, test.length), test, frequencies);
    for (const [s, columns] of together.entries()) {
      const features = Array.from(own.outputs.keys()).filter((o) =>
        own.outputs[o]?.source.some((source) => columns.includes(source)),
      );
      const draw = random.fork("permute").fork(s);
      const more = brierGrowth(model, known, encoded, probabilities, yOf(test).codes, features, draw);
      for (const [r, i] of test.entries()) (growth[s] as Float64Array)[i] = more[r] as number; // one per test row
    }
    run.onProgress?.({ stage: "train", done: f + 2, total: folds + 1 });
  }
  const blended = createMatrix(kept.nRows, k);
  const relative = createMatrix(kept.nRows, k);
  const outside = (f: number): Int32Array => all.filter((i) => fold[i] !== f);
  for (let f = 0; f < folds; f++) {
    const blend = fitBlend(raw, codes, outside(f));
    const mixed = applyBlend(blend, raw);
    const set = againstPrior(blend, mixed); // shares of the classes in the rows that the fold's model learnt from
    for (const i of all) {
      if (fold[i] !== f) continue;
      copyRow(mixed, i, blended);
      copyRow(set, i, relative);
    }
  }
  const setsAt: number[][] = [];
  for (let f = 0; f < folds; f++) {
    const found = classSets(calibrateClassSets(relative, codes, groups, outside(f)), relative, level);
    for (const i of all) if (fold[i] === f) setsAt[i] = found[i] as number[]; // one per row
  }
  const scores = scoreClasses({
    name: target.name,
    labels,
    codes,
    blended,
    frequencies,
    neighbour,
    sets: setsAt,
    level,
    groups,
    inDomain: domains.inDomain,
    random: run.random.fork("bootstrap"),
  });
  const calibrated = calibrateClassSets(relative, codes, groups, all, true);
  const leakage = findLeakage(kept, { inputs, empty }, grouping, countSplitGroups(groups, fold), [], [], []);
  const at = keptRows;
  return {
    model: createPropertyClassModel({
      encoder,
      target,
      model: final,
      labels,
      blend: fitBlend(raw, codes, all),
      sets: calibrated,
      training: selectColumns(kept, trainingColumns(kept, inputs, [target], grouping)),
      domain: fitDomain(x, grouping.codes),
    }),
    metrics: {
      kind: "classification",
      targets: [scores],
      nFeatures: x.columns,
      splitter: {
        kind: isGrouped ? "stratifiedGroupKFold" : "stratifiedKFold",
        groupColumns: grouping.columns,
        derived: grouping.kind === "derived",
        nGroups: grouping.nGroups,
        folds,
        repeats: 1,
        reason: grouping.reason,
      },
      leakage: {
        ...leakage,
        warnings: [...weakClassWarnings(scores, grouping, calibrated.nUnits), ...leakage.warnings],
      },
      dropped: [...measured.dropped, ...rare.dropped],
      search:
        within !== undefined && budget !== undefined
          ? keptLimits(within.limits, within.keeper, { trials: finalTrials as number, began, now: budget.now }) // of the final fit
          : options.trials === undefined
            ? null
            : givenLimits(options.trials),
      seed: options.seed ?? run.random.key,
      dataSha256: options.dataSha256 ?? null,
      versions: options.versions ?? {},
    },
    outOfFold: {
      rows: at,
      codes,
      labels,
      probabilities: blended,
      sets: setsAt,
      fold,
      inDomain: domains.inDomain,
      domainScore: domains.domainScore,
      domainReasons: domains.domainReasons,
      neighbours: domains.neighbours.map((i) => (i < 0 ? i : (at[i] as number))), // a row of kept
    },
    importances: together
      .map((columns, s) => {
        const own = growth[s] as Float64Array; // one per set
        return {
          columns,
          brierIncrease: own.reduce((sum, value) => sum + value, 0) / own.length,
          brierStandardError: standardErrorOfMean(own, groups),
        };
      })
      .sort((a, b) => b.brierIncrease - a.brierIncrease),
    report: (final as { readonly report?: Json }).report ?? null,
  };
}

function place(from: Matrix, rows: Int32Array, to: Matrix): void {
  const k = from.columns;
  for (const [r, i] of rows.entries()) to.data.set(from.data.subarray(r * k, (r + 1) * k), i * k);
}

function copyRow(from: Matrix, i: number, to: Matrix): void {
  to.data.set(from.data.subarray(i * from.columns, (i + 1) * from.columns), i * from.columns);
}

function shares({ codes, labels }: Classes, n: number): Matrix {
  const own = labels.map((_, c) => codes.filter((code) => code === c).length / codes.length);
  return createMatrix(
    n,
    labels.length,
    Float64Array.from({ length: n * labels.length }, (_, at) => own[at % own.length] ?? 0),
  );
}

/** The class of the nearest training row, with probability 1. */
function nearestClasses(known: FeatureMatrix, asked: FeatureMatrix, { codes, labels }: Classes): Matrix {
  const scale = standardiseFeatures(known);
  const { rows } = createNeighbourSearch(scale(known))(scale(asked), 1);
  const out = createMatrix(asked.rows, labels.length);
  for (const [i, near] of rows.entries()) out.data[i * labels.length + (codes[near] as number)] = 1; // a training row
  return out;
}

function brierGrowth(
  model: ClassificationModel,
  known: FeatureMatrix,
  asked: FeatureMatrix,
  probabilities: Matrix,
  codes: Int32Array,
  features: readonly number[],
  random: Random,
): Float64Array {
  const before = brierOf(probabilities, codes);
  const growth = new Float64Array(asked.rows);
  for (let shuffle = 0; shuffle < SHUFFLES; shuffle++) {
    const draw = random.fork(shuffle);
    const data = asked.data.slice();
    for (let i = 0; i < asked.rows; i++) {
      const from = draw.int(known.rows) * known.columns;
      for (const f of features) data[i * asked.columns + f] = known.data[from + f] as number; // f < columns
    }
    const after: ClassPrediction = model.predictSync({ ...asked, data });
    const worse = brierOf(after.probabilities, codes);
    for (let i = 0; i < growth.length; i++) {
      growth[i] = (growth[i] as number) + ((worse[i] as number) - (before[i] as number)) / SHUFFLES;
    }
  }
  return growth;
}

function brierOf({ columns, data }: Matrix, codes: Int32Array): Float64Array {
  return Float64Array.from(codes, (code, i) => {
    let sum = 0;
    for (let c = 0; c < columns; c++) sum += ((data[i * columns + c] as number) - (c === code ? 1 : 0)) ** 2; // c < columns
    return sum;
  });
}
