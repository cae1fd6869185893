/**
 * Matbench v0.1 regression from composition: the official folds, and fresh partitions where one is noise.
 * From the repository root, with MATERIOME_DATA set:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/matbench.ts --task steels
 *
 * Options: --task steels|expt_gap (default steels), --model NAME (default auto), --partitions N (fresh partitions beside the
 * official one, default 0), --fresh-only (without the official one, for settings that are only tried), --features A,B (of the model,
 * instead of the task's), --epochs N and --nets N (of nets, fewer than their defaults), --only A,B (these of the
 * official folds, counted from 1, where five take too long), --alone (without extra trees), --threads N (default 2), --json. The model of expt_gap gets the features of bonding beside fractions
 * and Magpie, and `auto` and nets compare and learn by the absolute error there, by which it is scored. Features and learner are fitted to the training rows of a fold
 * alone. Extra trees on atomic fractions, 300 trees, run on the same folds.
 */
import { parseArgs } from "node:util";
import {
  closeWorkers,
  createRandom,
  type Prediction,
  type Regressor,
  readTableFile,
  type Targets,
  takeTableRows,
} from "@materiome/core";
import { type FormulaFeatures, tableFeaturizer } from "@materiome/core/features";
import { findDatasetFile, matbenchFolds } from "@materiome/datasets";
import {
  type AutoCriterion,
  correctedResampledT,
  createElementAttention,
  createMlpEnsemble,
  createRandomForest,
  kFold,
  learnerByName,
  MODEL_NAMES,
  type ModelName,
} from "@materiome/forward";
import { mean, median } from "./averages.ts";
import { report } from "./commandLine.ts";
import { provenance } from "./provenance.ts";

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    task: { type: "string", default: "steels" },
    model: { type: "string", default: "auto" },
    partitions: { type: "string", default: "0" },
    "fresh-only": { type: "boolean", default: false },
    features: { type: "string" },
    epochs: { type: "string" },
    nets: { type: "string" },
    only: { type: "string", default: "1,2,3,4,5" },
    alone: { type: "boolean", default: false },
    threads: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
  },
});
interface Task {
  readonly set: string;
  readonly file: string;
  readonly unit: string;
  /** Features of the model. @defaultValue those of `tableFeaturizer` */
  readonly features?: readonly FormulaFeatures[];
  /** What `auto` compares by. @defaultValue "squared" */
  readonly criterion?: AutoCriterion;
}
const TASKS: Readonly<Record<string, Task>> = {
  steels: { set: "matbench-steels", file: "matbench-steels.csv", unit: "MPa" },
  expt_gap: {
    set: "matbench-expt-gap",
    file: "matbench-expt-gap.csv",
    unit: "eV",
    features: ["fractions", "magpie", "bonding"],
    criterion: "absolute",
  },
};
const task = TASKS[options.task];
const modelName = MODEL_NAMES.find((name) => name === options.model);
if (task === undefined || modelName === undefined) {
  throw new Error(`--task is one of ${Object.keys(TASKS).join(", ")}; --model one of ${MODEL_NAMES.join(", ")}`);
}
const model: ModelName = modelName;
const seed = Number(options.seed);
const run = { threads: Number(options.threads) };
const table = await readTableFile(await findDatasetFile(task.set, task.file));
const target = table.number("target").values;

interface Contender {
  readonly name: string;
  readonly features: readonly FormulaFeatures[] | undefined;
  readonly learner: Regressor;
}
const CONTENDERS: readonly Contender[] = [
  {
    name: model,
    features: options.features?.split(",") ?? task.features,
    learner: modelOf(task),
  },
  {
    name: "extra trees on atomic fractions",
    features: ["fractions"],
    learner: createRandomForest({ nTrees: 300, splitter: "random" }),
  },
];

/** The learner by its name, or its nets with fewer of them or of their epochs. */
function modelOf({ criterion }: Task): Regressor {
  const count = (value: string | undefined): number | undefined => (value === undefined ? undefined : Number(value));
  const fewer = { epochs: count(options.epochs), nMembers: count(options.nets) };
  if (fewer.epochs === undefined && fewer.nMembers === undefined) return learnerByName(model, 0.9, { criterion });
  if (model === "element-attention") return createElementAttention({ ...fewer, loss: criterion });
  if (model !== "mlp") throw new Error("--epochs and --nets are of --model mlp and element-attention");
  return createMlpEnsemble({ ...fewer, loss: criterion });
}

interface FoldScore {
  readonly mae: number;
  readonly rmse: number;
  /** Share of the rows inside their 90 % interval, and the mean width of it. */
  readonly coverage90: number;
  readonly width90: number;
  readonly report: unknown;
}

async function scoreFold(contender: Contender, test: Int32Array, key: string): Promise<FoldScore> {
  const held = new Set(test);
  const train = Int32Array.from(target.keys()).filter((i) => !held.has(i));
  const random = createRandom(key);
  const rows = takeTableRows(table, train);
  const encoder = await tableFeaturizer({
    inputs: ["formula"],
    targets: ["target"],
    ...(contender.features === undefined ? {} : { features: contender.features }),
  }).fit(rows, { ...run, random: random.fork("features") });
  const fitted = await contender.learner.fit(encoder.encode(rows), targetsOf(train), {
    ...run,
    random: random.fork("learner"),
  });
  const prediction = await fitted.predict(encoder.encode(takeTableRows(table, test)), run);
  return { ...scoresOf(prediction, test), report: (fitted as { readonly report?: unknown }).report ?? null };
}

function targetsOf(rows: Int32Array): Targets {
  const data = Float64Array.from(rows, (i) => target[i] ?? Number.NaN);
  return { kind: "regression", values: { data, rows: rows.length, columns: 1 }, units: [task?.unit ?? ""] };
}

function scoresOf({ mean: predicted, lower, upper }: Prediction, test: Int32Array): Omit<FoldScore, "report"> {
  const errors = Array.from(test, (row, i) => (predicted.data[i] ?? Number.NaN) - (target[row] ?? Number.NaN));
  const inside = Array.from(test, (row, i) => {
    const y = target[row] ?? Number.NaN;
    return y >= (lower?.data[i] ?? Number.NaN) && y <= (upper?.data[i] ?? Number.NaN) ? 1 : 0;
  });
  return {
    mae: mean(errors.map(Math.abs)),
    rmse: Math.sqrt(mean(errors.map((e) => e * e))),
    coverage90: mean(inside),
    width90: mean(Array.from(test, (_, i) => (upper?.data[i] ?? Number.NaN) - (lower?.data[i] ?? Number.NaN))),
  };
}

/** Dummy of Matbench: the mean of the training rows; and their median. */
function baseline(folds: readonly Int32Array[], average: (values: readonly number[]) => number): number {
  const all = Array.from(target.keys());
  return mean(
    folds.map((test) => {
      const held = new Set(test);
      const guess = average(all.filter((i) => !held.has(i)).map((i) => target[i] ?? Number.NaN));
      return mean(Array.from(test, (i) => Math.abs((target[i] ?? Number.NaN) - guess)));
    }),
  );
}

async function scorePartition(name: string, all: readonly Int32Array[], which: readonly number[] = [...all.keys()]) {
  const scores: { name: string; mae: number; rmse: number; coverage90: number; width90: number; perFold: number[] }[] =
    [];
  let reports: unknown[] = [];
  const folds = which.map((k) => all[k] as Int32Array); // some of them
  for (const contender of options.alone ? CONTENDERS.slice(0, 1) : CONTENDERS) {
    const perFold: FoldScore[] = [];
    for (const k of which) {
      const test = all[k] as Int32Array; // one of them
      process.stderr.write(`\r${name}: ${contender.name}, fold ${k + 1} of ${all.length}          `);
      perFold.push(await scoreFold(contender, test, `${seed} ${name} ${k}`));
    }
    if (contender === CONTENDERS[0]) reports = perFold.map((fold) => fold.report);
    scores.push({
      name: contender.name,
      mae: mean(perFold.map((s) => s.mae)),
      rmse: mean(perFold.map((s) => s.rmse)),
      coverage90: mean(perFold.map((s) => s.coverage90)),
      width90: mean(perFold.map((s) => s.width90)),
      perFold: perFold.map((s) => s.mae),
    });
  }
  return { name, scores, meanBaselineMae: baseline(folds, mean), medianBaselineMae: baseline(folds, median), reports };
}

function randomFolds(partition: number): Int32Array[] {
  const fold = kFold(5).assign(target.length, undefined, createRandom(`${seed} partition ${partition}`));
  return [0, 1, 2, 3, 4].map((k) => Int32Array.from(fold.keys()).filter((i) => fold[i] === k));
}

const only = options.only.split(",").map((k) => Number(k) - 1);
if (only.some((k) => !(k >= 0 && k < 5 && Number.isInteger(k)))) throw new Error("--only: folds from 1 to 5, as 1,3");
const started = performance.now();
const official = options["fresh-only"] ? null : await scorePartition("official", matbenchFolds(table.nRows), only);
const fresh: Awaited<ReturnType<typeof scorePartition>>[] = [];
for (let p = 1; p <= Number(options.partitions); p++) fresh.push(await scorePartition(`fresh ${p}`, randomFolds(p)));
process.stderr.write("\n");
await closeWorkers();

/** Mean difference of the MAE per fold, ours less the baseline's, with its corrected 95 % interval. */
function pairedDifference() {
  const differences = fresh.flatMap(({ scores: [ours, theirs] }) =>
    (ours?.perFold ?? []).map((mae, k) => mae - (theirs?.perFold[k] ?? Number.NaN)),
  );
  if (differences.length < 10) return null;
  const { difference, interval } = correctedResampledT(differences, 1 / 4);
  const theirs = mean(fresh.map(({ scores }) => scores[1]?.mae ?? Number.NaN));
  const [low, high] = interval;
  const pct = (value: number): number => (100 * value) / theirs;
  return { mean: difference, low, high, relativePct: pct(difference), lowPct: pct(low), highPct: pct(high) };
}

const average = (of: (s: { mae: number; coverage90: number }) => number, at: number): number =>
  mean(fresh.map(({ scores }) => (scores[at] === undefined ? Number.NaN : of(scores[at]))));
const result = {
  suite: "matbench",
  case: options.task,
  metric: `MAE (${task.unit}), mean over the folds`,
  model,
  features: options.features ?? null,
  epochs: options.epochs ?? null,
  nets: options.nets ?? null,
  only: options.only,
  official,
  fresh:
    fresh.length === 0
      ? null
      : {
          partitions: fresh.length,
          mae: average((s) => s.mae, 0),
          extraTreesMae: average((s) => s.mae, 1),
          coverage90: average((s) => s.coverage90, 0),
          difference: pairedDifference(),
          perPartition: fresh.map(({ scores }) => scores.map((s) => s.mae)),
        },
  seconds: (performance.now() - started) / 1000,
  seed,
  ...provenance({}),
};
report(result, () => {
  console.log(`${options.task}: ${result.metric}`);
  for (const s of official?.scores ?? []) {
    console.log(
      `  official  ${s.name.padEnd(34)} ${s.mae.toFixed(3)}  RMSE ${s.rmse.toFixed(3)}  90 % interval holds ${(100 * s.coverage90).toFixed(1)} %`,
    );
  }
  if (official !== null) {
    const { meanBaselineMae, medianBaselineMae } = official;
    console.log(`  always the mean ${meanBaselineMae.toFixed(3)}, the median ${medianBaselineMae.toFixed(3)}`);
  }
  if (result.fresh !== null) {
    const { difference } = result.fresh;
    console.log(
      `  ${result.fresh.partitions} fresh partitions: ${result.fresh.mae.toFixed(3)} against ${result.fresh.extraTreesMae.toFixed(3)}; ${difference === null ? "" : `${difference.relativePct.toFixed(1)} % (${difference.lowPct.toFixed(1)} … ${difference.highPct.toFixed(1)} %)`}`,
    );
  }
});
